/** The small picture of a slide: each box of pixels averaged, every tile read once, and little at a time. */
import { readOverview } from '@microtome/slides/region/read-overview';
import type { Slide } from '@microtome/slides/slide';
import { describe, expect, it } from 'vitest';

const TILE_PX = 256;
const valueAt = (x: number, y: number, colour: number) =>
  (x * 7 + y * 13 + colour * 29 + ((x * y) % 11)) % 256;

/** Levels of a picture that is computed, and the regions that were read from it. */
function makeSlide(sizes: readonly (readonly [number, number])[]) {
  const regions: { level: number; x: number; y: number; width: number; height: number }[] = [];
  const [finest] = sizes;
  const slide = {
    levels: sizes.map(([width, height]) => ({
      ...{ width, height, downsample: finest![0] / width },
      ...{ tileWidth: TILE_PX, tileHeight: TILE_PX },
    })),
    async readRegion(level: number, x: number, y: number, width: number, height: number) {
      regions.push({ level, x, y, width, height });
      const pixels = new Uint8Array(width * height * 3);
      for (let at = 0; at < pixels.length; at += 1) {
        const pixel = Math.floor(at / 3);
        pixels[at] = valueAt(x + (pixel % width), y + Math.floor(pixel / width), at % 3);
      }
      return pixels;
    },
  } as unknown as Slide;
  return { slide, regions };
}

function averageAt([width, height]: readonly [number, number], box: number, [column, row]: [number, number]) {
  const sums = [0, 0, 0];
  let count = 0;
  for (let y = row * box; y < Math.min(height, (row + 1) * box); y += 1) {
    for (let x = column * box; x < Math.min(width, (column + 1) * box); x += 1, count += 1)
      for (let colour = 0; colour < 3; colour += 1) sums[colour]! += valueAt(x, y, colour);
  }
  return sums.map((sum) => Math.round(sum / count));
}

describe('an overview', () => {
  it.each([
    { name: 'of a slide without small levels', sizes: [[9010, 1333]], sideMaxPx: 300, box: 31 },
    {
      name: 'of a level that needs a little less',
      sizes: [
        [9000, 1200],
        [2250, 300],
      ],
      sideMaxPx: 800,
      box: 3,
    },
    { name: 'of a level as it is', sizes: [[1000, 700]], sideMaxPx: 2000, box: 1 },
  ] as const)('$name averages each box, and reads every pixel once', async ({ sizes, sideMaxPx, box }) => {
    const { slide, regions } = makeSlide(sizes);
    const size = sizes.at(-1)!;
    const overview = await readOverview(slide, { sideMaxPx, downsampleMin: 1 });
    const [width, height] = [Math.ceil(size[0] / box), Math.ceil(size[1] / box)];
    expect([overview.width, overview.height, overview.pixels.length]).toEqual([
      width,
      height,
      width * height * 3,
    ]);
    const places: [number, number][] = [
      [0, 0],
      [width - 1, height - 1],
      [width - 1, 0],
      [Math.floor(width / 2), Math.floor(height / 2)],
      // Across the borders of tiles and blocks.
      ...[255, 256, 4095, 4096].map((px): [number, number] => [
        Math.min(width - 1, Math.floor(px / box)),
        Math.min(height - 1, Math.floor(px / box)),
      ]),
    ];
    for (const [column, row] of places) {
      const at = (row * width + column) * 3;
      expect([column, row, ...overview.pixels.subarray(at, at + 3)]).toEqual([
        ...[column, row],
        ...averageAt(size, box, [column, row]),
      ]);
    }
    expect(regions.reduce((sum, region) => sum + region.width * region.height, 0)).toBe(size[0] * size[1]);
    for (const { x, y, width: across, height: down } of regions) {
      expect([x % TILE_PX, y % TILE_PX]).toEqual([0, 0]);
      expect(across * down).toBeLessThanOrEqual(1_048_576);
    }
  });
});
