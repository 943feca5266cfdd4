/** A trainer's memory asks for large pages, and what the user has set is kept. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describeTrainerEnvironment } from '@microtome/train/supervisor/trainer-environment';
import { expect, it } from 'vitest';

const PAGES = '/sys/kernel/mm/transparent_hugepage/enabled';
const ALLOCATED_MB = 64;
/** Allocates as ONNX Runtime does, from malloc, and prints how many MB of the process have asked for large pages. */
const PROGRAM = `
  const numbers = new Float32Array(${ALLOCATED_MB} * 2 ** 18);
  const areas = require('node:fs').readFileSync('/proc/self/smaps', 'utf8').split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  const asked = areas.filter((area) => /^VmFlags:.* hg/m.test(area));
  const kilobytes = asked.map((area) => Number(/^Size: +(\\d+)/m.exec(area)[1]));
  console.log(kilobytes.reduce((sum, size) => sum + size, numbers[0]) / 1024);
`;

/** Where Linux gives them on request. Whether it then has them is another matter: it needs memory in one piece. */
it.runIf(givesOnRequest() && hasGlibc())('its memory asks for pages of 2 MB', () => {
  const env = describeTrainerEnvironment(process.env);
  const megabytes = Number(execFileSync(process.execPath, ['-e', PROGRAM], { env, encoding: 'utf8' }));
  expect(megabytes).toBeGreaterThanOrEqual(ALLOCATED_MB);
});

it('keeps what the user has set for the same library', () => {
  expect(describeTrainerEnvironment({ GLIBC_TUNABLES: 'glibc.malloc.arena_max=2' }).GLIBC_TUNABLES).toBe(
    'glibc.malloc.arena_max=2:glibc.malloc.hugetlb=1',
  );
  const refused = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=0' };
  expect(describeTrainerEnvironment(refused)).toEqual(refused);
});

function givesOnRequest(): boolean {
  return existsSync(PAGES) && readFileSync(PAGES, 'utf8').includes('[madvise]');
}

function hasGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const [, minor = 0] = header.glibcVersionRuntime?.split('.').map(Number) ?? [];
  return minor >= 35;
}
