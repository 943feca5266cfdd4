/**
 * A model's probabilities over one slide: one RGBA pixel for each place of a patch, transparent where no patch was cut
 * and grey where a patch has no prediction that may be read. Predictions under the seal are never looked at.
 */
import { AppError } from '@microtome/domain/app-error';
import { buildHeatmapGrid, type HeatmapLayer, paintHeatmap } from '@microtome/domain/slide/heatmap-grid';
import { labelClass, type TaskSides } from '@microtome/domain/task/task';
import {
  explainNoPredictions,
  getRunAndSlide,
  type SlideWithPatches,
} from '@microtome/store/evaluation/predicted-slides';
import type { Predictions } from '@microtome/store/evaluation/predictions';
import { listReadablePredictions } from '@microtome/store/evaluation/scored-predictions';
import { getExaminedSlide } from '@microtome/store/external-evaluation/examined-slides';
import { requirePredictions } from '@microtome/store/external-evaluation/external-predictions';
import { getTask, getTaskOfRun } from '@microtome/store/task/tasks';
import sharp from 'sharp';
import type { PredictionServices } from '../evaluation/prediction-reader.ts';
import { explainNoPlaces } from './explain-no-places.ts';

const DEFAULT_THRESHOLD = 0.5;

type HeatmapRequest = { runId: string; slideId: string; layer: HeatmapLayer };

/** The picture as PNG. SEALED for a slide of a sealed TEST, NOT_FOUND where nothing was predicted. */
export async function drawHeatmap(
  { store, predictions }: PredictionServices,
  request: HeatmapRequest,
): Promise<Buffer> {
  const { run, slide } = await getRunAndSlide(store, request);
  const found = await listReadablePredictions(store, run.id, predictions);
  const probabilityOf = collectProbabilities(found, slide);
  if (probabilityOf.size === 0) throw await explainNoPredictions(store, { run, slide });
  const { sides } = await getTaskOfRun(store, run.id);
  const threshold = run.threshold ?? DEFAULT_THRESHOLD;
  return paintSlide(slide, { probabilityOf, sides, layer: request.layer, threshold });
}

type ExternalHeatmapRequest = { id: string; slideId: string; layer: HeatmapLayer };

/** NOT_FOUND where nothing was predicted, and for a layer of labels where there are none. */
export async function drawExternalHeatmap(
  { store, predictions }: PredictionServices,
  { layer, ...key }: ExternalHeatmapRequest,
): Promise<Buffer> {
  const { evaluation, slide } = await getExaminedSlide(store, key);
  const { taskId, threshold } = evaluation;
  if (!taskId && layer !== 'probability') {
    throw new AppError('NOT_FOUND', `The external evaluation has no labels, and so no layer '${layer}'.`);
  }
  const found = await predictions.readPredictions(requirePredictions(evaluation));
  const probabilityOf = collectProbabilities([found], slide);
  if (probabilityOf.size === 0) {
    throw new AppError('NOT_FOUND', 'The external evaluation has no predictions of this slide.');
  }
  const sides = taskId ? (await getTask(store, taskId)).sides : null;
  return paintSlide(slide, { probabilityOf, sides, layer, threshold });
}

type Painting = {
  probabilityOf: ReadonlyMap<number, number>;
  /** Null without labels. */
  sides: TaskSides | null;
  layer: HeatmapLayer;
  threshold: number;
};

async function paintSlide(
  slide: SlideWithPatches,
  { probabilityOf, sides, layer, threshold }: Painting,
): Promise<Buffer> {
  // Patches of classes that the task leaves out are nothing to it, as places without a patch are.
  const patches = slide.patches.flatMap(({ index, x, y, classPosition }) => {
    const label = sides ? labelClass(sides, classPosition) : 0;
    if (x === null || y === null) throw explainNoPlaces();
    return label === null ? [] : [{ x, y, label, probability: probabilityOf.get(index) ?? null }];
  });
  const { widthPx, heightPx, dataset } = slide;
  if (widthPx === null || heightPx === null) throw explainNoPlaces();
  const grid = buildHeatmapGrid(patches, { widthPx, heightPx, patchSizePx: dataset.patchSizePx });
  const pixels = paintHeatmap(grid, { layer, threshold });
  return sharp(pixels, { raw: { width: grid.columns, height: grid.rows, channels: 4 } })
    .png()
    .toBuffer();
}

function collectProbabilities(found: readonly Predictions[], slide: SlideWithPatches): Map<number, number> {
  const ofSlide = new Set(slide.patches.map(({ index }) => index));
  const probabilities = new Map<number, number>();
  for (const { patchIndexes, probabilities: values } of found) {
    for (const [position, index] of patchIndexes.entries()) {
      const probability = values[position];
      if (probability !== undefined && ofSlide.has(index)) probabilities.set(index, probability);
    }
  }
  return probabilities;
}
