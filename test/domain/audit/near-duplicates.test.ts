/** Copies that share no byte are found, and nothing else is. */
import { existsSync } from 'node:fs';
import { findNearDuplicates, type SearchRequest } from '@microtome/domain/audit/near-duplicates';
import { createRandom } from '@microtome/domain/seeded-random';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { COPY_KINDS, createTissue, plantCopy, toJpeg } from '../../fixtures/planted-copies.ts';
import { REAL_PATCHES, readRealPatches } from '../../fixtures/real-patches.ts';

const PATCH_SIZE_PX = 50;

function search(patches: Uint8Array[], request: Partial<SearchRequest> = {}) {
  return findNearDuplicates({
    patchCount: patches.length,
    patchSizePx: PATCH_SIZE_PX,
    readPatch: (index) => patches[index] ?? new Uint8Array(),
    ...request,
  });
}

function pairsOf({ pairs }: ReturnType<typeof search>): [number, number][] {
  return pairs.map(({ first, second }) => [first, second]);
}

test('planted copies of every kind are found, and nothing else is', async () => {
  const clean = await Promise.all(Array.from({ length: 60 }, (_, seed) => createTissue(seed)));
  expect(search(clean)).toEqual({ pairs: [], emptyPatches: 0, isComplete: true });
  const random = createRandom(1);
  const copies: Uint8Array[] = [];
  const planted: [number, number][] = [];
  for (const kind of COPY_KINDS) {
    for (let copy = 0; copy < 8; copy++) {
      // Every original once at most, so that two copies are not each other's.
      const original = planted.length % clean.length;
      if (copies.length >= clean.length) break;
      planted.push([original, clean.length + copies.length]);
      copies.push(await plantCopy(clean[original]!, { kind, random, other: clean[(original + 7) % 60]! }));
    }
  }
  expect(pairsOf(search([...clean, ...copies]))).toEqual(planted);
  const without = search([...clean, ...copies], { mayPair: (first) => first !== 0 });
  expect(pairsOf(without)).toEqual(planted.slice(1));
});

test('copies are found in patches of other sizes, even and odd', async () => {
  for (const sizePx of [25, 31, 32, 51, 96, 97]) {
    const clean = await Promise.all(
      Array.from({ length: 12 }, (_, seed) => createTissue(seed, { sizePx, blurPx: 1 })),
    );
    const raw = { raw: { width: sizePx, height: sizePx, channels: 3 as const } };
    const turned = await Promise.all(
      clean.map(async (rgb, index) => {
        const picture = sharp(rgb, raw).rotate(90 * (index % 4));
        const copy = index % 2 === 0 ? picture.flop() : picture;
        return new Uint8Array(await copy.removeAlpha().raw().toBuffer());
      }),
    );
    const found = search([...clean, ...turned], { patchSizePx: sizePx });
    expect([sizePx, pairsOf(found)]).toEqual([sizePx, clean.map((_, index) => [index, 12 + index])]);
  }
});

test('glass has no identity, and a shared straight edge does not make patches alike', () => {
  const white = new Uint8Array(PATCH_SIZE_PX ** 2 * 3).fill(250);
  expect(search([white, white])).toEqual({ pairs: [], emptyPatches: 2, isComplete: true });
  const random = createRandom(4);
  const edge = () =>
    Uint8Array.from({ length: PATCH_SIZE_PX ** 2 * 3 }, (_, at) =>
      Math.round((at > 40 * PATCH_SIZE_PX * 3 ? 60 : 235) + 8 * (random.next() + random.next() - 1)),
    );
  expect(search([edge(), edge()]).pairs).toEqual([]);
});

test('pieces of tissue in the same corner are no copies of each other, and a copy of one is', async () => {
  const grounds = await Promise.all([100, 101, 102].map((seed) => createTissue(seed)));
  const pieces = grounds.map((tissue, piece) =>
    tissue.map((level, at) => {
      const [column, row] = [Math.floor(at / 3) % PATCH_SIZE_PX, Math.floor(at / 3 / PATCH_SIZE_PX)];
      const edge = 24 + 3 * Math.sin(column / 3 + 2 * piece);
      return column + row < edge ? Math.max(0, level - 60) : 240;
    }),
  );
  expect(search(pieces).pairs).toEqual([]);
  const copy = await toJpeg(pieces[1]!, 60);
  expect(pairsOf(search([...pieces, copy]))).toEqual([[1, 3]]);
});

test('progress rises to the end, and a search that finds too many ends', async () => {
  const shares: number[] = [];
  const tissue = await createTissue(1);
  const many = new Array<Uint8Array>(1_100).fill(tissue);
  const found = search(many, { onProgress: (share) => shares.push(share) });
  expect(found.isComplete).toBe(false);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect([shares.at(0), shares.length]).toEqual([0, 3]);
});

test.skipIf(!existsSync(REAL_PATCHES))(
  `real tissue (${REAL_PATCHES}): no pair is reported, and 300 planted copies of mixed kinds are all found`,
  async () => {
    const patches = await readRealPatches();
    const clean = search(patches);
    expect(clean.pairs).toEqual([]);
    const random = createRandom(11);
    const copies: Uint8Array[] = [];
    const planted: [number, number][] = [];
    while (copies.length < 300) {
      const original = Math.floor(random.next() * patches.length);
      const other = patches[Math.floor(random.next() * patches.length)]!;
      if (search([patches[original]!]).emptyPatches > 0) continue;
      const kind = COPY_KINDS[copies.length % COPY_KINDS.length]!;
      planted.push([original, patches.length + copies.length]);
      copies.push(await plantCopy(patches[original]!, { kind, random, other }));
    }
    const isCopy = (index: number) => index >= patches.length;
    const found = search([...patches, ...copies], { mayPair: (a, b) => isCopy(a) !== isCopy(b) });
    const byPlace = (a: [number, number], b: [number, number]) => a[0] - b[0] || a[1] - b[1];
    expect(pairsOf(found)).toEqual(planted.sort(byPlace));
  },
  60_000,
);
