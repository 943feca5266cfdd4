/**
 * The pixels of patches by their index, out of the packed shards. Patches asked for one after the other come out of
 * large pieces; in shuffled order each is one positioned read, from the page cache once the shards were read through.
 * Edge strips are completed by reflection.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { invariant } from '@microtome/domain/app-error';
import type { ReadPatch } from './batch-assembler.ts';
import { reflectStrip } from './edge-strip.ts';
import type { LocatedPixels, LocatedShard } from './shard-cache.ts';
import type { JobStrip } from './training-job.ts';

const CHANNELS = 3;
/** Of a large piece: it stays in the processor's cache until its last patch was taken. */
const PIECE_BYTES = 2 ** 19;

export type PatchPixels = { read: ReadPatch; close(): void };

type OpenShard = LocatedShard & { file: number };

export function openPatchPixels(pixels: LocatedPixels): PatchPixels {
  const shards: OpenShard[] = pixels.shards
    .toSorted((left, right) => left.firstPatch - right.firstPatch)
    .map((shard) => ({ ...shard, file: openSync(shard.path, 'r') }));
  const strips = new Map(pixels.strips.map((strip) => [strip.index, strip]));
  const readPatch = createPieceReader(pixels.patchSizePx ** 2 * CHANNELS);
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

/** Reads whole patches by their place in a shard; the result is valid until the next read. */
function createPieceReader(patchBytes: number): (shard: OpenShard, place: number) => Uint8Array {
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
  const pixels = new Uint8Array(widthPx * heightPx * CHANNELS);
  readWhole(shard, pixels, byteOffset);
  return reflectStrip({ pixels, widthPx, heightPx }, patchSizePx);
}

function readWhole(shard: OpenShard, target: Uint8Array, position: number): void {
  const bytes = readSync(shard.file, target, 0, target.length, position);
  if (bytes === target.length) return;
  throw new Error(`Shard ${shard.path} ends before byte ${position + target.length}: it is not whole.`);
}
