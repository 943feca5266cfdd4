import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRandom, shuffle } from '@microtome/domain/seeded-random';
import { openPatchReader } from '@microtome/store/dataset/patch-reader';
import type { LocatedPatches } from '@microtome/store/dataset/shard-files';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const SIZE_PX = 50;
const BYTES = SIZE_PX ** 2 * 3;
/** The second shard is larger than one piece. */
const SHARDS = [
  { firstPatch: 0, patchCount: 5 },
  { firstPatch: 5, patchCount: 150 },
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'microtome-pixels-'));
  for (const [number, { firstPatch, patchCount }] of SHARDS.entries()) {
    const patches = Array.from({ length: patchCount }, (_, place) => Buffer.alloc(BYTES, firstPatch + place));
    await writeFile(path.join(folder, String(number)), Buffer.concat(patches));
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function locate(): LocatedPatches {
  const shards = SHARDS.map((shard, number) => ({
    ...shard,
    artifactHash: `hash ${number}`,
    path: path.join(folder, String(number)),
  }));
  return { patchSizePx: SIZE_PX, strips: [], shards };
}

function readAll(indexes: readonly number[], keptBytesMax: number): number[][] {
  const reader = openPatchReader(locate(), keptBytesMax);
  const read = indexes.map((index) => [...new Set(reader.read(index))]);
  reader.close();
  return read;
}

describe.each([
  ['that are kept', Number.POSITIVE_INFINITY],
  ['of a dataset too large to be kept', 155 * BYTES - 1],
])('pixels of patches %s', (_kind, keptBytesMax) => {
  const all = Array.from({ length: 155 }, (_, index) => index);

  it.each([
    ['one after the other, over the border of two shards', all],
    ['shuffled', shuffle(all, createRandom(1))],
    ['forth and back', [6, 7, 8, 9, 7, 6, 80, 81, 5, 6, 4, 154, 3, 4, 5, 6, 7]],
  ])('are those of the patch that was asked for: %s', (_name, indexes) => {
    expect(readAll(indexes, keptBytesMax)).toEqual(indexes.map((index) => [index]));
  });

  it('is a sentence when there is no such patch, or its shard is cut short or gone', async () => {
    expect(() => readAll([155], keptBytesMax)).toThrow('There is no patch 155');
    expect(() => readAll([-1], keptBytesMax)).toThrow('There is no patch -1');
    const located = locate();
    const last = { ...located.shards[1]!, path: path.join(folder, 'short') };
    await writeFile(last.path, Buffer.alloc(150 * BYTES - 1));
    const short = openPatchReader({ ...located, shards: [located.shards[0]!, last] }, keptBytesMax);
    expect(() => short.read(154)).toThrow(/short ends before byte 1125000: it is incomplete/);
    short.close();
    const gone = [{ ...last, path: path.join(folder, 'gone') }];
    expect(() => openPatchReader({ ...located, shards: gone }, keptBytesMax)).toThrow(
      'Shard hash 1 is missing',
    );
  });
});
