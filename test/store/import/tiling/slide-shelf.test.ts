/** Slides that patches are read from: open while they are read, and closed once the next one is. */
import { join } from 'node:path';
import { decodePatch } from '@microtome/store/import/pixels/decode-patch';
import { releasePixels } from '@microtome/store/import/pixels/decoder-memory';
import { writePpm } from '@microtome/store/import/pixels/headers/ppm-header';
import { SlideShelf } from '@microtome/store/import/tiling/slide-shelf';
import { describe, expect, it } from 'vitest';
import { fillFolder, makeSlide } from './slide-files.ts';

async function makePaths(): Promise<[string, string, string]> {
  const folder = await fillFolder({ 'a.tif': makeSlide(), 'b.tif': makeSlide(), 'broken.tif': 'nothing' });
  return [join(folder, 'a.tif'), join(folder, 'b.tif'), join(folder, 'broken.tif')];
}

describe('a shelf of slides', () => {
  it('opens one once for all who read it, and closes it when the next is asked for', async () => {
    const [a, b] = await makePaths();
    const shelf = new SlideShelf();
    const [first, again] = await Promise.all([1, 2].map(() => shelf.use(a, async (slide) => slide)));
    expect(again).toBe(first);
    await first?.readRegion(0, 0, 0, 1, 1);
    const second = await shelf.use(b, async (slide) => slide);
    await expect(first?.readRegion(0, 0, 0, 1, 1)).rejects.toThrow('was closed');
    await second.readRegion(0, 0, 0, 1, 1);
    await shelf.close();
    await expect(second.readRegion(0, 0, 0, 1, 1)).rejects.toThrow('was closed');
  });

  it('keeps one open that is still read, whatever is asked for meanwhile', async () => {
    const [a, b, broken] = await makePaths();
    const shelf = new SlideShelf();
    const { promise, resolve } = Promise.withResolvers<void>();
    const reading = shelf.use(a, async (slide) => {
      await promise;
      return slide.readRegion(0, 0, 0, 1, 1);
    });
    await shelf.use(b, async (slide) => slide.readRegion(0, 0, 0, 1, 1));
    await expect(shelf.use(broken, async () => {})).rejects.toThrow('not a slide');
    resolve();
    expect(await reading).toHaveLength(3);
    await shelf.close();
  });
});

it('the memory of a square that was packed is given back, with the file that it was read from', async () => {
  const file = writePpm(new Uint8Array(16 * 16 * 3), { width: 16, height: 16 });
  const decoded = await decodePatch(file);
  if (!decoded.ok) throw new Error('it cannot be decoded');
  releasePixels(decoded.value.pixels);
  expect([file.length, decoded.value.pixels.length]).toEqual([0, 0]);
});
