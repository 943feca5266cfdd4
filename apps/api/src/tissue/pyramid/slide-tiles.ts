/**
 * Tiles of slides as they are sent, made when somebody looks there and kept by what is on them. A slide never changes, so its id
 * and the place name the content. What is kept is bounded in bytes, what is made at once in number.
 */
import type { TilePlace } from '@microtome/domain/slide/tile-pyramid';
import { fetchPatches } from '@microtome/store/dataset/fetch-patches';
import { findSlidePatches } from '@microtome/store/dataset/slide-patches';
import type { Store } from '@microtome/store/store';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { createByteCache, createResultCache } from '../../result-cache.ts';
import { explainNoPlaces } from '../explain-no-places.ts';
import { createTileSource, type Tile, type TileSource } from './tile-source.ts';

/** Of a few slides of 20,000 patches each: some megabytes. */
const CACHED_SLIDES = 8;
/** About 6,000 tiles of tissue. */
const CACHED_BYTES = 128 * 2 ** 20;
/** Coarse tiles are made of finer ones: these are held a while as they are. */
const CACHED_PIXEL_BYTES = 64 * 2 ** 20;
const MADE_AT_ONCE = 4;
/** Structures of tissue stay sharp; about a tenth of what the pixels take. */
const WEBP = { quality: 90, effort: 1, smartSubsample: true } as const;
const RGBA = 4;

type SlideTiles = {
  /** As WebP. NOT_FOUND when there is no such slide or tile, or its patches have no places. */
  readTile(slideId: string, place: TilePlace): Promise<Buffer>;
};

export function createSlideTiles(store: Store): SlideTiles {
  const sources = createResultCache<TileSource>(CACHED_SLIDES);
  const pictures = createByteCache<Buffer>(CACHED_BYTES);
  const limit = pLimit(MADE_AT_ONCE);

  async function openSource(slideId: string): Promise<TileSource> {
    const slide = await findSlidePatches(store, slideId);
    if (!slide) throw explainNoPlaces();
    const { shards } = slide;
    const drawn = createByteCache<Uint8Array>(CACHED_PIXEL_BYTES / CACHED_SLIDES);
    return createTileSource(slide, {
      readPatches: (places) => fetchPatches(store.artifacts, { shards, places }),
      remember: (name, draw) => drawn.get(name, draw),
    });
  }

  return {
    readTile: (slideId, place) =>
      pictures.get(`${slideId} ${place.level} ${place.column} ${place.row}`, () =>
        limit(async () => {
          const source = await sources.get(slideId, () => openSource(slideId));
          return encode(await source.drawTile(place));
        }),
      ),
  };
}

function encode({ widthPx, heightPx, pixels }: Tile): Promise<Buffer> {
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: RGBA } })
    .webp(WEBP)
    .toBuffer();
}
