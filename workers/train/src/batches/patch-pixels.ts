/**
 * The pixels of patches by their index, out of the packed shards. Shards that fit into memory are read whole at their
 * first patch and kept. Of larger data sets, patches asked for one after the other come out of large pieces, and in
 * shuffled order each is one positioned read, from the page cache once the shards were read through. Edge strips are
 * completed by reflection.
 */

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { invariant } from '@microtome/domain/app-error';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import type { JobStrip } from '../protocol/training-job.ts';
import type { ReadPatch } from './batch-assembler.ts';
import { reflectStrip } from './edge-strip.ts';
import type { LocatedPixels, LocatedShard } from './shard-cache.ts';

/** Of a large piece: it stays in the processor's cache until its last patch was taken. */
const PIECE_BYTES = 2 ** 19;

/** Shards are kept up to here, and up to a share of the memory that is free: a read costs more than what is done to a patch. */
const KEPT_BYTES_MAX = 2 ** 29;
const KEPT_SHARE_OF_FREE_MEMORY = 1 / 4;

export type PatchPixels = { read: ReadPatch; close(): void };

type OpenShard = LocatedShard & { file: number; bytes: number };
/** Reads whole patches by their place in a shard; the result is valid until the next read. */
type ReadPlace = (shard: OpenShard, place: number) => Uint8Array;

/** `keptBytesMax` 0 keeps no shard. */
export function openPatchPixels(pixels: LocatedPixels, keptBytesMax = decideKeptBytes()): PatchPixels {
  const shards = pixels.shards.toSorted((left, right) => left.firstPatch - right.firstPatch).map(openShard);
  const strips = new Map(pixels.strips.map((strip) => [strip.index, strip]));
  const patchBytes = pixels.patchSizePx ** 2 * RGB_CHANNELS;
  const isKept = shards.reduce((sum, { bytes }) => sum + bytes, 0) <= keptBytesMax;
  const readPatch = isKept ? createShardReader(patchBytes) : createPieceReader(patchBytes);
  return {
    read(index) {
      const shard = findShard(shards, index);
      const strip = strips.get(index);
      return strip ? readStrip(strip, shard, pixels.patchSizePx) : readPatch(shard, index - shard.firstPatch);
    },
    close() {
      for (const { file } of shards) closeSync(file);
    },
  };
}

function decideKeptBytes(): number {
  return Math.min(KEPT_BYTES_MAX, process.availableMemory() * KEPT_SHARE_OF_FREE_MEMORY);
}

function openShard(shard: LocatedShard): OpenShard {
  const file = openSync(shard.path, 'r');
  return { ...shard, file, bytes: fstatSync(file).size };
}

/** Shards follow one another without gaps, in the order of their patches. */
function findShard(shards: readonly OpenShard[], index: number): OpenShard {
  let low = 0;
  let high = shards.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((shards[middle] as OpenShard).firstPatch <= index) low = middle;
    else high = middle - 1;
  }
  const shard = shards[low];
  invariant(
    shard && index >= shard.firstPatch && index < shard.firstPatch + shard.patchCount,
    `patch ${index} is in a shard`,
  );
  return shard;
}

function createShardReader(patchBytes: number): ReadPlace {
  const kept = new Map<OpenShard, Uint8Array>();
  return (shard, place) => {
    let bytes = kept.get(shard);
    if (!bytes) {
      bytes = new Uint8Array(shard.patchCount * patchBytes);
      readWhole(shard, bytes, 0);
      kept.set(shard, bytes);
    }
    return bytes.subarray(place * patchBytes, (place + 1) * patchBytes);
  };
}

function createPieceReader(patchBytes: number): ReadPlace {
  const patchesMax = Math.max(1, Math.floor(PIECE_BYTES / patchBytes));
  const bytes = new Uint8Array(patchesMax * patchBytes);
  const piece = { shard: null as OpenShard | null, start: 0, end: 0, lastPlace: 0 };
  return (shard, place) => {
    const isThere = shard === piece.shard && place >= piece.start && place < piece.end;
    if (!isThere) {
      const follows = shard === piece.shard && place === piece.lastPlace + 1;
      const count = follows ? Math.min(patchesMax, shard.patchCount - place) : 1;
      piece.shard = null;
      readWhole(shard, bytes.subarray(0, count * patchBytes), place * patchBytes);
      Object.assign(piece, { shard, start: place, end: place + count });
    }
    piece.lastPlace = place;
    const offset = (place - piece.start) * patchBytes;
    return bytes.subarray(offset, offset + patchBytes);
  };
}

function readStrip(strip: JobStrip, shard: OpenShard, patchSizePx: number): Uint8Array {
  const { widthPx, heightPx, byteOffset } = strip;
  const pixels = new Uint8Array(widthPx * heightPx * RGB_CHANNELS);
  readWhole(shard, pixels, byteOffset);
  return reflectStrip({ pixels, widthPx, heightPx }, patchSizePx);
}

function readWhole(shard: OpenShard, target: Uint8Array, position: number): void {
  const bytes = readSync(shard.file, target, 0, target.length, position);
  if (bytes === target.length) return;
  throw new Error(`Shard ${shard.path} ends before byte ${position + target.length}: it is not whole.`);
}
