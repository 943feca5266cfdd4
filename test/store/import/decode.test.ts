/** What becomes of the bytes of one file. */
import { decodePatch } from '@microtome/store/import/decode';
import { accept } from '@microtome/store/import/refusal';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { claimSize, drawPixels, drawPng } from './patch-files.ts';

const rawOf = (width: number, height: number, channels: 1 | 2 | 3 | 4) => ({
  raw: { width, height, channels },
});

async function faultOf(bytes: Buffer): Promise<string> {
  const decoded = await decodePatch(bytes);
  return decoded.ok ? 'it was decoded' : `${decoded.fault.code}: ${decoded.fault.reason}`;
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
      expect(decoded).toEqual(accept({ width, height, pixels: drawPixels({ seed: 1, width, height }) }));
    }
  });

  it('makes 8-bit RGB of grey, paletted and 16-bit images, and drops transparency', async () => {
    const grey = Buffer.from([0, 100, 200, 255]);
    const greyRgb = Buffer.from([...grey].flatMap((level) => [level, level, level]));
    const see = async (png: Buffer) => {
      const decoded = await decodePatch(png);
      return decoded.ok ? Buffer.from(decoded.value.pixels) : decoded.fault.reason;
    };
    const greyPng = await sharp(grey, rawOf(2, 2, 1))
      .toColourspace('b-w')
      .png()
      .toBuffer();
    expect(await see(greyPng)).toEqual(greyRgb);
    expect(
      await see(
        await sharp(greyRgb, rawOf(2, 2, 3))
          .png({ palette: true })
          .toBuffer(),
      ),
    ).toEqual(greyRgb);
    const deep = Uint16Array.from(greyRgb, (level) => level * 257);
    expect(
      await see(
        await sharp(deep, rawOf(2, 2, 3))
          .toColourspace('rgb16')
          .png()
          .toBuffer(),
      ),
    ).toEqual(greyRgb);
    const clear = Buffer.from([...grey].flatMap((level) => [level, level, level, 0]));
    expect(
      await see(
        await sharp(clear, rawOf(2, 2, 4))
          .png()
          .toBuffer(),
      ),
    ).toEqual(greyRgb);
  });

  it('refuses what claims more pixels than a patch has, before decoding it', async () => {
    expect(await faultOf(claimSize(60_000, 60_000))).toBe(
      'IMAGE_TOO_LARGE: It claims 60000 x 60000 pixels; a patch has at most 1024 x 1024.',
    );
    expect(await faultOf(claimSize(1, 0xffff_ffff))).toMatch(/^IMAGE_TOO_LARGE/);
    expect(await faultOf(claimSize(0, 50))).toBe('UNREADABLE: It claims 0 x 50 pixels.');
  });

  it('refuses text, other formats and nothing at all', async () => {
    const notPng = 'NOT_A_PNG: It is not a PNG image, although its name says so.';
    expect(await faultOf(Buffer.from('patient,class\n101,1\n'.repeat(10)))).toBe(notPng);
    expect(
      await faultOf(
        await sharp(await drawPng())
          .jpeg()
          .toBuffer(),
      ),
    ).toBe(notPng);
    expect(await faultOf(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBe(notPng);
    expect(await faultOf(Buffer.alloc(0))).toBe('NOT_A_PNG: It is empty.');
    expect(await faultOf(Buffer.alloc(8 * 1024 * 1024 + 1))).toMatch(/^TOO_LARGE: It has 8.0 MiB/);
  });

  it('refuses a PNG that was cut off or damaged', async () => {
    const png = await drawPng();
    for (const length of [9, 32, 33, 60, Math.floor(png.length / 2)]) {
      expect(await faultOf(png.subarray(0, length))).toMatch(/^UNREADABLE: It/);
    }
    const damaged = Buffer.from(png);
    damaged.fill(0xff, 100, 200);
    expect(await faultOf(damaged)).toMatch(/^UNREADABLE: It cannot be decoded/);
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
