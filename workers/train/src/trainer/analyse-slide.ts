/**
 * A model on one slide: its tissue in squares of the model's scale, block after block, each noted when it is computed. An attempt
 * that goes on begins behind the last block.
 */
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openTissue, type TilePlan, type TissueSlide } from '@microtome/store/slide-analysis/tissue-tiles';
import { predictSquares } from '../model/predict-squares.ts';
import type { AnalysisJob, AnalysisNote } from '../protocol/analysis-job.ts';
import { openJobModel } from './open-job-model.ts';

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
    try {
      io.onProgress(plan.done);
      const { tilePx } = job.slide;
      for await (const block of predictSquares({ slide, predictor, plan, tilePx })) {
        io.note({ kind: 'computed', block });
        io.onProgress(block.first + block.probabilities.length);
      }
    } finally {
      await predictor.dispose();
    }
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
