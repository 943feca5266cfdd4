/**
 * One process at a time owns the database of a home folder. The lock file says who: process, since when, and (once
 * known) at which address. A lock whose process is gone is taken over.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { AppError, invariant } from '@microtome/domain/app-error';
import { findProcess, isSameProcessAlive, type ProcessIdentity } from './process-identity.ts';

const TAKE_OVER_ATTEMPTS = 10;

type HomeLock = {
  /** Adds the address that the refusal of a second start names. */
  announce(address: string): Promise<void>;
  release(): Promise<void>;
};

type LockContent = ProcessIdentity & { token: string; address: string | null };

/** CONFLICT that names the holder when a living process has the lock. */
export async function acquireHomeLock({
  lockPath,
  homeDir,
}: {
  lockPath: string;
  homeDir: string;
}): Promise<HomeLock> {
  const self = findProcess(process.pid);
  invariant(self, 'this process does not find itself');
  const content: LockContent = { ...self, token: randomUUID(), address: null };
  for (let attempt = 0; attempt < TAKE_OVER_ATTEMPTS; attempt++) {
    if (await createLock(lockPath, content)) return openLock(lockPath, content);
    const holder = await readLock(lockPath);
    if (holder && isSameProcessAlive(holder)) {
      const where = holder.address ? ` at ${holder.address}` : '';
      throw new AppError(
        'CONFLICT',
        `The database in ${homeDir} is in use by process ${holder.pid}${where}. Stop that process first, or set ` +
          'MICROTOME_HOME to another folder.',
        { details: { pid: holder.pid, address: holder.address } },
      );
    }
    await removeStale(lockPath, holder);
  }
  throw new AppError('UNAVAILABLE', `The lock ${lockPath} keeps changing hands. Try again.`);
}

function openLock(lockPath: string, content: LockContent): HomeLock {
  return {
    async announce(address) {
      content.address = address;
      const temporary = `${lockPath}.${content.token}`;
      await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
      await rename(temporary, lockPath);
    },
    async release() {
      if ((await readLock(lockPath))?.token === content.token) await rm(lockPath, { force: true });
    },
  };
}

/** Linking a finished file is atomic and fails when the name is taken, so a lock is never read half-written. */
async function createLock(lockPath: string, content: LockContent): Promise<boolean> {
  const temporary = `${lockPath}.${content.token}`;
  await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
  try {
    await link(temporary, lockPath);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function readLock(lockPath: string): Promise<LockContent | null> {
  try {
    return JSON.parse(await readFile(lockPath, 'utf8')) as LockContent;
  } catch {
    return null;
  }
}

/** Moves the lock aside before removing it: if another process was faster and this is its lock, it is put back. */
async function removeStale(lockPath: string, stale: LockContent | null): Promise<void> {
  const aside = `${lockPath}.${randomUUID()}`;
  try {
    await rename(lockPath, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readLock(aside);
  if (moved && moved.token !== stale?.token) await link(aside, lockPath).catch(() => {});
  await rm(aside, { force: true });
}
