import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBoundedLog } from '@microtome/store/log/bounded-log';
import { afterEach, beforeEach, expect, it } from 'vitest';

const MIB = 1024 * 1024;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microtome-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('goes on where an earlier process stopped', async () => {
  const file = join(folder, 'api.log');
  for (const line of ['first\n', 'second\n']) {
    const log = openBoundedLog(file);
    log.write(Buffer.from(line));
    await log.close();
  }
  expect(await readFile(file, 'utf8')).toBe('first\nsecond\n');
});

it('keeps the newest lines of a process that never stops talking, within bounds', async () => {
  const log = openBoundedLog(join(folder, 'api.log'));
  const line = Buffer.from(`${'x'.repeat(MIB - 1)}\n`);
  for (let at = 0; at < 60; at++) log.write(line);
  log.write(Buffer.from('the last line\n'));
  await log.close();
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(28 * MIB);
  expect((await readFile(join(folder, 'api.log'), 'utf8')).endsWith('the last line\n')).toBe(true);
});

it('writes nothing while the disk is nearly full, and says afterwards how many lines are missing', async () => {
  let free = 1024 * MIB;
  let time = 0;
  const file = join(folder, 'api.log');
  const log = openBoundedLog(file, { countFreeBytes: () => free, now: () => time });
  log.write(Buffer.from('before\n'));
  // The clock of this test is faster than the disk: the first stream is done when the next one begins.
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toBe('before\n');
  free = MIB;
  time += 60_000;
  log.write(Buffer.from('one\ntwo\n'));
  log.write(Buffer.from('three\n'));
  free = 1024 * MIB;
  time += 60_000;
  log.write(Buffer.from('after\n'));
  await log.close();
  expect(await readFile(file, 'utf8')).toBe('before\n(3 lines are missing here: the disk was full)\nafter\n');
});

it('does not end its process when the folder is gone', async () => {
  const log = openBoundedLog(join(folder, 'gone', 'api.log'));
  log.write(Buffer.from('nowhere\n'));
  await log.close();
  expect(await readdir(folder)).toEqual([]);
});
