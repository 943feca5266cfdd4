/**
 * Shards as local files: where they are already, or fetched once from a remote store. A fetched
 * shard is named by its hash, so it is never stale and several processes may share it. Each is read through and
 * checked against its hash when it is located: patches are read from it by place afterwards, which no hash covers.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import { diskFull, isDiskFull } from '../disk-fault.ts';
import type { PatchLayout, PatchShard } from './patch-layout.ts';

const SHARED_CACHE_DIR = join(tmpdir(), 'microtome-shards');

export type ShardFile = PatchShard & { path: string };

/** A layout whose shards can be opened: plain data too. */
export type LocatedPatches = Omit<PatchLayout, 'shards'> & { shards: ShardFile[] };

type ShardSource = {
  artifacts: Pick<ArtifactStore, 'findLocalPath' | 'open' | 'verify'>;
  /** Where shards of a remote store are cached; by default a place that all processes of this machine share. */
  cacheDir?: string;
};

/** Fetches shards of a remote store. NOT_FOUND names a missing shard, DAMAGED one with other bytes. */
export async function locatePatches(
  { patchSizePx, shards, strips }: PatchLayout,
  source: ShardSource,
): Promise<LocatedPatches> {
  const files: ShardFile[] = [];
  for (const shard of shards) files.push({ ...shard, path: await findFile(shard.artifactHash, source) });
  return { patchSizePx, shards: files, strips };
}

/** The error for a shard without a file. */
export function missingShard(hash: string): AppError {
  return new AppError('NOT_FOUND', `Shard ${hash} is missing from the artifacts.`);
}

async function findFile(
  hash: string,
  { artifacts, cacheDir = SHARED_CACHE_DIR }: ShardSource,
): Promise<string> {
  const local = artifacts.findLocalPath(hash);
  if (local !== null) {
    if (!(await exists(local))) throw missingShard(hash);
    await artifacts.verify(hash);
    return local;
  }
  const path = join(cacheDir, hash);
  // A damaged copy is fetched again; the store checks what it sends.
  if (!(await exists(path)) || (await hashFile(path)) !== hash) await fetchShard(hash, { artifacts, path });
  return path;
}

/** Renamed when complete, so that an interrupted download is never read. */
async function fetchShard(
  hash: string,
  { artifacts, path }: { artifacts: ShardSource['artifacts']; path: string },
): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await pipeline(await artifacts.open(hash), createWriteStream(unfinished));
    await rename(unfinished, path);
  } catch (error) {
    if (isDiskFull(error)) throw diskFull(dirname(path), `shard ${hash} was not fetched`, error);
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function hashFile(path: string): Promise<string> {
  const hasher = createHash('sha256');
  await pipeline(createReadStream(path), hasher);
  return hasher.digest('hex');
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
