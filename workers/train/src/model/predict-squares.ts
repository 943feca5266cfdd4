/**
 * A model on the squares of a slide, block after block: the pixels of the next block are read while the network works on the one
 * before. Blocks begin at the same squares wherever they are computed, so that a network sees the same batches.
 */
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import type { TilePlan, TissueSlide } from '@microtome/store/slide-analysis/tissue-tiles';
import type { Predictor } from './predictor.ts';

/** Of the pixels of a block: two of them are in memory at a time. */
const BLOCK_BYTES_MAX = 48 * 1024 * 1024;
const BLOCK_PATCHES_MAX = 256;

type SquaresRequest = {
  slide: TissueSlide;
  predictor: Predictor;
  /** `done` squares, from the first on, are left out. */
  plan: Pick<TilePlan, 'columns' | 'places'> & { done: number };
  tilePx: number;
};

/** The first square of a block is told by its number within the plan. When it ends, nothing reads the slide any more. */
export async function* predictSquares({
  slide,
  predictor,
  plan: { places, columns, done },
  tilePx,
}: SquaresRequest): AsyncGenerator<{ first: number; probabilities: Float64Array }> {
  const size = Math.max(
    1,
    Math.min(BLOCK_PATCHES_MAX, Math.floor(BLOCK_BYTES_MAX / countPixelBytes(tilePx))),
  );
  const read = (first: number) => {
    const pixels = slide.readTiles(places.subarray(first, first + size), columns);
    // Its fault is met when the block's turn comes.
    pixels.catch(() => {});
    return pixels;
  };
  let ahead = read(done);
  try {
    for (let first = done; first < places.length; first += size) {
      const pixels = await ahead;
      const last = Math.min(first + size, places.length);
      if (last < places.length) ahead = read(last);
      yield { first, probabilities: await predictor.predict(pixels, last - first) };
    }
  } finally {
    await ahead.catch(() => {});
  }
}
