import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { assembleTissue, type PlacedPatch } from '../../../apps/api/src/tissue/tissue-picture.ts';

/** A patch of one colour. */
function paintPatch(
  x: number,
  y: number,
  [red, green, blue]: [number, number, number],
  sidePx = 10,
): PlacedPatch {
  const pixels = Uint8Array.from({ length: sidePx * sidePx * 3 }, (_, n) => [red, green, blue][n % 3]!);
  return { x, y, widthPx: sidePx, heightPx: sidePx, pixels };
}

async function readPixels(png: Buffer) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [
    ...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4),
  ];
  return { info, at };
}

describe('the assembled picture of a slide', () => {
  const patches = [paintPatch(0, 0, [200, 10, 20]), paintPatch(20, 10, [1, 2, 3])];

  it('has each patch in its place, to the pixel, and is transparent where none was cut', async () => {
    const png = await assembleTissue({ slideWidthPx: 30, slideHeightPx: 20, patches, maxSidePx: null });
    const { info, at } = await readPixels(png);
    expect([info.width, info.height, info.channels]).toEqual([30, 20, 4]);
    expect(at(0, 0)).toEqual([200, 10, 20, 255]);
    expect(at(9, 9)).toEqual([200, 10, 20, 255]);
    expect(at(10, 9)[3]).toBe(0);
    expect(at(20, 10)).toEqual([1, 2, 3, 255]);
    expect(at(29, 19)).toEqual([1, 2, 3, 255]);
    expect(at(19, 10)[3]).toBe(0);
  });

  it('is no larger than asked for', async () => {
    const png = await assembleTissue({ slideWidthPx: 30, slideHeightPx: 20, patches, maxSidePx: 15 });
    const { info } = await readPixels(png);
    expect([info.width, info.height]).toEqual([15, 10]);
  });

  it('stays bounded for a slide that is far larger than any picture', async () => {
    const corner = paintPatch(99_990, 59_990, [9, 8, 7]);
    const png = await assembleTissue({
      slideWidthPx: 100_000,
      slideHeightPx: 60_000,
      patches: [corner],
      maxSidePx: null,
    });
    const { width, height } = await sharp(png).metadata();
    expect(Math.max(width, height)).toBeLessThanOrEqual(8192);
    expect(width / height).toBeCloseTo(100 / 60, 2);
  });

  it('of patches that lie very far apart is no larger than a dense slide, and shows them all', async () => {
    const places = [0, 300_000, 999_990];
    const far = places.map((place) => paintPatch(place, place, [9, 8, 7]));
    const png = await assembleTissue({
      slideWidthPx: 1_000_000,
      slideHeightPx: 1_000_000,
      patches: far,
      maxSidePx: null,
    });
    const { info, at } = await readPixels(png);
    expect(info.width * info.height).toBeLessThanOrEqual(2 ** 20);
    const scale = Math.ceil(1_000_000 / info.width);
    for (const place of places) {
      const pixel = Math.floor(place / scale);
      expect(at(pixel, pixel)).toEqual([9, 8, 7, 255]);
    }
  });

  it('shows in each of its pixels the mean of what the patch has there', async () => {
    const pixels = Uint8Array.from({ length: 4 * 4 * 3 }, (_, n) => (Math.floor(n / 3) % 2 === 0 ? 0 : 200));
    const stripes = { x: 0, y: 0, widthPx: 4, heightPx: 4, pixels };
    const png = await assembleTissue({
      slideWidthPx: 40,
      slideHeightPx: 40,
      patches: [stripes],
      maxSidePx: 10,
    });
    const { info, at } = await readPixels(png);
    expect([info.width, info.height]).toEqual([10, 10]);
    for (const channel of at(0, 0).slice(0, 3)) expect(Math.abs(channel - 100)).toBeLessThan(25);
  });
});
