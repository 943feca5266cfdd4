/** The slides of runs' datasets as each run sees them: side, readable predictions, AUC of each slide. */
import { chooseCellSide } from '@microtome/domain/slide/heatmap-grid';
import { labelClass, type TaskSides } from '@microtome/domain/task/task';
import { listSlidesOfRuns, type SlideOfRun } from '@microtome/store/evaluation/predicted-slides';
import {
  listReadableFiles,
  readFiles,
  type SubsetPredictions,
} from '@microtome/store/evaluation/scored-predictions';
import type { Run } from '@microtome/store/generated/prisma/client';
import {
  type LabelledPatches,
  labelPatches,
  type SubsetPatches,
} from '@microtome/store/split/subset-patches';
import { listTasksOfRuns } from '@microtome/store/task/tasks';
import type { Background } from '../background/background.ts';
import type { GroupAucResult } from '../background/background-task.ts';
import type { PredictionServices } from '../evaluation/prediction-reader.ts';

export type RunSlide = SlideOfRun & {
  heatmapUrl: string | null;
  /** Side of the square of the slide that one pixel of the heatmap stands for. */
  heatmapCellPx: number;
  patches: number;
  auc: number | null;
};

type SlideServices = PredictionServices & { background: Background };

/**
 * Run → its slides, by patient, or why there are none to be had. The runs are asked for together and measured one after
 * the other: predictions of many at once would fill the memory.
 */
export async function listRunSlides(
  { store, predictions, background }: SlideServices,
  runs: readonly Run[],
): Promise<Map<string, RunSlide[] | Error>> {
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
  const describe = async ({ id, datasetId }: Run): Promise<RunSlide[]> => {
    const sides = tasks.get(id)?.sides ?? [];
    const found = await readFiles(files.get(id) ?? [], predictions);
    const patches = await predictions.listPatches(datasetId);
    const figures = await measureSlides({ background, found, patches, sides });
    const patchCounts = countPatches(labelPatches(patches, sides));
    return (slides.get(id) ?? []).map((one) => {
      const patchCount = patchCounts.get(one.slide.id) ?? 0;
      const patchSizePx = patchSizes.get(datasetId) as number;
      const { widthPx, heightPx } = one.slide;
      const described = describeSlide(id, one, figures);
      // Patches without places cannot be drawn.
      if (widthPx === null || heightPx === null) {
        return { ...described, heatmapUrl: null, heatmapCellPx: patchSizePx };
      }
      const heatmapCellPx = chooseCellSide({ widthPx, heightPx, patchCount, patchSizePx });
      return { ...described, heatmapCellPx };
    });
  };
  const described = new Map<string, RunSlide[] | Error>();
  for (const run of runs) described.set(run.id, await describe(run).catch((error: Error) => error));
  return described;
}

function describeSlide(
  runId: string,
  one: SlideOfRun,
  figures: ReadonlyMap<string, GroupAucResult[number]>,
): Omit<RunSlide, 'heatmapCellPx'> {
  const { patches, auc } = figures.get(one.slide.id) ?? { patches: 0, auc: null };
  const heatmapUrl = patches > 0 ? `/runs/${runId}/slides/${one.slide.id}/heatmap.png` : null;
  return { ...one, heatmapUrl, patches, auc };
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
  found: SubsetPredictions[];
  patches: SubsetPatches;
  sides: TaskSides;
}): Promise<Map<string, GroupAucResult[number]>> {
  const { background, found, patches, sides } = measuring;
  const indexes = found.flatMap(({ patchIndexes }) => [...patchIndexes]);
  const groups = await background.groupAucs({
    probabilities: Float64Array.from(found.flatMap(({ probabilities }) => [...probabilities])),
    labels: Uint8Array.from(indexes, (index) => labelClass(sides, patches.classes[index] ?? -1) ?? 0),
    groups: Int32Array.from(indexes, (index) => patches.slides[index] ?? 0),
    groupCount: patches.slideIds.length,
  });
  return new Map(groups.map((group, slide) => [patches.slideIds[slide] ?? '', group]));
}
