/** Patches as a network takes them: all of one size, edge strips completed by reflection. */
import { openPatchReader, type PatchReader } from '@microtome/store/dataset/patch-reader';
import type { LocatedPatches } from '@microtome/store/dataset/shard-files';
import { reflectStrip } from './edge-strip.ts';

/** Reads the uint8 pixels [size, size, 3] of a patch by its index in the dataset; valid until the next read. */
export type ReadPatch = (index: number) => Uint8Array;

export type WholePatches = Pick<PatchReader, 'close'> & { read: ReadPatch };

/** `keptBytesMax` as `openPatchReader` takes it. */
export function openWholePatches(patches: LocatedPatches, keptBytesMax?: number): WholePatches {
  const { read, close } = openPatchReader(patches, keptBytesMax);
  const strips = new Map(patches.strips.map((strip) => [strip.index, strip]));
  return {
    read(index) {
      const strip = strips.get(index);
      return strip ? reflectStrip({ ...strip, pixels: read(index) }, patches.patchSizePx) : read(index);
    },
    close,
  };
}
