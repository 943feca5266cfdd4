/**
 * A backup into a home folder with a database server of its own. It is restored into a folder within and moved to its place
 * when it is whole; the database comes last, because a home without one is empty.
 */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { acquireHomeLock } from '../embedded/home-lock.ts';
import type { BackupManifest } from './backup-manifest.ts';
import { type RestoreRequest, restoreBackup } from './restore-backup.ts';

const STAGING = 'restoring';
const LOCK = 'postgres.lock';
const MOVED_IN_ORDER = ['artifacts', 'postgres-password', 'postgres'];

type HomeRestore = Omit<RestoreRequest, 'databaseUrl' | 'artifactUrl'> & {
  homeDir: string;
  /** Left out: the folder of the home. */
  artifactUrl?: string;
};

/** @throws AppError as restoreBackup; CONFLICT when the home has anything in it */
export async function restoreHome({
  homeDir,
  artifactUrl,
  ...request
}: HomeRestore): Promise<BackupManifest> {
  const home = resolve(homeDir);
  await mkdir(home, { recursive: true });
  const lock = await acquireHomeLock({ lockPath: join(home, LOCK), homeDir: home });
  const staging = join(home, STAGING);
  try {
    await requireEmptyHome(home);
    await rm(staging, { recursive: true, force: true });
    const postgres = await startEmbeddedPostgres({ homeDir: staging });
    const manifest = await restoreBackup({
      ...request,
      databaseUrl: postgres.databaseUrl,
      artifactUrl: artifactUrl ?? `file:${join(staging, 'artifacts')}`,
    }).finally(() => postgres.stop());
    const made = await readdir(staging);
    for (const name of MOVED_IN_ORDER)
      if (made.includes(name)) await rename(join(staging, name), join(home, name));
    return manifest;
  } finally {
    await rm(staging, { recursive: true, force: true });
    await lock.release();
  }
}

async function requireEmptyHome(home: string): Promise<void> {
  const there = (await readdir(home)).filter((name) => name !== STAGING && !name.startsWith(LOCK)).sort();
  if (there.length === 0) return;
  throw new AppError(
    'CONFLICT',
    `${home} is not empty: it has ${there.join(', ')}. Restore into a new folder: MICROTOME_HOME=… npm run restore.`,
  );
}
