/** The disk of the home folder (database, artifacts, logs) is full for a while, or artifacts alone find no room; then there is room again. */
import { spawnSync } from 'node:child_process';
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { waitForDatabase } from '../platform/run-watch.ts';
import { drawBetween, type Fault, hold, NEXT_EPOCH, untilNextEpoch } from './fault.ts';

const CHUNK = Buffer.alloc(4096);
const TOUCH_INTERVAL_MS = 50;

export const diskFaults: Fault[] = [
  {
    subject: 'disk',
    act: 'full for seconds',
    recoveredBy: `${NEXT_EPOCH} (from when there is room)`,
    lastsSeconds: 10,
    whyNot: ({ home }) => (home.isOwnFileSystem ? null : 'a small file system to fill takes root'),
    async inject(target) {
      const { home, lookout } = target.bench;
      const filler = join(home.dir, 'filler');
      const until = performance.now() + drawBetween(target.random, 3_000, 8_000);
      // Whatever is freed meanwhile is filled again.
      for (let part = 0; performance.now() < until; part++) {
        await fill(`${filler}-${part % 2}`, home.dir);
        await hold(TOUCH_INTERVAL_MS);
      }
      for (const part of [0, 1]) await rm(`${filler}-${part}`, { force: true });
      const sinceMs = performance.now();
      await waitForDatabase(lookout, target.signal);
      return { sinceMs, recovered: untilNextEpoch(target) };
    },
  },
  {
    subject: 'quota of the artifacts',
    act: 'used up for seconds',
    recoveredBy: `${NEXT_EPOCH} (from when there is room)`,
    lastsSeconds: 9,
    async inject(target) {
      const { quota } = target.bench;
      await quota.useUp();
      await hold(drawBetween(target.random, 2_000, 6_000));
      await quota.lift();
      return { sinceMs: performance.now(), recovered: untilNextEpoch(target) };
    },
  },
];

/** Large at once, then page by page to the last. */
async function fill(path: string, dir: string): Promise<void> {
  const { bavail, bsize } = await statfs(dir);
  if (bavail > 256) spawnSync('fallocate', ['-l', String((bavail - 128) * bsize), path]);
  const file = await open(path, 'a').catch(() => null);
  try {
    while (file) await file.write(CHUNK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  } finally {
    await file?.close();
  }
}
