/** A trainer's memory lies in large pages where the system gives them, and what the user has set is kept. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describeTrainerEnvironment } from '@microtome/train/supervisor/trainer-environment';
import { expect, it } from 'vitest';

const PAGES = '/sys/kernel/mm/transparent_hugepage/enabled';
const ALLOCATED_MB = 64;
/** Native memory as ONNX Runtime asks for it: from malloc, touched by writing. */
const PROGRAM = `
  const numbers = new Float32Array(${ALLOCATED_MB} * 2 ** 18).fill(1);
  const kilobytes = /AnonHugePages: +(\\d+)/.exec(require('node:fs').readFileSync('/proc/self/smaps_rollup', 'utf8'))[1];
  console.log(numbers[0] * kilobytes / 1024);
`;

it.runIf(existsSync(PAGES) && readFileSync(PAGES, 'utf8').includes('[madvise]') && hasGlibc())(
  'most of its memory lies in pages of 2 MB',
  () => {
    const env = describeTrainerEnvironment(process.env);
    const megabytes = Number(execFileSync(process.execPath, ['-e', PROGRAM], { env, encoding: 'utf8' }));
    expect(megabytes).toBeGreaterThan(ALLOCATED_MB / 2);
  },
);

it('keeps what the user has set for the same library', () => {
  expect(describeTrainerEnvironment({ GLIBC_TUNABLES: 'glibc.malloc.arena_max=2' }).GLIBC_TUNABLES).toBe(
    'glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1',
  );
  const refused = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' };
  expect(describeTrainerEnvironment(refused)).toEqual(refused);
});

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const [, minor = 0] = header.glibcVersionRuntime?.split('.').map(Number) ?? [];
  return minor >= 35;
}
