/**
 * Packed patches for a thread that has nothing else to do: read one by one and at once, from the files in which they
 * lie. Where to find them can be sent between threads; opening them cannot.
 */

import { closeSync, openSync, readSync } from 'node:fs';
import { AppError, invariant } from '@microtome/domain/app-error';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import { rethrowMissingShard } from './shard-reader.ts';

export type PackedPixels = {
  patchSizePx: number;
  /** Number within its data set of each patch that will be read. */
  indexes: Int32Array;
  /** Files of full-size patches, by rising first patch. */
  shards: { path: string; hash: string; firstPatch: number; patchCount: number }[];
};

export type PackedPixelsReader = {
  /** RGB of the patch at a position of `indexes`. The array is used again with the next. */
  read(position: number): Uint8Array;
  close(): void;
};

/** @throws AppError NOT_FOUND when a file is missing */
export function openPackedPixels({ patchSizePx, indexes, shards }: PackedPixels): PackedPixelsReader {
  const files = shards.map(({ path, hash }) => {
    try {
      return openSync(path, 'r');
    } catch (error) {
      return rethrowMissingShard(error, hash);
    }
  });
  const bytes = new Uint8Array(countPixelBytes(patchSizePx));
  let at = 0;
  return {
    read(position) {
      const index = indexes[position] as number;
      const holds = ({ firstPatch, patchCount }: PackedPixels['shards'][number]) =>
        index >= firstPatch && index < firstPatch + patchCount;
      // The next patch is mostly in the same shard.
      let shard = shards[at];
      if (!shard || !holds(shard)) {
        at = shards.findIndex(holds);
        shard = shards[at];
      }
      invariant(shard, `patch ${index} is in no shard`);
      const read = readSync(files[at]!, bytes, 0, bytes.length, (index - shard.firstPatch) * bytes.length);
      if (read !== bytes.length) throw new AppError('INTERNAL', 'A shard is shorter than its data set says.');
      return bytes;
    },
    close() {
      for (const file of files) closeSync(file);
    },
  };
}
