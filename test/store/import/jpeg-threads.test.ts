/** The threads for plain JPEG files give the very pixels that sharp gives, and none of a file that is damaged. */
import { hash } from 'node:crypto';
import { decodeInThread } from '@microtome/store/import/pixels/jpeg-threads';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawPixels } from './patch-files.ts';

type Wish = { seed: number; widthPx: number; heightPx: number; quality: number; chromaSubsampling: string };

async function drawJpeg({ seed, widthPx: width, heightPx: height, ...wish }: Wish): Promise<Buffer> {
  return sharp(drawPixels({ seed, width, height }), { raw: { width, height, channels: 3 } })
    .jpeg(wish)
    .toBuffer();
}

async function hashAlone(file: Buffer): Promise<string> {
  return hash('sha256', await sharp(file, { failOn: 'error' }).raw().toBuffer());
}

async function hashInThread(jpegs: Parameters<typeof decodeInThread>[0]): Promise<(string | null)[]> {
  return (await decodeInThread(jpegs)).map((pixels) => pixels && hash('sha256', pixels));
}

const wishes = fc.record({
  seed: fc.nat(1000),
  widthPx: fc.integer({ min: 1, max: 130 }),
  heightPx: fc.integer({ min: 1, max: 130 }),
  quality: fc.integer({ min: 1, max: 100 }),
  chromaSubsampling: fc.constantFrom('4:2:0', '4:4:4'),
});
const SMALL: Wish = { seed: 1, widthPx: 40, heightPx: 24, quality: 90, chromaSubsampling: '4:2:0' };

describe('JPEG files in threads', () => {
  it('have the pixels that sharp gives, whatever their sizes, qualities and colours', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(wishes, { minLength: 1, maxLength: 20 }), async (drawn) => {
        const files = await Promise.all(drawn.map(drawJpeg));
        const jpegs = files.map((bytes, at) => ({ bytes, ...(drawn[at] as Wish) }));
        expect(await hashInThread(jpegs)).toEqual(await Promise.all(files.map(hashAlone)));
      }),
      { numRuns: 30 },
    );
  });

  it('have none where the file is damaged or of another size than it claims, and spoil no other', async () => {
    const whole = await drawJpeg(SMALL);
    const { widthPx, heightPx } = SMALL;
    const claim = { widthPx, heightPx };
    const cutOff = Buffer.concat([whole.subarray(0, whole.length - 60), Buffer.from([0xff, 0xd9])]);
    const hashes = await hashInThread([
      { bytes: whole, ...claim },
      { bytes: cutOff, ...claim },
      { bytes: whole, widthPx: heightPx, heightPx: widthPx },
      { bytes: Buffer.from('no image'), ...claim },
      { bytes: new Uint8Array(), ...claim },
      { bytes: whole, ...claim },
    ]);
    const alone = await hashAlone(whole);
    expect(hashes).toEqual([alone, null, null, null, null, alone]);
  });
});
