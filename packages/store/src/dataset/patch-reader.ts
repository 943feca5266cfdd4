/**
 * The pixels of patches by index, read synchronously from the files of their shards, for a thread that has nothing else
 * to do. Shards that fit into memory are read whole at their first patch and kept. Of larger datasets, patches asked for
 * in sequence come out of large pieces, and in shuffled order each is one positioned read, from the page cache
 * once the shards were read through.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { AppError } from '@microtome/domain/app-error';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import { findShard, type PatchPlace } from './patch-layout.ts';
import { type LocatedPatches, missingShard, type ShardFile } from './shard-files.ts';

/** Size of a large piece: it fits the processor's cache until its last patch is read. */
const PIECE_BYTES = 2 ** 19;

/** Shards are kept up to this and up to a share of free memory: reading a patch costs more than processing it. */
const KEPT_BYTES_MAX = 2 ** 29;
const KEPT_SHARE_OF_FREE_MEMORY = 1 / 4;

export type PatchReader = {
  /** RGB of a patch, row by row, an edge strip in its own size; valid until the next read. NOT_FOUND when there is none. */
  read(index: number): Uint8Array;
  close(): void;
};

type OpenShard = ShardFile & { file: number; bytes: number };
/** Reads full-size patches by their place in a shard; the result is valid until the next read. */
type ReadPlace = (shard: OpenShard, place: number) => Uint8Array;

/** `keptBytesMax` 0 keeps no shard. */
export function openPatchReader(patches: LocatedPatches, keptBytesMax = decideKeptBytes()): PatchReader {
  const shards = openShards(patches.shards);
  const strips = new Map(patches.strips.map((strip) => [strip.index, strip]));
  const patchBytes = countPixelBytes(patches.patchSizePx);
  const isKept = shards.reduce((sum, { bytes }) => sum + bytes, 0) <= keptBytesMax;
  const readPlace = isKept ? keepShards(patchBytes) : readPieces(patchBytes);
  return {
    read(index) {
      const shard = findShard(shards, index);
      const strip = strips.get(index);
      return strip ? readStrip(shard, strip) : readPlace(shard, index - shard.firstPatch);
    },
    close() {
      for (const { file } of shards) closeSync(file);
    },
  };
}

function decideKeptBytes(): number {
  return Math.min(KEPT_BYTES_MAX, process.availableMemory() * KEPT_SHARE_OF_FREE_MEMORY);
}

/** All of them or none. */
function openShards(files: readonly ShardFile[]): OpenShard[] {
  const opened: OpenShard[] = [];
  try {
    for (const shard of files) {
      const file = openFile(shard);
      opened.push({ ...shard, file, bytes: fstatSync(file).size });
    }
    return opened;
  } catch (error) {
    for (const { file } of opened) closeSync(file);
    throw error;
  }
}

function openFile({ path, artifactHash }: ShardFile): number {
  try {
    return openSync(path, 'r');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? missingShard(artifactHash) : error;
  }
}

function keepShards(patchBytes: number): ReadPlace {
  const kept = new Map<OpenShard, Uint8Array>();
  return (shard, place) => {
    let bytes = kept.get(shard);
    if (!bytes) {
      bytes = new Uint8Array(shard.patchCount * patchBytes);
      readFully(shard, bytes, 0);
      kept.set(shard, bytes);
    }
    return bytes.subarray(place * patchBytes, (place + 1) * patchBytes);
  };
}

function readPieces(patchBytes: number): ReadPlace {
  const patchesMax = Math.max(1, Math.floor(PIECE_BYTES / patchBytes));
  const bytes = new Uint8Array(patchesMax * patchBytes);
  const piece = { shard: null as OpenShard | null, start: 0, end: 0, lastPlace: 0 };
  return (shard, place) => {
    const isThere = shard === piece.shard && place >= piece.start && place < piece.end;
    if (!isThere) {
      const follows = shard === piece.shard && place === piece.lastPlace + 1;
      const count = follows ? Math.min(patchesMax, shard.patchCount - place) : 1;
      piece.shard = null;
      readFully(shard, bytes.subarray(0, count * patchBytes), place * patchBytes);
      Object.assign(piece, { shard, start: place, end: place + count });
    }
    piece.lastPlace = place;
    const offset = (place - piece.start) * patchBytes;
    return bytes.subarray(offset, offset + patchBytes);
  };
}

function readStrip(shard: OpenShard, { widthPx, heightPx, byteOffset }: PatchPlace): Uint8Array {
  const pixels = new Uint8Array(countPixelBytes(widthPx, heightPx));
  readFully(shard, pixels, byteOffset);
  return pixels;
}

function readFully(shard: OpenShard, target: Uint8Array, position: number): void {
  const bytes = readSync(shard.file, target, 0, target.length, position);
  if (bytes === target.length) return;
  throw new AppError(
    'DAMAGED',
    `Shard ${shard.path} ends before byte ${position + target.length}: it is incomplete.`,
  );
}
