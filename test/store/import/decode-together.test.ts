/** Files that are decoded together give, each of them, what they give alone. */
import { type DecodedPatch, decodePatch } from '@microtome/store/import/pixels/decode-patch';
import { decodeTogether } from '@microtome/store/import/pixels/decode-together';
import { accept, type Checked, refuse } from '@microtome/store/import/refusal';
import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawPixels, drawPng } from './patch-files.ts';

function draw(seed: number, side = 24): Sharp {
  const raw = { width: side, height: side, channels: 3 } as const;
  return sharp(drawPixels({ seed, width: side, height: side }), { raw });
}

/** Kinds of files that a group may hold, each with pixels of its own. */
const KINDS: readonly ((seed: number) => Promise<Buffer>)[] = [
  (seed) => draw(seed).jpeg().toBuffer(),
  (seed) => draw(seed).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }).toBuffer(),
  (seed) => draw(seed).jpeg({ progressive: true }).toBuffer(),
  (seed) => draw(seed).greyscale().jpeg().toBuffer(),
  (seed) => draw(seed).jpeg().withIccProfile('p3').toBuffer(),
  (seed) => draw(seed).jpeg().withMetadata({ orientation: 6 }).toBuffer(),
  (seed) => draw(seed).toColourspace('cmyk').jpeg().toBuffer(),
  (seed) => draw(seed, 16).jpeg().toBuffer(),
  (seed) => drawPng({ seed, width: 24, height: 24 }),
  (seed) => drawPng({ seed, width: 24, height: 7 }),
  (seed) => draw(seed).png({ palette: true }).toBuffer(),
  (seed) => draw(seed).ensureAlpha(0.5).png().toBuffer(),
  (seed) => draw(seed).toColourspace('rgb16').png().toBuffer(),
  (seed) => draw(seed).tiff().toBuffer(),
  (seed) => draw(seed).webp({ lossless: true }).toBuffer(),
  async (seed) => Buffer.from(`no image ${seed}`),
];

async function expectAsAlone(files: readonly Buffer[]): Promise<void> {
  const alone = await Promise.all(files.map(decodePatch));
  const together = await decodeTogether(files.map(accept));
  expect(together).toEqual(alone);
}

function describeOutside(decoded: Checked<DecodedPatch> | undefined) {
  return decoded?.ok ? { ...decoded.value, pixels: decoded.value.pixels.length } : decoded;
}

describe('decoding files together', () => {
  it('gives each the pixels, the changes or the sentence that it has alone, in their order', async () => {
    const kind = fc.nat(KINDS.length - 1);
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { maxLength: 40 }), async (kinds) => {
        await expectAsAlone(await Promise.all(kinds.map((at, seed) => KINDS[at]!(seed))));
      }),
      { numRuns: 40 },
    );
  });

  it('takes more plain files than fit into one picture', async () => {
    await expectAsAlone(await Promise.all(Array.from({ length: 50 }, (_, seed) => KINDS[0]!(seed))));
    await expectAsAlone(await Promise.all([1, 2, 3].map((seed) => draw(seed, 120).jpeg().toBuffer())));
  });

  it('lets a damaged file spoil no other', async () => {
    const files = await Promise.all([0, 0, 0, 8, 8].map((at, seed) => KINDS[at]!(seed)));
    const cutOff = (file: Buffer) => file.subarray(0, file.length - 200);
    await expectAsAlone([...files, cutOff(await KINDS[0]!(9)), cutOff(await KINDS[8]!(9))]);
    const [png, jpeg] = [await KINDS[8]!(1), await KINDS[0]!(2)];
    const change = (file: Buffer) =>
      fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { maxLength: 3 }).map((flips) => {
        const bytes = Buffer.from(file);
        for (const [position, value] of flips) bytes[position] = value;
        return bytes;
      });
    await fc.assert(
      fc.asyncProperty(change(png), change(jpeg), async (first, second) => {
        const together = await decodeTogether([...files, first, second].map(accept));
        const alone = await Promise.all([...files, first, second].map(decodePatch));
        expect(together.slice(0, -1)).toEqual(alone.slice(0, -1));
        // Colours that no whole file can hold are cut off in one way by each processor.
        expect(describeOutside(together.at(-1))).toEqual(describeOutside(alone.at(-1)));
      }),
      { numRuns: 200 },
    );
  });

  it('passes on what could not be read', async () => {
    const file = await KINDS[0]!(1);
    const unread = refuse<Buffer>('UNREADABLE', 'It cannot be read (EIO).');
    const [first, second, third] = await decodeTogether([accept(file), unread, accept(file)]);
    expect(first).toEqual(await decodePatch(file));
    expect(second).toEqual(unread);
    expect(third).toEqual(first);
  });
});
