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

  it('ends in its time, and keeps what it has seen', async () => {
    const told = ['--backend', 'onnx', '--network', 'colour-baseline', '--minutes', '0.4', '--out', out];
    await promisify(execFile)(process.execPath, [SCRIPT, ...told]);
    const report = JSON.parse(await readFile(join(out, 'gpu.json'), 'utf8'));
    expect(report.repetitions).toMatchObject([
      { backend: 'onnx', network: 'colour-baseline', isSameTwice: true, isSameAfterKill: true },
    ]);
    expect(report.leftOut.at(-1)).toMatchObject({ reason: 'the sitting is over' });
    expect(await readFile(join(out, 'gpu.txt'), 'utf8')).toContain('the sitting is over');
  }, 120_000);
});
