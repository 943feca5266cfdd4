/** Regions of slides that the test makes: whole, across tiles, over the edge, many at once, and with every coding. */
import { join } from 'node:path';
import { openSlide } from '@microtome/slides/open-slide';
import sharp, { type TiffOptions } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeTiff, plainTile, rgbFields } from '../make-tiff.ts';
import { seededPicture } from '../seeded-picture.ts';
import { useFolder } from '../slide-inputs.ts';

const folder = useFolder();
const TILED = { tile: true, tileWidth: 256, tileHeight: 256, pyramid: true } as const;

describe('a pyramid of 8,000 x 6,000 px', () => {
  let path = '';
  beforeAll(async () => {
    path = join(folder.path, 'large.tif');
    await seededPicture(8000, 6000, 7)
      .tiff({ ...TILED, compression: 'jpeg', quality: 90, bigtiff: true, xres: 4000, yres: 4000 })
      .toFile(path);
  });

  it('is read back whole, strip by strip, as libvips reads it', async () => {
    const slide = await openSlide(path, { cacheBytes: 16 * 1024 * 1024 });
    expect(slide.levels.map((level) => level.width)).toEqual([8000, 4000, 2000, 1000, 500, 250]);
    expect(slide.micronsPerPixel).toBeCloseTo(0.25, 4);
    for (const [level, { width, height }] of slide.levels.entries()) {
      for (let top = 0; top < height; top += 1500) {
        const rows = Math.min(1500, height - top);
        const strip = await slide.readRegion(level, 0, top, width, rows);
        const expected = await extract(path, { page: level, left: 0, top, width, height: rows });
        expect([level, top, Buffer.compare(strip, expected)]).toEqual([level, top, 0]);
      }
    }
    await slide.close();
  });

  it('gives the same region to many who ask at once, whatever the cache holds', async () => {
    const places = Array.from({ length: 24 }, (_, index) => ({ left: 61 * index, top: 333 + 7 * index }));
    for (const cacheBytes of [1, 64 * 1024 * 1024]) {
      const slide = await openSlide(path, { cacheBytes });
      const regions = await Promise.all(
        places.map(({ left, top }) => slide.readRegion(1, left, top, 300, 200)),
      );
      for (const [index, region] of regions.entries()) {
        const expected = await extract(path, { page: 1, ...places[index]!, width: 300, height: 200 });
        expect([index, Buffer.compare(region, expected)]).toEqual([index, 0]);
      }
      await slide.close();
    }
  });
});

describe('a region', () => {
  const CODINGS: [what: string, options: TiffOptions, picture?: 'grey' | 'alpha'][] = [
    ['JPEG', { compression: 'jpeg', quality: 95 }],
    ['LZW with a predictor', { compression: 'lzw', predictor: 'horizontal' }],
    ['deflate with a predictor', { compression: 'deflate', predictor: 'horizontal' }],
    ['deflate without', { compression: 'deflate', predictor: 'none' }],
    ['no coding', { compression: 'none' }],
    ['no coding in a BigTIFF', { compression: 'none', bigtiff: true }],
    ['grey', { compression: 'deflate' }, 'grey'],
    ['grey JPEG', { compression: 'jpeg' }, 'grey'],
    ['colours with alpha', { compression: 'lzw' }, 'alpha'],
  ];
  it.each(CODINGS)('of tiles kept as %s is what libvips reads', async (what, options, picture) => {
    const path = join(folder.path, `${what}.tif`);
    const colours = seededPicture(700, 500, 3);
    const drawn =
      picture === 'grey' ? colours.greyscale() : picture === 'alpha' ? colours.ensureAlpha(0.4) : colours;
    await drawn.tiff({ ...TILED, tileWidth: 128, tileHeight: 64, ...options }).toFile(path);
    const slide = await openSlide(path);
    expect(slide.levels.length).toBeGreaterThan(2);
    for (const [level, { width, height }] of slide.levels.entries()) {
      const [left, top] = [Math.floor(width / 5), Math.floor(height / 7)];
      const size = { width: width - 2 * left, height: height - top };
      const region = await slide.readRegion(level, left, top, size.width, size.height);
      const expected = await extract(path, { page: level, left, top, ...size });
      // What lies on white is rounded; everything else is the same.
      const off = region.filter(
        (value, index) => Math.abs(value - expected[index]!) > (picture === 'alpha' ? 1 : 0),
      );
      expect([region.length, off.length]).toEqual([expected.length, 0]);
    }
    await slide.close();
  });

  it.each([
    { big: false, order: 'II' as const },
    { big: false, order: 'MM' as const },
    { big: true, order: 'II' as const },
    { big: true, order: 'MM' as const },
  ])('is read in either byte order, from TIFF and BigTIFF (%o)', async (kind) => {
    const tiles = [plainTile([1, 2, 3]), plainTile([4, 5, 6]), plainTile([7, 8, 9]), plainTile([10, 11, 12])];
    const bytes = makeTiff({ ...kind, directories: [{ fields: rgbFields(100, 90), tiles }] });
    const slide = await openSlide(await folder.put('orders.tif', bytes));
    expect([...(await slide.readRegion(0, 63, 63, 2, 2))]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    await slide.close();
  });

  it('of colours in planes of their own is put together', async () => {
    const plane = (value: number) => Buffer.alloc(64 * 64, value);
    const tiles = [plane(10), plane(11), plane(20), plane(21), plane(30), plane(31)];
    const bytes = makeTiff({ directories: [{ fields: rgbFields(100, 64, { 284: 2 }), tiles }] });
    const slide = await openSlide(await folder.put('planes.tif', bytes));
    expect([...(await slide.readRegion(0, 63, 5, 2, 1))]).toEqual([10, 20, 30, 11, 21, 31]);
    await slide.close();
  });

  it('is white beyond the level and where nothing was scanned', async () => {
    const tiles = [plainTile([9, 9, 9]), Buffer.alloc(0)];
    const bytes = makeTiff({ directories: [{ fields: rgbFields(70, 50), tiles }] });
    const slide = await openSlide(await folder.put('sparse.tif', bytes));
    expect([...(await slide.readRegion(0, -1, 0, 2, 1))]).toEqual([255, 255, 255, 9, 9, 9]);
    expect([...(await slide.readRegion(0, 63, 49, 2, 2))]).toEqual([9, 9, 9, ...Array(9).fill(255)]);
    expect(new Set(await slide.readRegion(0, 500, 500, 10, 10))).toEqual(new Set([255]));
    await slide.close();
  });

  it('that cannot be is refused, and so is every one after the slide was closed', async () => {
    const bytes = makeTiff({ directories: [{ fields: rgbFields(64, 64), tiles: [plainTile([9, 9, 9])] }] });
    const slide = await openSlide(await folder.put('asked.tif', bytes));
    await expect(slide.readRegion(1, 0, 0, 1, 1)).rejects.toThrow(
      '"asked.tif" has 1 levels, from 0 on: there is no level 1.',
    );
    await expect(slide.readRegion(0, 0.5, 0, 1, 1)).rejects.toThrow('whole numbers are needed');
    await expect(slide.readRegion(0, 0, 0, 0, 1)).rejects.toThrow('a size of at least 1');
    await expect(slide.readRegion(0, 0, 0, 100_000, 100_000)).rejects.toThrow('at most 67,108,864 pixels');
    await expect(slide.readAssociatedImage('macro')).rejects.toThrow('it has none');
    await slide.close();
    await slide.close();
    await expect(slide.readRegion(0, 0, 0, 1, 1)).rejects.toThrow('was closed');
  });
});

type Extract = { page: number; left: number; top: number; width: number; height: number };

async function extract(path: string, { page, ...area }: Extract): Promise<Buffer> {
  const page0 = sharp(path, { page }).extract(area).flatten({ background: '#fff' });
  const { data, info } = await page0.raw().toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return data;
  return Buffer.from([...data].flatMap((grey) => [grey, grey, grey]));
}
