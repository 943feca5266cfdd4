/**
 * A model on one slide: its tissue in squares of the model's scale, block after block, each noted when it is computed. The squares
 * of the next block are read while the network works on the one before. An attempt that goes on begins behind the last block.
 */
import { AppError } from '@microtome/domain/app-error';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openTissue, type TilePlan, type TissueSlide } from '@microtome/store/slide-analysis/tissue-tiles';
import type { Predictor } from '../model/predictor.ts';
import type { AnalysisJob, AnalysisNote } from '../protocol/analysis-job.ts';
import { openJobModel } from './open-job-model.ts';

/** Of the pixels of a block: two of them are in memory at a time. */
const BLOCK_BYTES_MAX = 48 * 1024 * 1024;
const BLOCK_PATCHES_MAX = 256;

type AnalysisIo = {
  artifacts: ArtifactStore;
  onProgress: (patchesDone: number) => void;
  note: (note: AnalysisNote) => void;
};

type Plan = Pick<TilePlan, 'columns' | 'places'> & { done: number };

/** BAD_INPUT for a slide that cannot be read, or is another one than before. */
export async function analyseSlide(job: AnalysisJob, io: AnalysisIo): Promise<null> {
  const slide = await openTissue(job.slide);
  try {
    const plan = await resumePlan(job, slide, io);
    const predictor = await openJobModel({ ...job, patchSizePx: job.slide.tilePx }, io.artifacts);
    await computeBlocks({ slide, predictor, plan, tilePx: job.slide.tilePx, io }).finally(() =>
      predictor.dispose(),
    );
    return null;
  } finally {
    await slide.close();
  }
}

async function resumePlan(
  { resumed, slide: { path } }: AnalysisJob,
  slide: TissueSlide,
  io: AnalysisIo,
): Promise<Plan> {
  if (!resumed) {
    const plan = await slide.plan();
    io.note({ kind: 'planned', plan });
    return { ...plan, done: 0 };
  }
  if ((await slide.digest()) !== resumed.digest)
    throw new AppError('BAD_INPUT', `${path} is another file than the one whose analysis was begun.`);
  return resumed;
}

type Computing = {
  slide: TissueSlide;
  predictor: Predictor;
  plan: Plan;
  tilePx: number;
  io: AnalysisIo;
};

/** Blocks begin at the same squares whoever computes them, so that a network sees the same batches. */
async function computeBlocks({ slide, predictor, plan, tilePx, io }: Computing): Promise<void> {
  const { places, columns, done } = plan;
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
  io.onProgress(done);
  let ahead = read(done);
  for (let first = done; first < places.length; first += size) {
    const pixels = await ahead;
    const last = Math.min(first + size, places.length);
    if (last < places.length) ahead = read(last);
    const probabilities = await predictor.predict(pixels, last - first).catch(async (error: unknown) => {
      await ahead.catch(() => {});
      throw error;
    });
    io.note({ kind: 'computed', block: { first, probabilities } });
    io.onProgress(last);
  }
}
