/** The sitting on a GPU, on a backend that needs none: what it does there it does here, but for the figures. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planGpuCases } from './gpu-plan.ts';

const SCRIPT = fileURLToPath(new URL('./gpu.ts', import.meta.url));

describe('a sitting on a GPU', () => {
  let out: string;
  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'microtome-gpu-bench-'));
  });
  afterAll(() => rm(out, { recursive: true, force: true }));

  it('begins with the cases that say most, and has each once', () => {
    const cases = planGpuCases();
    expect(cases[0]).toEqual({ network: 'deep', patchSizePx: 96, batchSize: 256 });
    expect(new Set(cases.map((one) => JSON.stringify(one))).size).toBe(cases.length);
    expect(planGpuCases(['deep'], { patchSizePx: 16, batchSize: 8 })).toEqual([
      { network: 'deep', patchSizePx: 16, batchSize: 8 },
    ]);
  });

  it('sees whether a backend repeats itself, and measures each case', async () => {
    const { repetitions, rows, leftOut } = await sit('--minutes', '8', '--size', '50', '--batch', '64');
    expect(repetitions).toMatchObject([
      { backend: 'onnx', network: 'colour-baseline', isSameTwice: true, isSameAfterKill: true },
    ]);
    expect(rows).toMatchObject([{ network: 'colour-baseline', patchSizePx: 50, batchSize: 64 }]);
    expect(leftOut).toEqual([]);
  }, 240_000);

  it('begins nothing when its time is over, and keeps what it has seen', async () => {
    const { backends, repetitions, rows, leftOut } = await sit('--minutes', '0.01');
    expect(backends).toMatchObject([{ backend: 'onnx' }]);
    expect([...repetitions, ...rows]).toEqual([]);
    expect(leftOut).toMatchObject([{ reason: 'the sitting is over' }, { reason: 'the sitting is over' }]);
    expect(await readFile(join(out, 'gpu.txt'), 'utf8')).toContain('the sitting is over');
  }, 120_000);

  async function sit(
    ...told: string[]
  ): Promise<Record<'backends' | 'repetitions' | 'rows' | 'leftOut', object[]>> {
    const options = ['--backend', 'onnx', '--network', 'colour-baseline', '--out', out, ...told];
    await promisify(execFile)(process.execPath, [SCRIPT, ...options]);
    return JSON.parse(await readFile(join(out, 'gpu.json'), 'utf8'));
  }
});
