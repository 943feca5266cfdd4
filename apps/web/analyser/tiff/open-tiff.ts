/**
 * A TIFF or SVS from the disk of its user: geotiff reads its tags, its tiles are read and decoded when they are needed.
 * Tiled pages with the proportions of the largest one are its levels; label, macro and thumbnail are none.
 */
import { GeoTIFF, type GeoTIFFImage } from 'geotiff';
import { type Box, checkWholeSize, FileFault, type PixelSource, RGB } from '../source/pixel-source.ts';
import { decodeTile } from './decode-tile.ts';
import { isTiledPage, readPageSize, readTiffPage, type TiffPage } from './tiff-page.ts';
import { readTiffScale } from './tiff-scale.ts';

const PAGES_MAX = 64;
const PROPORTION_TOLERANCE = 0.01;
const CACHED_BYTES_MAX = 128 * 1024 * 1024;
/** More than the places of four million tiles need. */
const TAG_BYTES_MAX = 64 * 1024 * 1024;

/** @throws FileFault */
export async function openTiffSource(file: Blob): Promise<PixelSource> {
  const images = await readImages(file);
  const tiled = images.filter(isTiledPage);
  const base = [...tiled].sort((a, b) => countPixels(b) - countPixels(a))[0] ?? images[0];
  if (!base) throw new FileFault('is a TIFF without any picture.');
  const kept = isTiledPage(base) ? tiled.filter((image) => hasProportionsOf(base, image)) : [base];
  const pages: TiffPage[] = [];
  for (const [index, image] of sortLevels(kept, base).entries())
    pages.push(await readTiffPage(image, kept.length > 1 ? `level ${index}` : 'its picture'));
  const [first, ...coarser] = pages;
  if (!first) throw new FileFault('is a TIFF without any picture.');
  if (!first.isTiled) checkWholeSize(first);
  const cache = new TileCache(file);
  const toLevel = ({ width, height }: TiffPage) => ({ width, height, downsample: first.width / width });
  return {
    kind: first.isTiled ? 'SLIDE' : 'IMAGE',
    levels: [toLevel(first), ...coarser.map(toLevel)],
    micronsPerPixel: readTiffScale(first.description, await readResolution(base)),
    readRegion: async (level, box) => readBox(pages[level] ?? first, level, { box, cache }),
    close: () => cache.clear(),
  };
}

async function readImages(file: Blob): Promise<GeoTIFFImage[]> {
  const images: GeoTIFFImage[] = [];
  try {
    const tiff = await GeoTIFF.fromSource(new TagReader(file));
    for (let index = 0; index < PAGES_MAX; index++) {
      const image = await tiff.getImage(index);
      images.push(image);
      if (image.fileDirectory.nextIFDByteOffset === 0) break;
    }
  } catch {
    if (images.length === 0)
      throw new FileFault('is a damaged TIFF: the list of its pictures cannot be read.');
  }
  return images;
}

type Slice = { offset: number; length: number };

/** The parts of the file that geotiff asks for, which are tags alone. */
class TagReader {
  readonly #file: Blob;
  readonly fileSize: number;

  constructor(file: Blob) {
    this.#file = file;
    this.fileSize = file.size;
  }

  async fetch(slices: Slice[]): Promise<ArrayBuffer[]> {
    return Promise.all(slices.map(async (slice) => (await this.fetchSlice(slice)).data));
  }

  async fetchSlice(slice: Slice): Promise<Slice & { data: ArrayBuffer }> {
    const { offset, length } = slice;
    if (length > TAG_BYTES_MAX) throw new FileFault('is a damaged TIFF: one of its lists is endless.');
    return { ...slice, data: await this.#file.slice(offset, offset + length).arrayBuffer() };
  }

  async close(): Promise<void> {}
}

function countPixels(image: GeoTIFFImage): number {
  const { width, height } = readPageSize(image);
  return width * height;
}

/** Within 1 %, or the pixel by which a small level was rounded. */
function hasProportionsOf(base: GeoTIFFImage, image: GeoTIFFImage): boolean {
  const [whole, part] = [readPageSize(base), readPageSize(image)];
  const height = (part.width * whole.height) / whole.width;
  const width = (part.height * whole.width) / whole.height;
  const isRounded = Math.abs(part.height - height) < 1 || Math.abs(part.width - width) < 1;
  return Math.abs(part.height / height - 1) <= PROPORTION_TOLERANCE || isRounded;
}

/** From fine to coarse, one of each size. */
function sortLevels(images: readonly GeoTIFFImage[], base: GeoTIFFImage): GeoTIFFImage[] {
  const sorted = [...images].sort((a, b) => countPixels(b) - countPixels(a));
  const twins = sorted.filter((image) => countPixels(image) === countPixels(base)).length;
  if (twins > 1)
    throw new FileFault(
      `has ${twins} pictures of one size: a stack of planes or channels, which is not read here.`,
    );
  return sorted;
}

async function readResolution({ fileDirectory: tags }: GeoTIFFImage) {
  const read = async (tag: 'XResolution' | 'YResolution') => {
    const value = (await tags.loadValue(tag)) as ArrayLike<number> | number | undefined;
    if (value === undefined) return null;
    if (typeof value === 'number') return value;
    return value.length > 1 ? Number(value[0]) / Number(value[1]) : Number(value[0]);
  };
  const unit = Number((await tags.loadValue('ResolutionUnit')) ?? 2);
  return { x: await read('XResolution'), y: await read('YResolution'), unit };
}

/** Put together from the tiles that it touches. */
async function readBox(
  page: TiffPage,
  level: number,
  { box, cache }: { box: Box; cache: TileCache },
): Promise<Uint8Array> {
  const { tile } = page;
  const out = new Uint8Array(box.width * box.height * RGB);
  const across = Math.ceil(page.width / tile.width);
  for (let row = Math.floor(box.y / tile.height); row * tile.height < box.y + box.height; row++) {
    for (let column = Math.floor(box.x / tile.width); column * tile.width < box.x + box.width; column++) {
      const pixels = await cache.read(page, level, { column, row, index: row * across + column });
      copyOverlap(out, box, {
        pixels,
        width: tile.width,
        height: pixels.length / RGB / tile.width,
        x: column * tile.width,
        y: row * tile.height,
      });
    }
  }
  return out;
}

type Placed = { pixels: Uint8Array; width: number; height: number; x: number; y: number };

function copyOverlap(out: Uint8Array, box: Box, tile: Placed): void {
  const left = Math.max(box.x, tile.x);
  const right = Math.min(box.x + box.width, tile.x + tile.width);
  const bottom = Math.min(box.y + box.height, tile.y + tile.height);
  for (let y = Math.max(box.y, tile.y); y < bottom; y++) {
    const from = ((y - tile.y) * tile.width + left - tile.x) * RGB;
    const to = ((y - box.y) * box.width + left - box.x) * RGB;
    out.set(tile.pixels.subarray(from, from + (right - left) * RGB), to);
  }
}

type TilePlace = { column: number; row: number; index: number };

/** Tiles of the levels, those that were read last. */
class TileCache {
  readonly #file: Blob;
  readonly #tiles = new Map<string, Uint8Array>();
  #bytes = 0;

  constructor(file: Blob) {
    this.#file = file;
  }

  async read(page: TiffPage, level: number, place: TilePlace): Promise<Uint8Array> {
    const key = `${level}/${place.index}`;
    const known = this.#tiles.get(key);
    if (known) {
      this.#tiles.delete(key);
      this.#tiles.set(key, known);
      return known;
    }
    const pixels = await this.#decode(page, place);
    this.#tiles.set(key, pixels);
    this.#bytes += pixels.length;
    for (const [oldest, { length }] of this.#tiles) {
      if (this.#bytes <= CACHED_BYTES_MAX || oldest === key) break;
      this.#tiles.delete(oldest);
      this.#bytes -= length;
    }
    return pixels;
  }

  clear(): void {
    this.#tiles.clear();
    this.#bytes = 0;
  }

  async #decode(page: TiffPage, { column, row, index }: TilePlace): Promise<Uint8Array> {
    const [offset, length] = [Number(page.offsets[index] ?? 0), Number(page.byteCounts[index] ?? 0)];
    const name = `the tile ${column}, ${row}`;
    // A tile that a scanner left out is glass.
    if (length === 0 && page.isTiled)
      return new Uint8Array(page.tile.width * page.tile.height * RGB).fill(255);
    if (offset + length > this.#file.size || length === 0)
      throw new FileFault(`is cut off: ${name} lies beyond its end.`);
    const stream = new Uint8Array(await this.#file.slice(offset, offset + length).arrayBuffer());
    // The last strip has only the rows that are left.
    const rows = page.isTiled
      ? page.tile.height
      : Math.min(page.tile.height, page.height - row * page.tile.height);
    try {
      return await decodeTile(stream, page, { width: page.tile.width, height: rows });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new FileFault(`is damaged: ${name} cannot be decoded (${reason}).`);
    }
  }
}
