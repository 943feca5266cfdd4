/** Slides as a run sees them, of its own dataset or of an exam: side, readable predictions, AUC of each slide. */
import { chooseCellSide } from '@microtome/domain/slide/heatmap-grid';
import { labelClass, type TaskSides } from '@microtome/domain/task/task';
import { getDataset } from '@microtome/store/dataset/datasets';
import { listSlidesOfRuns, type SlideOfRun } from '@microtome/store/evaluation/predicted-slides';
import type { Predictions } from '@microtome/store/evaluation/predictions';
import { listReadableFiles, readFiles } from '@microtome/store/evaluation/scored-predictions';
import { listExaminedSlides } from '@microtome/store/external-evaluation/examined-slides';
import type { ExternalEvaluation, Run } from '@microtome/store/generated/prisma/client';
import { findOnSplit, type OnSplit } from '@microtome/store/run/split-run';
import {
  type LabelledPatches,
  labelPatches,
  type SubsetPatches,
} from '@microtome/store/split/subset-patches';
import { getTask, listTasksOfRuns } from '@microtome/store/task/tasks';
import type { Background } from '../background/background.ts';
import type { GroupFigures } from '../background/background-task.ts';
import type { PredictionServices } from '../evaluation/prediction-reader.ts';
import { chooseThreshold } from './scored-slide.ts';

export type RunSlide = SlideOfRun & {
  heatmapUrl: string | null;
  /** Side of the square of the slide that one pixel of the heatmap stands for. */
  heatmapCellPx: number;
  patches: number;
  called: number;
  /** Null without labels. */
  errors: number | null;
  auc: number | null;
};

type SlideServices = PredictionServices & { background: Background };

/**
 * Run → its slides, by patient, or why there are none to be had; a run without a split has no entry. The runs are asked for together and measured one after
 * the other: predictions of many at once would fill the memory.
 */
export async function listRunSlides(
  { store, predictions, background }: SlideServices,
  all: readonly Run[],
): Promise<Map<string, RunSlide[] | Error>> {
  const runs = all.flatMap((run) => findOnSplit(run) ?? []);
  const [slides, datasets, tasks, files] = await Promise.all([
    listSlidesOfRuns(store, runs),
    store.database.prisma.dataset.findMany({ where: { id: { in: runs.map((run) => run.datasetId) } } }),
    listTasksOfRuns(
      store,
      runs.map(({ id }) => id),
    ),
    listReadableFiles(
      store,
      runs.map(({ id }) => id),
    ),
  ]);
  const patchSizes = new Map(datasets.map(({ id, patchSizePx }) => [id, patchSizePx]));
  const describe = async ({ id, datasetId, threshold }: OnSplit<Run>): Promise<RunSlide[]> => {
    const sides = tasks.get(id)?.sides ?? [];
    const found = await readFiles(files.get(id) ?? [], predictions);
    const patches = await predictions.listPatches(datasetId);
    return describeSlides(background, {
      slides: slides.get(id) ?? [],
      found,
      patches,
      sides,
      threshold: chooseThreshold({ threshold }),
      patchSizePx: patchSizes.get(datasetId) as number,
      address: `/runs/${id}`,
    });
  };
  const described = new Map<string, RunSlide[] | Error>();
  for (const run of runs) described.set(run.id, await describe(run).catch((error: Error) => error));
  return described;
}

/** Empty before it has SUCCEEDED. */
export async function listExternalSlides(
  { store, predictions, background }: SlideServices,
  evaluation: ExternalEvaluation,
): Promise<RunSlide[]> {
  const { id, datasetId, taskId, artifactHash, threshold } = evaluation;
  if (!artifactHash) return [];
  const { patchSizePx } = await getDataset(store, datasetId);
  const slides = await listExaminedSlides(store, evaluation);
  return describeSlides(background, {
    slides: slides.map((slide) => ({ slide, subset: null, sealed: false })),
    found: [await predictions.readPredictions(artifactHash)],
    patches: await predictions.listPatches(datasetId),
    sides: taskId ? (await getTask(store, taskId)).sides : [],
    threshold,
    patchSizePx,
    address: `/external-evaluations/${id}`,
  });
}

type Described = {
  slides: readonly SlideOfRun[];
  found: readonly Predictions[];
  /** Every patch of the slides' dataset. */
  patches: SubsetPatches;
  /** Empty without labels. */
  sides: TaskSides;
  threshold: number;
  patchSizePx: number;
  /** Where the predictions are asked for, below the API's address. */
  address: string;
};

const NOTHING_PREDICTED = { patches: 0, called: 0, wrong: 0, auc: null };

async function describeSlides(
  background: Background,
  { slides, found, patches, sides, threshold, patchSizePx, address }: Described,
): Promise<RunSlide[]> {
  const figures = await measureSlides({ background, found, patches, sides, threshold });
  const patchCounts = countPatches(labelPatches(patches, sides));
  return slides.map((one) => {
    const { id, widthPx, heightPx } = one.slide;
    const { patches: predicted, called, wrong, auc } = figures.get(id) ?? NOTHING_PREDICTED;
    const errors = sides.length > 0 ? wrong : null;
    const described = { ...one, patches: predicted, called, errors, auc };
    // Patches without places cannot be drawn.
    if (widthPx === null || heightPx === null) {
      return { ...described, heatmapUrl: null, heatmapCellPx: patchSizePx };
    }
    const patchCount = patchCounts.get(id) ?? 0;
    const heatmapCellPx = chooseCellSide({ widthPx, heightPx, patchCount, patchSizePx });
    const heatmapUrl = predicted > 0 ? `${address}/slides/${id}/heatmap.png` : null;
    return { ...described, heatmapUrl, heatmapCellPx };
  });
}

/** Of each slide, strips included: those that a heatmap shows. */
function countPatches({ slides, slideIds }: LabelledPatches): Map<string, number> {
  const counts = new Int32Array(slideIds.length);
  for (const slide of slides) counts[slide] = (counts[slide] ?? 0) + 1;
  return new Map(slideIds.map((id, slide) => [id, counts[slide] ?? 0]));
}

/** Predictions are columns over patches; here they are grouped by slide and measured in the background thread. */
async function measureSlides(measuring: {
  background: Background;
  found: readonly Predictions[];
  patches: SubsetPatches;
  sides: TaskSides;
  threshold: number;
}): Promise<Map<string, GroupFigures[number]>> {
  const { background, found, patches, sides, threshold } = measuring;
  const indexes = found.flatMap(({ patchIndexes }) => [...patchIndexes]);
  const groups = await background.groupFigures({
    threshold,
    probabilities: Float64Array.from(found.flatMap(({ probabilities }) => [...probabilities])),
    labels: Uint8Array.from(indexes, (index) => labelClass(sides, patches.classes[index] ?? -1) ?? 0),
    groups: Int32Array.from(indexes, (index) => patches.slides[index] ?? 0),
    groupCount: patches.slideIds.length,
  });
  return new Map(groups.map((group, slide) => [patches.slideIds[slide] ?? '', group]));
}
