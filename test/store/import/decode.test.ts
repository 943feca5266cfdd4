/** What becomes of the bytes of one file. */
import { decodePatch } from '@microtome/store/import/pixels/decode-patch';
import { accept } from '@microtome/store/import/refusal';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { claimSize, drawPixels, drawPng } from './patch-files.ts';

const rawOf = (width: number, height: number, channels: 1 | 2 | 3 | 4) => ({
  raw: { width, height, channels },
});

async function faultOf(bytes: Buffer): Promise<string> {
  const decoded = await decodePatch(bytes);
  return decoded.ok ? 'it was decoded' : `${decoded.fault.code}: ${decoded.fault.reason}`;
}

/** Pixels and changes, or the sentence that says why there are none. */
async function see(image: Sharp) {
  const decoded = await decodePatch(await image.toBuffer());
  if (!decoded.ok) return [decoded.fault.reason];
  return [Buffer.from(decoded.value.pixels), decoded.value.changes];
}

describe('decoding a patch', () => {
  it('gives exactly the pixels that the PNG was made of, whatever its size', async () => {
    for (const [width, height] of [
      [50, 50],
      [50, 1],
      [1, 50],
      [22, 50],
      [96, 96],
    ] as const) {
      const decoded = await decodePatch(await drawPng({ width, height }));
      expect(decoded).toEqual(
        accept({ width, height, pixels: drawPixels({ seed: 1, width, height }), changes: [] }),
      );
    }
  });

  it('makes 8-bit RGB of grey and of 16 bits and says so; of a palette its colours, which is counted', async () => {
    const grey = Buffer.from([0, 100, 200, 255]);
    const greyRgb = Buffer.from([...grey].flatMap((level) => [level, level, level]));
    const greyPng = sharp(grey, rawOf(2, 2, 1))
      .toColourspace('b-w')
      .png();
    expect(await see(greyPng)).toEqual([greyRgb, ['GREY_TO_RGB']]);
    expect(await see(sharp(greyRgb, rawOf(2, 2, 3)).png({ palette: true }))).toEqual([
      greyRgb,
      ['PALETTE_TO_RGB'],
    ]);
    const deep = Uint16Array.from(greyRgb, (level) => level * 257);
    const deepPng = sharp(deep, rawOf(2, 2, 3))
      .toColourspace('rgb16')
      .png();
    expect(await see(deepPng)).toEqual([greyRgb, ['SIXTEEN_BITS_TO_EIGHT']]);
    const deepGrey = sharp(
      deep.filter((_, index) => index % 3 === 0),
      rawOf(2, 2, 1),
    )
      .toColourspace('grey16')
      .png();
    expect(await see(deepGrey)).toEqual([greyRgb, ['GREY_TO_RGB', 'SIXTEEN_BITS_TO_EIGHT']]);
  });

  it('rounds 16 bits to the nearest of 8', async () => {
    const values = Uint16Array.from([
      0, 128, 129, 385, 386, 32_767, 32_768, 65_406, 65_407, 65_535, 20_000, 1,
    ]);
    const [pixels] = await see(
      sharp(values, rawOf(2, 2, 3))
        .toColourspace('rgb16')
        .png(),
    );
    expect([...(pixels as Buffer)]).toEqual([0, 0, 1, 1, 2, 127, 128, 254, 255, 255, 78, 0]);
  });

  it('lays transparent pixels on white, and says so only where there are any', async () => {
    const rgba = (alpha: readonly number[]) =>
      sharp(Buffer.from(alpha.flatMap((opacity) => [10, 20, 30, opacity])), rawOf(2, 2, 4)).png();
    const [own, white] = [
      [10, 20, 30],
      [255, 255, 255],
    ];
    expect(await see(rgba([255, 255, 255, 255]))).toEqual([
      Buffer.from([...own, ...own, ...own, ...own]),
      [],
    ]);
    const half = [132, 137, 142];
    expect(await see(rgba([0, 255, 128, 0]))).toEqual([
      Buffer.from([...white, ...own, ...half, ...white]),
      ['TRANSPARENCY_TO_WHITE'],
    ]);
    const palette = sharp(await rgba([0, 255, 255, 0]).toBuffer()).png({ palette: true });
    const [fromPalette, changes] = await see(palette);
    expect([...(fromPalette as Buffer).subarray(0, 3), ...(fromPalette as Buffer).subarray(-3)]).toEqual([
      ...white,
      ...white,
    ]);
    expect(changes).toEqual(['PALETTE_TO_RGB', 'TRANSPARENCY_TO_WHITE']);
    const greyAlpha = sharp(Buffer.from([7, 0, 7, 255, 7, 0, 7, 255]), rawOf(2, 2, 2))
      .toColourspace('b-w')
      .png();
    expect(await see(greyAlpha)).toEqual([
      Buffer.from([...white, 7, 7, 7, ...white, 7, 7, 7]),
      ['GREY_TO_RGB', 'TRANSPARENCY_TO_WHITE'],
    ]);
    const deep = Uint16Array.from([0, 0, 0, 0, 65_535, 0, 257, 65_535, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(
      await see(
        sharp(deep, rawOf(2, 2, 4))
          .toColourspace('rgb16')
          .png(),
      ),
    ).toEqual([
      Buffer.from([...white, 255, 0, 1, ...white, ...white]),
      ['SIXTEEN_BITS_TO_EIGHT', 'TRANSPARENCY_TO_WHITE'],
    ]);
  });

  it('converts colours of another profile to sRGB, and says so only where that changes them', async () => {
    const image = () =>
      sharp(Buffer.from([200, 50, 50, 50, 200, 50, 60, 50, 200, 128, 128, 128]), rawOf(2, 2, 3));
    const [, changes] = await see(image().withIccProfile('p3').png());
    expect(changes).toEqual(['PROFILE_TO_SRGB']);
    const grey = sharp(Buffer.alloc(12, 255), rawOf(2, 2, 3))
      .withIccProfile('srgb')
      .png();
    expect(await see(grey)).toEqual([Buffer.alloc(12, 255), []]);
  });

  it('refuses 16 bits that hold the values of fewer, which would be read as nearly black', async () => {
    for (const bits of [8, 10, 12, 14]) {
      const values = Uint16Array.from({ length: 12 }, (_, index) => (2 ** bits - 1) >> (index % 3));
      const png = sharp(values, rawOf(2, 2, 3))
        .toColourspace('rgb16')
        .png();
      const largest = (2 ** bits - 1).toLocaleString('en');
      expect(await faultOf(await png.toBuffer())).toBe(
        `DEPTH_UNCLEAR: It declares 16 bits a colour, but its values reach ${largest} of 65,535: ${bits} bits, unscaled, or nearly black. Write it with 8 bits, or scaled to 16.`,
      );
    }
  });

  it('refuses what claims more pixels than a patch has, before decoding it', async () => {
    expect(await faultOf(claimSize(60_000, 60_000))).toBe(
      'IMAGE_TOO_LARGE: It claims 60000 x 60000 pixels; a patch has at most 1024 x 1024.',
    );
    expect(await faultOf(claimSize(1, 0xffff_ffff))).toMatch(/^IMAGE_TOO_LARGE/);
    expect(await faultOf(claimSize(0, 50))).toBe('UNREADABLE: It claims 0 x 50 pixels.');
  });

  it('refuses text, other formats and nothing at all', async () => {
    const notAnImage = 'NOT_AN_IMAGE: It is not an image: PNG, JPEG, TIFF, WebP and BMP can be read.';
    expect(await faultOf(Buffer.from('patient,class\n101,1\n'.repeat(10)))).toBe(notAnImage);
    expect(await faultOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe(notAnImage);
    expect(await faultOf(Buffer.alloc(0))).toBe('NOT_AN_IMAGE: It is empty.');
    expect(await faultOf(Buffer.alloc(8 * 1024 * 1024 + 1))).toMatch(/^TOO_LARGE: It has 8.0 MiB/);
  });

  it('refuses a PNG that was cut off or damaged', async () => {
    const png = await drawPng();
    for (const length of [9, 32, 33, 60, Math.floor(png.length / 2)]) {
      expect(await faultOf(png.subarray(0, length))).toMatch(/^UNREADABLE: It/);
    }
    const damaged = Buffer.from(png);
    damaged.fill(0xff, 100, 200);
    expect(await faultOf(damaged)).toBe('UNREADABLE: It cannot be decoded: its bytes are damaged.');
    const cutOff = png.subarray(0, png.length - 30);
    expect(await faultOf(cutOff)).toBe('UNREADABLE: It cannot be decoded: it was cut off.');
  });

  it('never throws and never gives more than it says, whatever the bytes', async () => {
    const png = await drawPng({ width: 8, height: 8 });
    const flips = fc.array(fc.tuple(fc.nat(png.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        const bytes = Buffer.from(png);
        for (const [position, value] of changes) bytes[position] = value;
        const decoded = await decodePatch(bytes);
        if (decoded.ok)
          expect(decoded.value.pixels.length).toBe(decoded.value.width * decoded.value.height * 3);
        else expect(decoded.fault.reason).toMatch(/\.$/);
      }),
      { numRuns: 200 },
    );
  });
});
