/**
 * Reads packed patches. A shard that lies on this machine as a file is read in place; one from a remote store is copied
 * to a folder first, once. Reads of consecutive patches come in one piece.
 */

import { randomUUID } from 'node:crypto';
import { createWriteStream, type PathLike } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError, invariant } from '@microtome/domain/app-error';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import type { ArtifactStore } from '../artifacts/artifacts.ts';

/** Of a shard's row: what a reader needs to know. */
export type ShardPlace = { kind: string; firstPatch: number; patchCount: number; artifactHash: string };

export type ShardReader = {
  /** RGB bytes of one full-size patch, row by row. */
  read(index: number): Promise<Uint8Array>;
  /** The same for `count` patches from `firstIndex` on, back to back; across shards too. */
  readRange(firstIndex: number, count: number): Promise<Uint8Array>;
  /** Any patch of which the place within its shard is known: edge strips above all. */
  readAt(place: {
    index: number;
    byteOffset: number;
    widthPx: number;
    heightPx: number;
  }): Promise<Uint8Array>;
  close(): Promise<void>;
};

export type ShardReaderOptions = {
  artifacts: Pick<ArtifactStore, 'findLocalPath' | 'open'>;
  shards: readonly ShardPlace[];
  patchSizePx: number;
  /** Where shards of a remote store are kept; needed for those only. */
  cacheDir?: string;
};

/** Opens shards when they are first read from. */
export function createShardReader({
  artifacts,
  shards,
  patchSizePx,
  cacheDir,
}: ShardReaderOptions): ShardReader {
  const patchBytes = countPixelBytes(patchSizePx);
  const sorted = shards.toSorted((a, b) => a.firstPatch - b.firstPatch);
  const files = new Map<string, Promise<FileHandle>>();
  const openShard = ({ artifactHash }: ShardPlace) => {
    const opening = files.get(artifactHash) ?? openLocal({ artifacts, hash: artifactHash, cacheDir });
    files.set(artifactHash, opening);
    return opening;
  };
  const readRange = async (firstIndex: number, count: number) => {
    const bytes = new Uint8Array(count * patchBytes);
    let done = 0;
    while (done < count) {
      const shard = findShard(sorted, firstIndex + done);
      invariant(shard.kind === 'PATCH', `patch ${firstIndex + done} is an edge strip: read it by its place`);
      const within = firstIndex + done - shard.firstPatch;
      const taken = Math.min(count - done, shard.patchCount - within);
      const part = bytes.subarray(done * patchBytes, (done + taken) * patchBytes);
      await readFully(await openShard(shard), part, within * patchBytes);
      done += taken;
    }
    return bytes;
  };
  return {
    read: (index) => readRange(index, 1),
    readRange,
    async readAt({ index, byteOffset, widthPx, heightPx }) {
      const bytes = new Uint8Array(countPixelBytes(widthPx, heightPx));
      await readFully(await openShard(findShard(sorted, index)), bytes, byteOffset);
      return bytes;
    },
    async close() {
      const opened = await Promise.allSettled(files.values());
      files.clear();
      for (const file of opened) if (file.status === 'fulfilled') await file.value.close();
    },
  };
}

function findShard(sorted: readonly ShardPlace[], index: number): ShardPlace {
  const shard = sorted.findLast(({ firstPatch }) => firstPatch <= index);
  if (!shard || index < 0 || index >= shard.firstPatch + shard.patchCount) {
    throw new AppError('NOT_FOUND', `There is no patch ${index} in this data set.`);
  }
  return shard;
}

async function readFully(file: FileHandle, target: Uint8Array, position: number): Promise<void> {
  let offset = 0;
  while (offset < target.length) {
    const { bytesRead } = await file.read(target, offset, target.length - offset, position + offset);
    if (bytesRead === 0) throw new AppError('INTERNAL', 'A shard is shorter than its data set says.');
    offset += bytesRead;
  }
}

type LocalShard = { artifacts: ShardReaderOptions['artifacts']; hash: string; cacheDir?: string };

async function openLocal(shard: LocalShard): Promise<FileHandle> {
  return open(await findShardFile(shard), 'r').catch((error) => rethrowMissingShard(error, shard.hash));
}

/** Where a shard lies on this machine; one of a remote store is copied into the folder first, once. */
export async function findShardFile({ artifacts, hash, cacheDir }: LocalShard): Promise<string> {
  const path = artifacts.findLocalPath(hash);
  if (path) return path;
  invariant(cacheDir, 'shards of a remote store need a folder to be kept in');
  const cached = join(cacheDir, hash);
  if (!(await exists(cached))) await download({ artifacts, hash, cacheDir }, cached);
  return cached;
}

/** Renamed when whole, so that a cut-off download is never read. */
async function download({ artifacts, hash, cacheDir }: LocalShard, cached: PathLike): Promise<void> {
  await mkdir(cacheDir!, { recursive: true });
  const unfinished = join(cacheDir!, `${hash}.${randomUUID()}`);
  try {
    await pipeline(await artifacts.open(hash), createWriteStream(unfinished));
    await rename(unfinished, cached);
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** @throws AppError NOT_FOUND for a file that is not there, else what was thrown */
export function rethrowMissingShard(error: unknown, hash: string): never {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  throw new AppError('NOT_FOUND', `Shard ${hash} is missing from the artifacts.`, { cause: error });
}
