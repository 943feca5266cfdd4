/**
 * Shards as files of this machine: where they lie already, or fetched once from a store that is elsewhere. A fetched
 * shard bears its hash as its name, so it never grows stale and several workers may share it.
 */
import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import type { JobPixels, JobShard } from '../protocol/training-job.ts';

const CACHE_DIR = path.join(os.tmpdir(), 'microtome-shards');

export type LocatedShard = Omit<JobShard, 'artifactHash'> & { path: string };
export type LocatedPixels = Omit<JobPixels, 'artifactUrl' | 'shards'> & { shards: LocatedShard[] };

/** The same pixels with each shard's file on this machine. NOT_FOUND names a shard that is gone. */
export async function locatePixels(pixels: JobPixels, artifacts: ArtifactStore): Promise<LocatedPixels> {
  const { patchSizePx, strips } = pixels;
  const shards: LocatedShard[] = [];
  for (const { artifactHash, ...shard } of pixels.shards) {
    shards.push({ ...shard, path: await locateShard(artifacts, artifactHash) });
  }
  return { patchSizePx, strips, shards };
}

/** The path of the shard's file; fetches the whole shard when the store keeps none here. */
async function locateShard(artifacts: ArtifactStore, hash: string): Promise<string> {
  const local = artifacts.findLocalPath(hash);
  if (local === null) return fetchShard(artifacts, hash);
  if (await artifacts.has(hash)) return local;
  throw new AppError('NOT_FOUND', `Shard ${hash} of the data set is gone from ${artifacts.url}.`);
}

async function fetchShard(artifacts: ArtifactStore, hash: string): Promise<string> {
  const cached = path.join(CACHE_DIR, hash);
  if (await exists(cached)) return cached;
  await mkdir(CACHE_DIR, { recursive: true });
  const unfinished = `${cached}.${randomUUID()}`;
  try {
    await pipeline(await artifacts.open(hash), createWriteStream(unfinished));
    await rename(unfinished, cached);
  } finally {
    await rm(unfinished, { force: true });
  }
  return cached;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
