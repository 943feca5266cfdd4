/** Builds the dashboard when its sources are newer than its last build, told by a digest over their content. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { acquireHomeLock } from '@microtome/store/embedded/home-lock';

export const WEB_DIR = fileURLToPath(new URL('../../../web', import.meta.url));
const STAMP = join(WEB_DIR, '.next', 'source-digest');
/** The folder that a build leaves as it is. */
const LOCK = join(WEB_DIR, '.next', 'cache', 'build.lock');
const LOOK_INTERVAL_MS = 500;
const SKIPPED_DIRS = new Set(['node_modules', '.next']);

/** Makes sure that `.next` is the build of the sources as they are. Returns whether it had to build. */
export async function buildWebWhenStale(options: { logFile: string; onStart(): void }): Promise<boolean> {
  const digest = await digestSources();
  if (await isBuilt(digest)) return false;
  const lock = await takeTurn();
  try {
    if (await isBuilt(digest)) return false;
    options.onStart();
    await runNextBuild(options.logFile);
    await writeFile(STAMP, digest);
    return true;
  } finally {
    await lock.release();
  }
}

async function isBuilt(digest: string): Promise<boolean> {
  return (await readFile(STAMP, 'utf8').catch(() => null)) === digest;
}

/** Two builds at once would write over each other: the second waits, and then mostly finds what it wants. */
async function takeTurn(): Promise<{ release(): Promise<void> }> {
  await mkdir(dirname(LOCK), { recursive: true });
  for (;;) {
    try {
      return await acquireHomeLock({ lockPath: LOCK, homeDir: WEB_DIR });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'CONFLICT')) throw error;
      await delay(LOOK_INTERVAL_MS);
    }
  }
}

async function digestSources(): Promise<string> {
  const hash = createHash('sha256');
  const names = (await readdir(WEB_DIR, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(WEB_DIR, join(entry.parentPath, entry.name)))
    .filter(
      (name) => !name.split('/').some((part) => SKIPPED_DIRS.has(part)) && !name.endsWith('.tsbuildinfo'),
    )
    .filter((name) => name !== 'next-env.d.ts')
    .sort();
  for (const name of names) hash.update(`${name}\0`).update(await readFile(join(WEB_DIR, name)));
  return hash.digest('hex');
}

async function runNextBuild(logFile: string): Promise<void> {
  await mkdir(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  await once(log, 'open');
  // From the dashboard's own place: Next.js is its dependency.
  const next = createRequire(join(WEB_DIR, 'package.json')).resolve('next/dist/bin/next');
  try {
    for (const step of [[next, 'build'], ['compress-build.ts']]) {
      const child = spawn(process.execPath, step, { cwd: WEB_DIR, stdio: ['ignore', log, log] });
      const [code] = await once(child, 'exit');
      if (code !== 0)
        throw new AppError('INTERNAL', `The dashboard could not be built (status ${code}). See ${logFile}.`);
    }
  } finally {
    log.end();
  }
}
