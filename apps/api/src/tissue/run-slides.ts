/** The slides of a run's dataset as the run sees them: side, readable predictions, AUC of each slide. */
import type { Subset } from '@microtome/domain/split/subset';
import { listSlidesOfRun, type SlideOfRun } from '@microtome/store/evaluation/predicted-slides';
import {
  listReadablePredictions,
  type SubsetPredictions,
} from '@microtome/store/evaluation/scored-predictions';
import type { Run } from '@microtome/store/generated/prisma/client';
import type { SubsetPatches } from '@microtome/store/split/subset-patches';
import type { Background } from '../background/background.ts';
import type { GroupAucResult } from '../background/background-task.ts';
import type { PredictionServices } from '../evaluation/prediction-reader.ts';

export type RunSlide = SlideOfRun & { heatmapUrl: string | null; patches: number; auc: number | null };

type SlideServices = PredictionServices & { background: Background };

export async function listRunSlides(
  { store, predictions, background }: SlideServices,
  { run, subset }: { run: Run; subset: Subset | null },
): Promise<RunSlide[]> {
  const [slides, found, patches] = await Promise.all([
    listSlidesOfRun(store, { run, subset }),
    listReadablePredictions(store, run.id, predictions),
    predictions.listPatches(run.datasetId),
  ]);
  const measured = await measureSlides({ background, found, patches });
  return slides.map((one) => {
    const { patches: count, auc } = measured.get(one.slide.id) ?? { patches: 0, auc: null };
    const heatmapUrl = count > 0 ? `/runs/${run.id}/slides/${one.slide.id}/heatmap.png` : null;
    return { ...one, heatmapUrl, patches: count, auc };
  });
}

/** Predictions are columns over patches; here they are grouped by slide and measured in the background thread. */
async function measureSlides(measuring: {
  background: Background;
  found: SubsetPredictions[];
  patches: SubsetPatches;
}): Promise<Map<string, GroupAucResult[number]>> {
  const { background, found, patches } = measuring;
  const indexes = found.flatMap(({ patchIndexes }) => [...patchIndexes]);
  const groups = await background.groupAucs({
    probabilities: Float64Array.from(found.flatMap(({ probabilities }) => [...probabilities])),
    labels: Uint8Array.from(indexes, (index) => patches.labels[index] ?? 0),
    groups: Int32Array.from(indexes, (index) => patches.slides[index] ?? 0),
    groupCount: patches.slideIds.length,
  });
  return new Map(groups.map((group, slide) => [patches.slideIds[slide] ?? '', group]));
}
