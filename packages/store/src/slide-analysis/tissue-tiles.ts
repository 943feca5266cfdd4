/**
 * A slide as a model sees it: where its tissue is, in squares of the model's size at the model's scale, and the pixels of those
 * squares. Tissue is found and squares are cut by what cuts slides into the patches of a dataset.
 */
import { basename } from 'node:path';
import { AppError, invariant } from '@microtome/domain/app-error';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import { orderForReading, type TileScale } from '@microtome/domain/slide-analysis/analysis-grid';
import { chooseLevel, layGrid } from '@microtome/domain/tiling/tile-grid';
import { openSlide } from '@microtome/slides/open-slide';
import { releaseMemory } from '@microtome/slides/region/pixel-memory';
import type { Slide } from '@microtome/slides/slide';
import { FactPool } from '../import/facts/told-patch.ts';
import { printablePath } from '../import/refusal.ts';
import { cutTile } from '../import/tiling/cut-tile.ts';
import { examineSlide } from '../import/tiling/examine-slide.ts';
import { digestSlide } from '../import/tiling/slide-digest.ts';
import { completeTiling } from '../import/tiling-options.ts';

/** Tissue has no class yet, and the look at a slide asks for one. */
const ANY_CLASS = 'tissue';
/** More than the tiles of one batch that are decoded at once would only wait. */
const CUT_AT_ONCE = 8;

type SlideFileFacts = { digest: string; widthPx: number; heightPx: number; micronsPerPixel: number };

export type TilePlan = {
  file: SlideFileFacts;
  columns: number;
  rows: number;
  /** Of the squares to be asked about, in the order in which they are read best. */
  places: Int32Array;
};

export type TissueRequest = TileScale & {
  path: string;
  /** Of the finest level of a slide that tells none. */
  toldMicronsPerPixel: number | null;
};

export type TissueSlide = {
  /** All that it is read from: some slides are several files. */
  files: readonly string[];
  digest(): Promise<string>;
  plan(): Promise<TilePlan>;
  /** Of squares of a plan, RGB one after the other. */
  readTiles(places: Int32Array, columns: number): Promise<Uint8Array>;
  close(): Promise<void>;
};

/** @throws AppError BAD_INPUT, with a sentence that names the file, where the slide cannot give what is asked */
export async function openTissue(request: TissueRequest): Promise<TissueSlide> {
  const slide = await openSlide(request.path);
  const digest = () => digestSlide(slide.files, new AbortController().signal);
  return {
    files: slide.files,
    digest,
    plan: () => planTiles(slide, { ...request, digest }),
    readTiles: (places, columns) => readTiles(slide, { ...request, places, columns }),
    close: () => slide.close(),
  };
}

async function planTiles(
  slide: Slide,
  { path, digest, ...request }: TissueRequest & { digest: () => Promise<string> },
): Promise<TilePlan> {
  const { tilePx, micronsPerPixel, toldMicronsPerPixel } = request;
  const name = printablePath(basename(path));
  if (slide.micronsPerPixel === null && toldMicronsPerPixel === null)
    throw new AppError('BAD_INPUT', `${name}: It tells no µm per pixel: say those of slides that tell none.`);
  const examined = await examineSlide(slide, {
    path,
    facts: new FactPool().complete({ className: ANY_CLASS }),
    options: completeTiling({ tilePx, micronsPerPixel }),
    micronsPerPixel: toldMicronsPerPixel,
    labels: {
      outlines: null,
      outlineClasses: { positive: null, holes: [] },
      classes: { positive: ANY_CLASS, negative: ANY_CLASS },
    },
  });
  if (!examined.ok) throw new AppError('BAD_INPUT', `${name}: ${examined.fault.reason}`);
  const { grid, tiles, width: widthPx, height: heightPx, micronsPerPixel: ownMicrons } = examined.value;
  const { columns, rows } = grid;
  const places = Int32Array.from(tiles, ({ x, y }) => (y / tilePx) * columns + x / tilePx);
  const file = { digest: await digest(), widthPx, heightPx, micronsPerPixel: ownMicrons };
  return { file, columns, rows, places: orderForReading(places, columns) };
}

async function readTiles(
  slide: Slide,
  { places, columns, ...request }: TissueRequest & { places: Int32Array; columns: number },
): Promise<Uint8Array> {
  const { tilePx, micronsPerPixel } = request;
  const [finest] = slide.levels;
  const own = slide.micronsPerPixel ?? request.toldMicronsPerPixel;
  invariant(own !== null, 'a slide that was planned has a scale');
  const grid = layGrid(
    { width: finest!.width, height: finest!.height, micronsPerPixel: own },
    { tilePx, stridePx: tilePx, micronsPerPixel },
  );
  const level = chooseLevel(slide.levels, grid);
  const tileBytes = countPixelBytes(tilePx);
  const pixels = new Uint8Array(places.length * tileBytes);
  let next = 0;
  const work = async () => {
    for (let at = next++; at < places.length; at = next++) {
      const place = places[at]!;
      const [x, y] = [(place % columns) * tilePx, Math.floor(place / columns) * tilePx];
      const tile = await cutTile(slide, { grid, level, tilePx, x, y });
      pixels.set(tile, at * tileBytes);
      releaseMemory(tile);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: CUT_AT_ONCE }, work));
  // Every square has come to its end before a fault is told: nothing goes on behind the caller's back.
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
  return pixels;
}
