import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { reflectStrip } from '@microtome/train/batches/edge-strip';
import { openWholePatches } from '@microtome/train/batches/whole-patches';
import { describe, expect, it } from 'vitest';

const SIZE_PX = 4;

describe('patches as a network takes them', () => {
  it('have one size: an edge strip is completed, a full-size patch is what it is', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'microtome-whole-'));
    const patch = Uint8Array.from({ length: SIZE_PX * SIZE_PX * 3 }, (_, at) => at);
    const strips = [1, 2].map((seed) =>
      Uint8Array.from({ length: 2 * SIZE_PX * 3 }, (_, at) => 100 * seed + at),
    );
    const place = { firstPatch: 0, patchCount: 1, artifactHash: 'whole', path: path.join(folder, 'whole') };
    const stripPlace = {
      firstPatch: 1,
      patchCount: 2,
      artifactHash: 'strips',
      path: path.join(folder, 'strips'),
    };
    await writeFile(place.path, patch);
    await writeFile(stripPlace.path, Buffer.concat(strips));
    const size = { widthPx: 2, heightPx: SIZE_PX };
    const reader = openWholePatches({
      patchSizePx: SIZE_PX,
      shards: [place, stripPlace],
      strips: [
        { ...size, index: 1, byteOffset: 0 },
        { ...size, index: 2, byteOffset: 2 * SIZE_PX * 3 },
      ],
    });
    expect(reader.read(0)).toEqual(patch);
    for (const [at, pixels] of strips.entries()) {
      expect(reader.read(at + 1)).toEqual(reflectStrip({ ...size, pixels }, SIZE_PX));
    }
    reader.close();
    await rm(folder, { recursive: true });
  });
});
