/** Tiles put together from patches: to the pixel where they are fine, and the mean of what lies below where they are coarse. */
import { createRandom } from '@microtome/domain/seeded-random';
import { TILE_SIDE_PX } from '@microtome/domain/slide/tile-pyramid';
import type { PatchOnSlide } from '@microtome/store/dataset/slide-patches';
import { describe, expect, it } from 'vitest';
import { createTileSource } from '../../../apps/api/src/tissue/pyramid/tile-source.ts';

const SIDE_PX = 50;
const SLIDE = { widthPx: 4600, heightPx: 1210 };

type Painted = PatchOnSlide & { pixels: Uint8Array };

/** Two of three places have a patch; each is of one colour with a dark upper left pixel. */
function paintPatches(): Painted[] {
  const random = createRandom(7);
  const painted: Painted[] = [];
  for (let y = 0; y + SIDE_PX <= SLIDE.heightPx; y += SIDE_PX) {
    for (let x = 0; x + SIDE_PX <= SLIDE.widthPx; x += SIDE_PX) {
      if (random.next() < 1 / 3) continue;
      const colour = [0, 1, 2].map(() => 40 + Math.floor(200 * random.next()));
      const pixels = Uint8Array.from({ length: SIDE_PX ** 2 * 3 }, (_, at) => (at < 3 ? 1 : colour[at % 3]!));
      const place = { x, y, widthPx: SIDE_PX, heightPx: SIDE_PX, byteOffset: 0, pixelHash: new Uint8Array() };
      painted.push({ index: painted.length, ...place, pixels });
    }
  }
  return painted;
}

function openSource(patches: Painted[]) {
  const reads: number[] = [];
  const kept = new Map<string, Uint8Array>();
  const source = createTileSource(
    { ...SLIDE, patches },
    {
      async readPatches(places) {
        reads.push(places.length);
        return places.map(({ index }) => patches[index]!.pixels);
      },
      async remember(name, draw) {
        const found = kept.get(name) ?? (await draw());
        kept.set(name, found);
        return found;
      },
    },
  );
  return { source, reads };
}

/** The whole slide as RGBA. */
function drawWhole(patches: Painted[]): Uint8Array {
  const whole = new Uint8Array(SLIDE.widthPx * SLIDE.heightPx * 4);
  for (const { x, y, pixels } of patches) {
    for (let row = 0; row < SIDE_PX; row++) {
      for (let column = 0; column < SIDE_PX; column++) {
        const target = ((y + row) * SLIDE.widthPx + x + column) * 4;
        const from = (row * SIDE_PX + column) * 3;
        whole.set([...pixels.subarray(from, from + 3), 255], target);
      }
    }
  }
  return whole;
}

describe('the tiles of a slide', () => {
  const patches = paintPatches();
  const whole = drawWhole(patches);

  it('of level 0 are its patches, pixel for pixel, cut where the slide ends', async () => {
    const { source } = openSource(patches);
    for (const [column, row] of [
      [0, 0],
      [3, 1],
      [8, 2],
    ] as const) {
      const tile = await source.drawTile({ level: 0, column, row });
      expect([tile.widthPx, tile.heightPx]).toEqual([
        column === 8 ? 504 : TILE_SIDE_PX,
        row === 2 ? 186 : TILE_SIDE_PX,
      ]);
      for (let y = 0; y < tile.heightPx; y++) {
        const from = ((TILE_SIDE_PX * row + y) * SLIDE.widthPx + TILE_SIDE_PX * column) * 4;
        const line = tile.pixels.subarray(y * tile.widthPx * 4, (y + 1) * tile.widthPx * 4);
        expect(Buffer.compare(line, whole.subarray(from, from + tile.widthPx * 4))).toBe(0);
      }
    }
  });

  it('of coarse levels show the mean of what they stand for, and nothing where there is nothing', async () => {
    const { source } = openSource(patches);
    const tile = await source.drawTile({ level: 4, column: 0, row: 0 });
    expect([tile.widthPx, tile.heightPx]).toEqual([288, 76]);
    for (const [x, y] of [
      [0, 0],
      [70, 30],
      [287, 60],
      [100, 75],
    ] as const) {
      const mean = meanOf(whole, { x: 16 * x, y: 16 * y, side: 16 });
      const pixel = [...tile.pixels.subarray((y * tile.widthPx + x) * 4, (y * tile.widthPx + x) * 4 + 4)];
      if (!mean) expect(pixel).toEqual([0, 0, 0, 0]);
      // Where patches and nothing meet, a mean of means differs a little from the mean.
      else for (const [at, value] of mean.entries()) expect(Math.abs(pixel[at]! - value)).toBeLessThan(40);
    }
    const shown = tile.pixels.filter((_, at) => at % 4 === 3 && tile.pixels[at] === 255).length;
    expect(shown / (tile.widthPx * tile.heightPx)).toBeGreaterThan(0.6);
  });

  it('read each patch about once for the coarsest, and never look where there is none', async () => {
    const alone = patches.slice(0, 1);
    const { source, reads } = openSource(alone);
    await source.drawTile({ level: 4, column: 0, row: 0 });
    expect(reads).toEqual([1]);
    const all = openSource(patches);
    await all.source.drawTile({ level: 4, column: 0, row: 0 });
    const read = all.reads.reduce((sum, count) => sum + count, 0);
    expect(read).toBeLessThan(1.2 * patches.length);
    await all.source.drawTile({ level: 3, column: 0, row: 0 });
    expect(all.reads.reduce((sum, count) => sum + count, 0)).toBe(read);
  });
});

function meanOf(whole: Uint8Array, { x, y, side }: { x: number; y: number; side: number }): number[] | null {
  const sums = [0, 0, 0];
  let count = 0;
  for (let row = y; row < Math.min(y + side, SLIDE.heightPx); row++) {
    for (let column = x; column < Math.min(x + side, SLIDE.widthPx); column++) {
      const at = (row * SLIDE.widthPx + column) * 4;
      if (whole[at + 3] === 0) continue;
      for (const channel of [0, 1, 2]) sums[channel]! += whole[at + channel]!;
      count += 1;
    }
  }
  return count === 0 ? null : sums.map((sum) => sum / count);
}
