/** Slides by the native library OpenSlide: the pixels of our own readers, and a sentence whatever becomes of its process. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { openRandomAccessFile } from '@microtome/slides/file/random-access-file';
import { findNativeOpenSlide } from '@microtome/slides/native/native-openslide';
import { openForeignSlide } from '@microtome/slides/native/open-foreign-slide';
import { OpenSlideProcess } from '@microtome/slides/native/openslide-process';
import { openSlide } from '@microtome/slides/open-slide';
import { describe, expect, it } from 'vitest';
import { HAS_SLIDE_INPUTS, slideInput, useFolder, WHERE_SLIDES_ABSENT } from '../slide-inputs.ts';

const APERIO = 'CMU-1-Small-Region.svs';
const native = findNativeOpenSlide();
const WHERE_NOT_BUILT = '(skipped where `npm run native:build -- --openslide` did not run)';
const folder = useFolder();

async function openNatively(path: string) {
  const file = await openRandomAccessFile(path);
  return openForeignSlide(file, 'Aperio SVS', {}).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
}

describe('without OpenSlide', () => {
  it.skipIf(native)(
    'slides of other scanners are refused by the name of their format, with what to do',
    async () => {
      const made: [string, string, string][] = [
        ['a.mrxs', '\xff\xd8\xff', '3DHISTECH MIRAX'],
        ['a.vms', '[Virtual Microscope Specimen]', 'Hamamatsu VMS'],
        ['a.czi', 'ZISRAWFILE', 'Zeiss CZI'],
      ];
      for (const [name, bytes, format] of made) {
        const path = await folder.put(name, Buffer.from(bytes, 'latin1'));
        await expect(openSlide(path)).rejects.toThrow(
          `"${name}" is a ${format} slide: that needs the native library OpenSlide, which is not built in here (\`npm run native:build -- --openslide\`).`,
        );
      }
    },
  );

  it('nothing is found, and a library that is none ends its process alone', async () => {
    expect(findNativeOpenSlide(folder.path)).toBeNull();
    const library = await folder.put('libopenslide.so.1', Buffer.from('no library'));
    const reader = new OpenSlideProcess({ python: 'python3', library });
    const absent = new OpenSlideProcess({ python: 'no-such-python', library });
    for (const _ of [1, 2]) {
      await expect(reader.ask({ act: 'describe', path: library })).rejects.toThrow('ended with status 1');
      await expect(absent.ask({ act: 'describe', path: library })).rejects.toThrow('cannot be started');
    }
  });
});

describe.skipIf(!native)(`OpenSlide ${WHERE_NOT_BUILT}`, () => {
  it.skipIf(!HAS_SLIDE_INPUTS)(
    `reads a slide of Aperio as our own reader does ${WHERE_SLIDES_ABSENT}`,
    async () => {
      const path = slideInput(APERIO);
      const [ours, theirs] = [await openSlide(path), await openNatively(path)];
      expect(theirs).toMatchObject({
        ...{ path, files: [path], format: 'OPENSLIDE', micronsPerPixel: 0.499 },
        levels: ours.levels.map(({ width, height, downsample }) => ({ width, height, downsample })),
      });
      expect(new Set(theirs.associatedImages.map(({ name }) => name))).toEqual(
        new Set(ours.associatedImages.map(({ name }) => name)),
      );
      // In the middle of tiles, and beyond the edge.
      for (const [x, y] of [
        [0, 0],
        [700, 1100],
        [1900, 2700],
      ] as const) {
        const regions = await Promise.all([ours, theirs].map((one) => one.readRegion(0, x, y, 600, 500)));
        expect(largestDifference(regions[0]!, regions[1]!)).toBeLessThanOrEqual(1);
      }
      const labels = await Promise.all([ours, theirs].map((one) => one.readAssociatedImage('label')));
      expect(largestDifference(labels[0]!.pixels, labels[1]!.pixels)).toBeLessThanOrEqual(1);
      await Promise.all([ours.close(), theirs.close()]);
    },
  );

  it.skipIf(!HAS_SLIDE_INPUTS)(
    `that is killed while it reads gives a sentence, and reads on in another process ${WHERE_SLIDES_ABSENT}`,
    async () => {
      const slide = await openNatively(slideInput(APERIO));
      const reading = slide.readRegion(0, 0, 0, 2200, 2900);
      const { stdout } = await promisify(execFile)('pgrep', [
        '-P',
        String(process.pid),
        '-f',
        'openslide-reader',
      ]);
      for (const pid of stdout.trim().split('\n')) process.kill(Number(pid), 'SIGKILL');
      await expect(reading).rejects.toThrow(
        `"${APERIO}" is a Aperio SVS slide; its reader OpenSlide ended with SIGKILL.`,
      );
      expect(await slide.readRegion(0, 0, 0, 10, 10)).toHaveLength(300);
      await slide.close();
    },
  );

  it('says of a file that it cannot read what the library says', async () => {
    const whole = HAS_SLIDE_INPUTS ? await readFile(slideInput(APERIO)) : Buffer.alloc(0);
    for (const [name, bytes] of [
      ['cut.svs', whole.subarray(0, 1000)],
      ['a.mrxs', Buffer.from('\xff\xd8\xff', 'latin1')],
      ['a.czi', Buffer.from('ZISRAWFILE')],
    ] as const) {
      const path = await folder.put(name, bytes);
      const opening = name === 'cut.svs' ? openNatively(path) : openSlide(path);
      await expect(opening).rejects.toThrow(
        /^"[^"]+" is a .+ slide that OpenSlide \d+\.\d+\.\d+ cannot read: "/,
      );
    }
  });
});

function largestDifference(a: Uint8Array, b: Uint8Array): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (const [at, value] of a.entries()) largest = Math.max(largest, Math.abs(value - b[at]!));
  return largest;
}
