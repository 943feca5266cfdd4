/**
 * Slides of scanners whose files are put together in ways of their own, read by the native library OpenSlide where that was
 * built: to its readers such a slide is like every other. Without it one is refused by the name of its format.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RandomAccessFile } from '../file/random-access-file.ts';
import type { TiledImage } from '../region/tiled-image.ts';
import { makeTiledSlide, type SlideOptions } from '../region/tiled-slide.ts';
import { judgeMicronsPerPixel } from '../scale/microns-per-pixel.ts';
import { type AssociatedImage, LEVEL_SIDE_MAX_PX, REGION_MAX_PIXELS, type Slide } from '../slide.ts';
import { formatNumber, quoted, slideFault } from '../slide-fault.ts';
import { findNativeOpenSlide } from './native-openslide.ts';
import { OpenSlideProcess, type OpenSlideRequest } from './openslide-process.ts';

const TILE_PX = 512;
const RGBA = 4;
const OPAQUE = 255;
/** What OpenSlide calls a TIFF of no scanner that it knows. */
const PLAIN_TIFF = 'generic-tiff';
const MIRAX_ENDING = /\.mrxs$/i;

type ForeignLevel = { width: number; height: number; downsample: number };
type Described = {
  vendor: string;
  levels: ForeignLevel[];
  images: AssociatedImage[];
  micronsX: number | null;
  micronsY: number | null;
};

type Foreign = { path: string; format: string; reader: OpenSlideProcess };

const native = findNativeOpenSlide();
const shared = native && new OpenSlideProcess(native);

/** The slide closes the file. It is the caller who does when this throws. */
export async function openForeignSlide(
  file: RandomAccessFile,
  format: string,
  options: SlideOptions,
): Promise<Slide> {
  const { path } = file;
  if (!shared) throw slideFault(path, needsOpenSlide(format));
  const foreign = { path, format, reader: shared };
  const { head } = await ask(foreign, { act: 'describe', path });
  const { vendor, levels, images, micronsX, micronsY } = head as Described;
  // What is put together in a way of its own gives wrong pixels then, without a sign.
  if (vendor === PLAIN_TIFF)
    throw slideFault(path, `is a ${format} slide that OpenSlide takes for a plain TIFF.`);
  checkSizes(foreign, levels);
  const source = 'as OpenSlide reads it';
  const micronsPerPixel =
    micronsX === null || micronsY === null
      ? null
      : judgeMicronsPerPixel(path, { x: micronsX, y: micronsY, source });
  return makeTiledSlide(
    {
      ...{ path, files: await listFiles(path), format: 'OPENSLIDE', micronsPerPixel },
      images: levels.map((level, index) => describeLevel(foreign, level, index)),
      associated: images
        .filter(({ width, height }) => width * height <= REGION_MAX_PIXELS)
        .map((image) => ({
          ...image,
          read: async () => toRgb((await ask(foreign, { act: 'image', path, ...image })).bytes),
        })),
      async closeFiles() {
        await shared.ask({ act: 'close', path }).catch(() => {});
        await file.close();
      },
    },
    options,
  );
}

function needsOpenSlide(format: string): string {
  return `is a ${format} slide: that needs the native library OpenSlide, which is not built in here (\`npm run native:build -- --openslide\`). Or save it as a tiled TIFF or as DICOM.`;
}

async function ask({ path, format, reader }: Foreign, request: OpenSlideRequest) {
  const answer = await reader.ask(request).catch((error: Error) => {
    throw slideFault(path, `is a ${format} slide; its reader OpenSlide ${error.message}.`, error);
  });
  const { error } = answer.head;
  if (error === undefined) return answer;
  throw slideFault(
    path,
    `is a ${format} slide that OpenSlide ${answer.head.version} cannot read: ${quoted(String(error))}.`,
  );
}

/** The library passes on what the file claims. */
function checkSizes({ path, format }: Foreign, levels: readonly ForeignLevel[]): void {
  const isSize = (length: number) => length >= 1 && length <= LEVEL_SIDE_MAX_PX;
  const wrong = levels.find(
    ({ width, height, downsample }) => !(isSize(width) && isSize(height) && downsample > 0),
  );
  if (wrong)
    throw slideFault(
      path,
      `is a ${format} slide that claims a level of ${formatNumber(wrong.width)} x ${formatNumber(wrong.height)} px; 1 to ${formatNumber(LEVEL_SIDE_MAX_PX)} a side are read.`,
    );
  if (levels.length === 0) throw slideFault(path, `is a ${format} slide without any level.`);
}

/** OpenSlide places a region by pixels of level 0. */
function describeLevel(
  foreign: Foreign,
  { width, height, downsample }: ForeignLevel,
  level: number,
): TiledImage {
  const { path } = foreign;
  return {
    ...{ width, height, tileWidth: TILE_PX, tileHeight: TILE_PX },
    async decodeTile(column, row) {
      const [x, y] = [column, row].map((at) => Math.round(at * TILE_PX * downsample)) as [number, number];
      const size = { width: TILE_PX, height: TILE_PX };
      return toRgb((await ask(foreign, { act: 'region', path, level, x, y, ...size })).bytes);
    },
  };
}

/** From blue, green, red and alpha, premultiplied, over white: nothing was scanned where nothing is seen. */
function toRgb(premultiplied: Uint8Array): Uint8Array {
  const pixels = new Uint8Array((premultiplied.length / RGBA) * 3);
  for (let from = 0, to = 0; from < premultiplied.length; from += RGBA, to += 3) {
    const white = OPAQUE - premultiplied[from + 3]!;
    pixels[to] = premultiplied[from + 2]! + white;
    pixels[to + 1] = premultiplied[from + 1]! + white;
    pixels[to + 2] = premultiplied[from]! + white;
  }
  return pixels;
}

/** The pixels of a MIRAX slide lie in a folder of its name. */
async function listFiles(path: string): Promise<string[]> {
  if (!MIRAX_ENDING.test(path)) return [path];
  const folder = path.replace(MIRAX_ENDING, '');
  const names = await readdir(folder).catch(() => []);
  return [path, ...names.sort().map((name) => join(folder, name))];
}
