/** A slide over its tiled levels: what all formats share once their tiles can be decoded. */
import type { AssociatedImage, RgbImage, Slide, SlideFormat } from '../slide.ts';
import { slideFault } from '../slide-fault.ts';
import { readRegion } from './read-region.ts';
import { createTileCache } from './tile-cache.ts';
import type { TiledImage } from './tiled-image.ts';

const DEFAULT_CACHE_BYTES = 64 * 1024 * 1024;

export type ReadableImage = AssociatedImage & { read(): Promise<Uint8Array> };
/** `cacheBytes` bounds the decoded tiles that are kept for the next region. */
export type SlideOptions = { cacheBytes?: number };
type SlideParts = {
  path: string;
  files: readonly string[];
  format: SlideFormat;
  /** From fine to coarse. */
  images: readonly TiledImage[];
  micronsPerPixel: number | null;
  associated: readonly ReadableImage[];
  closeFiles(): Promise<void>;
};

export function makeTiledSlide(parts: SlideParts, { cacheBytes = DEFAULT_CACHE_BYTES }: SlideOptions): Slide {
  const { path, images, associated } = parts;
  const cache = createTileCache(cacheBytes);
  const [finest] = images;
  let isClosed = false;
  const checkOpen = () => {
    if (isClosed) throw slideFault(path, 'was closed and cannot be read any more.');
  };
  return {
    path,
    files: parts.files,
    format: parts.format,
    micronsPerPixel: parts.micronsPerPixel,
    levels: images.map(({ width, height, tileWidth, tileHeight }) => {
      const downsample = (finest!.width / width + finest!.height / height) / 2;
      return { width, height, downsample, tileWidth, tileHeight };
    }),
    associatedImages: associated.map(({ name, width, height }) => ({ name, width, height })),

    async readRegion(level, x, y, width, height) {
      checkOpen();
      const image = images[level];
      if (!image)
        throw slideFault(path, `has ${images.length} levels, from 0 on: there is no level ${level}.`);
      return readRegion({ path, name: `level ${level}`, image, cache }, { x, y, width, height });
    },

    async readAssociatedImage(name): Promise<RgbImage> {
      checkOpen();
      const found = associated.find((one) => one.name === name);
      if (!found) {
        const names = associated.map((one) => one.name).join(', ');
        throw slideFault(path, `has no picture "${name}" beside its levels; it has ${names || 'none'}.`);
      }
      return { width: found.width, height: found.height, pixels: await found.read() };
    },

    async close() {
      if (isClosed) return;
      isClosed = true;
      cache.clear();
      await parts.closeFiles();
    },
  };
}
