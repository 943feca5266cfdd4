/**
 * Tiles of slides as they are sent, made when a viewer asks and kept by what is on them: out of the scanner's file where the slide
 * remembers one that is still there, else out of its patches. Neither ever changes, so the slide's id, which of both, and
 * the place name the content. What is kept is bounded in bytes, what is made at once in number.
 */
import { AppError } from '@microtome/domain/app-error';
import { countTileLevels, TILE_SIDE_PX, type TilePlace } from '@microtome/domain/slide/tile-pyramid';
import { fetchPatches } from '@microtome/store/dataset/fetch-patches';
import { findSlidePatches, getSlide } from '@microtome/store/dataset/slide-patches';
import type { Slide, SlideAnalysis } from '@microtome/store/generated/prisma/client';
import type { Store } from '@microtome/store/store';
import pLimit from 'p-limit';
import sharp from 'sharp';
import { createByteCache, createResultCache } from '../../result-cache.ts';
import { explainNoPlaces } from '../explain-no-places.ts';
import { openFileSource } from './file-source.ts';
import { createTileSource, type Tile, type TileSource } from './tile-source.ts';

export type TileOrigin = 'patches' | 'file';

/** A slide as tiles can be had of it. */
export type TiledSlide = {
  origin: TileOrigin;
  /** Of a tile below the API's address, with `{level}`, `{column}` and `{row}` to be put in. */
  url: string;
  widthPx: number;
  heightPx: number;
  /** Pixels of level 0 for one of those in which patches lie. */
  scale: number;
};

export type SlideTiles = {
  /** Null where neither a file can be opened nor places are told. */
  describe(slide: Slide): Promise<TiledSlide | null>;
  /** As WebP. NOT_FOUND when there is no such slide, file or tile, or its patches have no places. */
  readTile(key: { slideId: string; origin: TileOrigin; place: TilePlace }): Promise<Buffer>;
  /** The same of an analysed slide, which always is a file. */
  describeAnalysed(analysis: SlideAnalysis): Promise<TiledSlide | null>;
  readAnalysedTile(key: { analysis: SlideAnalysis; place: TilePlace }): Promise<Buffer>;
};

/** Of a few slides of 20,000 patches each: some megabytes. */
const CACHED_SLIDES = 8;
/** About 1,500 tiles of tissue. */
const CACHED_BYTES = 128 * 2 ** 20;
/** Coarse tiles are made of finer ones: these are held a while as they are. */
const CACHED_PIXEL_BYTES = 64 * 2 ** 20;
const MADE_AT_ONCE = 4;
/** Structures of tissue stay sharp; about a tenth of what the pixels take. */
const WEBP = { quality: 90, effort: 1, smartSubsample: true } as const;
const RGBA = 4;
const TILE_NAME = '{level}/{column}_{row}.webp';
/** Browsers keep a tile for good: one of another side has another address. */
const SIDE = `side=${TILE_SIDE_PX}`;

export function createSlideTiles(store: Store): SlideTiles {
  const assembled = createResultCache<TileSource>(CACHED_SLIDES);
  const pictures = createByteCache<Buffer>(CACHED_BYTES);
  const limit = pLimit(MADE_AT_ONCE);

  async function draw({ slideId, origin, place }: Parameters<SlideTiles['readTile']>[0]): Promise<Tile> {
    if (origin === 'patches') {
      return (await assembled.get(slideId, () => openPatches(store, slideId))).drawTile(place);
    }
    const file = readFile(await getSlide(store, slideId));
    if (!file) throw new AppError('NOT_FOUND', `Slide '${slideId}' remembers no scanner's file.`);
    return useFile(file, (source) => source.drawTile(place));
  }

  const make = (name: string, { level, column, row }: TilePlace, drawTile: () => Promise<Tile>) =>
    pictures.get(`${name} ${level} ${column} ${row}`, () => limit(async () => encode(await drawTile())));

  const readTile: SlideTiles['readTile'] = (key) =>
    make(`${key.slideId} ${key.origin}`, key.place, () => draw(key));

  let isBeginning = false;
  /** Who asks what tiles there are will soon ask for the coarsest, for which the whole slide is read. One at a time: a list of slides begins one. */
  function begin(slideId: string, { origin, ...size }: TiledSlide): void {
    if (isBeginning) return;
    isBeginning = true;
    const place = { level: countTileLevels(size) - 1, column: 0, row: 0 };
    // What is wrong with it is told to the one who asks for the tile.
    const begun = readTile({ slideId, origin, place }).catch(() => undefined);
    void begun.finally(() => {
      isBeginning = false;
    });
  }

  return {
    async describe(slide) {
      const tiled = (await describeFile(slide)) ?? describePatches(slide);
      if (tiled) begin(slide.id, tiled);
      return tiled;
    },
    readTile,
    describeAnalysed,
    readAnalysedTile: ({ analysis, place }) =>
      make(`${analysis.id} file`, place, () => {
        const file = readAnalysedFile(analysis);
        if (!file) throw new AppError('NOT_FOUND', `Slide '${analysis.name}' was not looked at yet.`);
        return useFile(file, (source) => source.drawTile(place));
      }),
  };
}

async function openPatches(store: Store, slideId: string): Promise<TileSource> {
  const slide = await findSlidePatches(store, slideId);
  if (!slide) throw explainNoPlaces();
  const { shards } = slide;
  const drawn = createByteCache<Uint8Array>(CACHED_PIXEL_BYTES / CACHED_SLIDES);
  return createTileSource(slide, {
    readPatches: (places) => fetchPatches(store.artifacts, { shards, places }),
    remember: drawn.get,
  });
}

type SlideFile = { path: string; widthPx: number; heightPx: number; micronsPerPixel: number };

function readFile(
  slide: Pick<Slide, 'filePath' | 'fileWidthPx' | 'fileHeightPx' | 'fileMicronsPerPixel'>,
): SlideFile | null {
  const { filePath, fileWidthPx, fileHeightPx, fileMicronsPerPixel } = slide;
  if (filePath === null || fileWidthPx === null || fileHeightPx === null || fileMicronsPerPixel === null)
    return null;
  return {
    path: filePath,
    widthPx: fileWidthPx,
    heightPx: fileHeightPx,
    micronsPerPixel: fileMicronsPerPixel,
  };
}

/** Null before a worker has looked at it. */
function readAnalysedFile(analysis: SlideAnalysis): SlideFile | null {
  return readFile({ ...analysis, filePath: analysis.path });
}

/** A file is opened for each tile that is made: its directory is small, and nothing stays open of a slide that is no longer looked at. */
async function useFile<Value>(file: SlideFile, use: (source: TileSource) => Promise<Value>): Promise<Value> {
  const drawn = createByteCache<Uint8Array>(CACHED_PIXEL_BYTES / CACHED_SLIDES);
  const source = await openFileSource(file, drawn.get);
  try {
    return await use(source);
  } finally {
    await source.close();
  }
}

/** Null where the file is not there any more, or not on this machine: patches are shown then. */
async function describeFile(slide: Slide): Promise<TiledSlide | null> {
  const file = readFile(slide);
  if (!file || slide.micronsPerPixel === null) return null;
  const url = `/slides/${slide.id}/tiles/${TILE_NAME}?of=file&${SIDE}`;
  return describeTiles(file, { url, micronsPerPixel: slide.micronsPerPixel });
}

async function describeAnalysed(analysis: SlideAnalysis): Promise<TiledSlide | null> {
  const file = readAnalysedFile(analysis);
  if (!file) return null;
  const url = `/slide-analyses/${analysis.id}/tiles/${TILE_NAME}?${SIDE}`;
  return describeTiles(file, { url, micronsPerPixel: analysis.micronsPerPixel });
}

async function describeTiles(
  file: SlideFile,
  { url, micronsPerPixel }: { url: string; micronsPerPixel: number },
): Promise<TiledSlide | null> {
  const { widthPx, heightPx } = file;
  const isThere = await useFile(file, async () => true).catch(() => false);
  if (!isThere) return null;
  return { origin: 'file', url, widthPx, heightPx, scale: micronsPerPixel / file.micronsPerPixel };
}

function describePatches({ id, widthPx, heightPx }: Slide): TiledSlide | null {
  const url = `/slides/${id}/tiles/${TILE_NAME}?of=patches&${SIDE}`;
  return widthPx === null || heightPx === null
    ? null
    : { origin: 'patches', url, widthPx, heightPx, scale: 1 };
}

function encode({ widthPx, heightPx, pixels }: Tile): Promise<Buffer> {
  return sharp(pixels, { raw: { width: widthPx, height: heightPx, channels: RGBA } })
    .webp(WEBP)
    .toBuffer();
}
