/** Real slides, read by this product and by libvips or OpenSlide, pixel by pixel. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSlide } from '@microtome/slides/open-slide';
import type { RgbImage, Slide } from '@microtome/slides/slide';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readOpenSlidePython } from '../env.ts';
import { HAS_SLIDE_INPUTS, slideInput, useFolder, WHERE_SLIDES_ABSENT } from './slide-inputs.ts';

const APERIO = 'CMU-1-Small-Region.svs';
const PYRAMID = 'derived_CMU-1-Small-Region_pyramid.tif';
const JPEG_2000 = 'layouts/wsi-tcga-svs-jpeg2000/TCGA-CR-7395-01A-01-TS1.svs';
const DEFLATE = ['layouts/wsi-pyramid-tiny/boxes.tiff', 'layouts/wsi-pyramid-tiny/small_HE_levels.tiff'];
const TINY = 'layouts/wsi-hostile/small-16x16.svs';
const python = readOpenSlidePython();
const folder = useFolder();

describe.skipIf(!HAS_SLIDE_INPUTS)(`a real slide ${WHERE_SLIDES_ABSENT}`, () => {
  it('of Aperio tells its level, its scale and the pictures beside it', async () => {
    const slide = await openSlide(slideInput(APERIO));
    expect(slide).toMatchObject({
      format: 'APERIO',
      levels: [{ width: 2220, height: 2967, downsample: 1, tileWidth: 240, tileHeight: 240 }],
      micronsPerPixel: 0.499,
      associatedImages: [
        { name: 'thumbnail', width: 574, height: 768 },
        { name: 'label', width: 387, height: 463 },
        { name: 'macro', width: 1280, height: 431 },
      ],
    });
    const label = await slide.readAssociatedImage('label');
    expect(label.pixels).toHaveLength(387 * 463 * 3);
    expect(await slide.readAssociatedImage('label')).toEqual(label);
    await slide.close();
  });

  it('that was made for paper has no scale, for 72 dots an inch say nothing of tissue', async () => {
    for (const name of [PYRAMID, ...DEFLATE]) {
      const slide = await openSlide(slideInput(name));
      expect([name, slide.micronsPerPixel]).toEqual([name, null]);
      await slide.close();
    }
  });

  it.each([APERIO, PYRAMID, ...DEFLATE, TINY])(
    'has the pixels that libvips reads, on every level: %s',
    async (name) => {
      const slide = await openSlide(slideInput(name));
      for (const [level, { width, height }] of slide.levels.entries()) {
        const whole = await slide.readRegion(level, 0, 0, width, height);
        const page = await sharp(slideInput(name), { page: level }).raw().toBuffer();
        expect([name, level, largestDifference(whole, page)]).toEqual([
          name,
          level,
          expect.toSatisfy(isWithinOne),
        ]);
      }
      await slide.close();
    },
  );

  it('of JPEG 2000 has two levels and no scale, and its thumbnail shows the same', async () => {
    const slide = await openSlide(slideInput(JPEG_2000));
    expect(slide.levels.map(({ width, height }) => [width, height])).toEqual([
      [4443, 3567],
      [2221, 1783],
    ]);
    expect(slide.micronsPerPixel).toBeNull();
    const thumbnail = await slide.readAssociatedImage('thumbnail');
    const { width, height } = slide.levels[1]!;
    const pixels = await slide.readRegion(1, 0, 0, width, height);
    // Small, so that the scanner's own way to shrink does not count, and wrong colours or places do.
    const ours = await shrink({ width, height, pixels });
    expect(meanDifference(ours, await shrink(thumbnail))).toBeLessThan(3);
    await slide.close();
  });
});

describe.skipIf(!python || !HAS_SLIDE_INPUTS)(
  'a real slide beside OpenSlide (skipped unless MICROTOME_OPENSLIDE_PYTHON names a Python that has openslide)',
  () => {
    it.each([APERIO, PYRAMID, JPEG_2000, ...DEFLATE])('has the same levels and pixels: %s', async (name) => {
      const slide = await openSlide(slideInput(name));
      const oracle = await askOpenSlide(slide);
      expect(oracle.levels).toEqual(slide.levels.map(({ width, height }) => [width, height]));
      for (const { level, x, y, width, height, pixels } of oracle.regions) {
        const region = await slide.readRegion(level, x, y, width, height);
        expect([level, x, y, largestDifference(region, pixels)]).toEqual([
          level,
          x,
          y,
          expect.toSatisfy(isWithinOne),
        ]);
      }
      await slide.close();
    });
  },
);

type OracleRegion = { level: number; x: number; y: number; width: number; height: number; pixels: Buffer };

/** OpenSlide places a region by pixels of level 0; where they do not divide, it interpolates: such places are left out. */
async function askOpenSlide(slide: Slide): Promise<{ levels: number[][]; regions: OracleRegion[] }> {
  const asked = slide.levels.flatMap(({ width, height }, level) =>
    [{ x: 0, y: 0 }, ...(level === 0 ? [{ x: Math.floor(width / 3), y: Math.floor(height / 2) }] : [])].map(
      ({ x, y }) => ({
        level,
        x,
        y,
        width: Math.min(700, width - x),
        height: Math.min(500, height - y),
      }),
    ),
  );
  const out = join(folder.path, 'regions.bin');
  const script = fileOf('./openslide-regions.py');
  const { stdout } = await promisify(execFile)(python!, [script, slide.path, out, JSON.stringify(asked)]);
  const bytes = await readFile(out);
  let at = 0;
  const regions = asked.map((region) => {
    const length = region.width * region.height * 3;
    at += length;
    return { ...region, pixels: bytes.subarray(at - length, at) };
  });
  return { levels: JSON.parse(stdout), regions };
}

function fileOf(name: string): string {
  return new URL(name, import.meta.url).pathname;
}

async function shrink({ width, height, pixels }: RgbImage): Promise<Buffer> {
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(48, 38, { fit: 'fill' })
    .raw()
    .toBuffer();
}

function isWithinOne(difference: number): boolean {
  return difference <= 1;
}

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, index) => sum + Math.abs(value - b[index]!), 0) / a.length;
}
