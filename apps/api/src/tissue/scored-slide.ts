/**
 * One slide as a model sees it: its patches in their places with label and probability, and the grid that they make. Predictions
 * under the seal are never looked at.
 */
import { buildHeatmapGrid, type HeatmapGrid, type ScoredPlace } from '@microtome/domain/slide/heatmap-grid';
import { labelClass, type TaskSides } from '@microtome/domain/task/task';
import {
  getRunAndSlide,
  type RunAndSlide,
  type SlideInDataset,
} from '@microtome/store/evaluation/predicted-slides';
import type { Predictions } from '@microtome/store/evaluation/predictions';
import { listReadablePredictions } from '@microtome/store/evaluation/scored-predictions';
import { getExaminedSlide } from '@microtome/store/external-evaluation/examined-slides';
import { requirePredictions } from '@microtome/store/external-evaluation/external-predictions';
import type { SubsetPatches } from '@microtome/store/split/subset-patches';
import { getTask, getTaskOfRun } from '@microtome/store/task/tasks';
import type { PredictionServices } from '../evaluation/prediction-reader.ts';
import { explainNoPlaces } from './explain-no-places.ts';

export type ScoredSlide = {
  slide: SlideInDataset;
  /** Whose model it is, and what the run's split divides. */
  runId: string;
  splitKind: 'PATIENT' | 'PATCH';
  threshold: number;
  /** False where nothing tells the class of a patch: labels are 0 then and say nothing. */
  hasLabels: boolean;
  /** Those that the task leaves out are nothing to it, as places without a patch are. */
  patches: (ScoredPlace & { index: number })[];
  /** A cell for each of the patches, in their order. */
  grid: HeatmapGrid;
};

/** Of a run that has none yet. */
const THRESHOLD_BEFORE_END = 0.5;

export function chooseThreshold({ threshold }: { threshold: number | null }): number {
  return threshold ?? THRESHOLD_BEFORE_END;
}

/** NOT_FOUND when there is no such run or slide, or its patches have no places. */
export async function readRunSlide(
  { store, predictions }: PredictionServices,
  key: { runId: string; slideId: string },
): Promise<ScoredSlide & RunAndSlide> {
  const { run, slide } = await getRunAndSlide(store, key);
  const found = await listReadablePredictions(store, run.id, predictions);
  const { sides } = await getTaskOfRun(store, run.id);
  const all = await predictions.listPatches(run.datasetId);
  return {
    run,
    slide,
    runId: run.id,
    splitKind: run.splitKind,
    threshold: chooseThreshold(run),
    hasLabels: true,
    ...place(slide, { all, found, sides }),
  };
}

/** NOT_FOUND also before it has predictions. */
export async function readExaminedSlide(
  { store, predictions }: PredictionServices,
  key: { id: string; slideId: string },
): Promise<ScoredSlide> {
  const { evaluation, slide } = await getExaminedSlide(store, key);
  const { taskId, threshold } = evaluation;
  const found = [await predictions.readPredictions(requirePredictions(evaluation))];
  const sides = taskId ? (await getTask(store, taskId)).sides : null;
  const all = await predictions.listPatches(evaluation.datasetId);
  return {
    slide,
    runId: evaluation.runId,
    // In an exam all patches are on one side.
    splitKind: 'PATIENT',
    threshold,
    hasLabels: sides !== null,
    ...place(slide, { all, found, sides }),
  };
}

type Placing = { all: SubsetPatches; found: readonly Predictions[]; sides: TaskSides | null };

function place(slide: SlideInDataset, placing: Placing): Pick<ScoredSlide, 'patches' | 'grid'> {
  const { widthPx, heightPx, dataset } = slide;
  if (widthPx === null || heightPx === null) throw explainNoPlaces();
  const patches = listPatches(slide.id, placing);
  const grid = buildHeatmapGrid(patches, { widthPx, heightPx, patchSizePx: dataset.patchSizePx });
  return { patches, grid };
}

function listPatches(slideId: string, { all, found, sides }: Placing): ScoredSlide['patches'] {
  const number = all.slideIds.indexOf(slideId);
  const probabilities = collectProbabilities(found, (index) => all.slides[index] === number);
  const patches: ScoredSlide['patches'] = [];
  for (let index = 0; index < all.count; index++) {
    if (all.slides[index] !== number) continue;
    const label = sides ? labelClass(sides, all.classes[index]!) : 0;
    const [x, y] = [all.x[index]!, all.y[index]!];
    if (x < 0) throw explainNoPlaces();
    if (label !== null) patches.push({ index, x, y, label, probability: probabilities.get(index) ?? null });
  }
  return patches;
}

function collectProbabilities(
  found: readonly Predictions[],
  isOnSlide: (index: number) => boolean,
): Map<number, number> {
  const probabilities = new Map<number, number>();
  for (const { patchIndexes, probabilities: values } of found) {
    for (const [position, index] of patchIndexes.entries()) {
      const probability = values[position];
      if (probability !== undefined && isOnSlide(index)) probabilities.set(index, probability);
    }
  }
  return probabilities;
}
