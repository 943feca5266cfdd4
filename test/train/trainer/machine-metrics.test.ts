/** What is said about the GPU: its figures where there is one, and nothing where there is none. */
import { expect, it } from 'vitest';
import { parseGpuReading, readGpu } from '../../../workers/train/src/trainer/gpu-reading.ts';
import { createMachineMeter } from '../../../workers/train/src/trainer/machine-metrics.ts';

it('reads memory and use of the first GPU from the driver’s answer', () => {
  expect(parseGpuReading('1024, 87\n512, 3\n')).toEqual({ gpuMemoryBytes: 2 ** 30, gpuUse: 0.87 });
  expect(parseGpuReading('[N/A], [N/A]\n')).toBeNull();
  expect(parseGpuReading('')).toBeNull();
});

it('asks a command that answers, and gets null from one that is absent or fails', async () => {
  expect(await readGpu('/no/such/nvidia-smi')).toBeNull();
  expect(await readGpu('false')).toBeNull();
  // `echo` answers with what it was asked, which is no reading either.
  expect(await readGpu('echo')).toBeNull();
});

it('leaves the GPU out where there is none, and does not ask again', async () => {
  let asked = 0;
  const meter = createMachineMeter(async () => {
    asked++;
    return null;
  });
  meter.watchGpu();
  expect(Object.keys(await meter.read())).toEqual(['residentMemoryBytes', 'tensorsAlive']);
  meter.watchGpu();
  await meter.read();
  expect(asked).toBe(1);
});

it('asks a GPU every epoch, also after one answer was missing', async () => {
  const answers = [{ gpuMemoryBytes: 5, gpuUse: 0.5 }, null, { gpuMemoryBytes: 7, gpuUse: 0.25 }];
  const meter = createMachineMeter(async () => answers.shift() ?? null);
  const seen: (number | undefined)[] = [];
  for (let epoch = 0; epoch < 3; epoch++) {
    meter.watchGpu();
    seen.push((await meter.read()).gpuMemoryBytes);
  }
  expect(seen).toEqual([5, undefined, 7]);
});
