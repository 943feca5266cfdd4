/** The analyser's own reading of PNG: the very pixels, and nothing for what it leaves to the browser. */
import sharp, { type PngOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodePlainPng } from '../../../apps/web/analyser/source/plain-png.ts';
import { paintTissue } from '../../fixtures/synthetic-patches.ts';

const SIZE = { width: 53, height: 37 };
const pixels = paintTissue(SIZE.width, SIZE.height, 3);
const picture = () => sharp(pixels, { raw: { ...SIZE, channels: 3 } });
const encode = async (options: PngOptions = {}, from = picture()) =>
  new Uint8Array(await from.png(options).toBuffer());

describe('a PNG of a patch', () => {
  it.each([
    ['lines as they are', { compressionLevel: 0, adaptiveFiltering: false }],
    ['lines by every filter', { compressionLevel: 9, adaptiveFiltering: true }],
  ])('keeps its pixels, %s', async (_, options) => {
    expect(await decodePlainPng(await encode(options))).toEqual({ ...SIZE, pixels });
  });

  it('keeps them whatever its lines are told by', async () => {
    // Smooth and striped pictures make an encoder choose each of the five filters.
    const drawn = (draw: (x: number, y: number) => number) =>
      Uint8Array.from({ length: SIZE.width * SIZE.height * 3 }, (_v, at) =>
        draw(Math.floor(at / 3) % SIZE.width, Math.floor(at / 3 / SIZE.width)),
      );
    for (const own of [
      drawn((x) => 4 * x),
      drawn((_x, y) => 6 * y),
      drawn((x, y) => 3 * x + 2 * y),
      drawn((x, y) => x * y),
    ]) {
      const file = await encode({ adaptiveFiltering: true }, sharp(own, { raw: { ...SIZE, channels: 3 } }));
      expect((await decodePlainPng(file))?.pixels).toEqual(own);
    }
  });

  it('is grey in three colours', async () => {
    const file = await encode({ adaptiveFiltering: true }, picture().toColourspace('b-w'));
    const expected = await sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer();
    expect(Buffer.from((await decodePlainPng(file))!.pixels).equals(expected)).toBe(true);
  });

  it.each([
    ['transparent', () => encode({}, picture().ensureAlpha(0.5))],
    ['of a palette', () => encode({ palette: true })],
    ['interlaced', () => encode({ progressive: true })],
    ['of 16 bits', () => encode({}, picture().toColourspace('rgb16'))],
    ['cut off', async () => (await encode()).subarray(0, 900)],
    ['no PNG', async () => new Uint8Array(await picture().jpeg().toBuffer())],
    ['damaged', async () => (await encode()).map((byte, at) => (at === 700 ? byte ^ 255 : byte))],
  ])('is left to the browser where it is %s', async (_, make) => {
    expect(await decodePlainPng(await make())).toBeNull();
  });
});
