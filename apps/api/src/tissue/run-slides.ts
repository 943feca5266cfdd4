/** The slides of a run's data set as the run sees them: side, readable predictions, AUC of each slide. */
import type { Subset } from '@microtome/domain/split/subset';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import type { SubsetPatches } from '@microtome/store/split/subset-patches';
import type { Background } from '../background/background.ts';
import type { GroupAucResult } from '../background/background-task.ts';
import type { PredictionServices, SubsetPredictions } from '../evaluation/run-predictions.ts';

type SlideRow = Prisma.SlideGetPayload<object>;
type RunRow = Prisma.RunGetPayload<object>;

export type RunSlide = {
  slide: SlideRow;
  subset: Subset | null;
  heatmapUrl: string | null;
  sealed: boolean;
  patches: number;
  auc: number | null;
};

type SlideServices = PredictionServices & { background: Background };

export async function listRunSlides(
  services: SlideServices,
  { run, subset: wanted }: { run: RunRow; subset: Subset | null },
): Promise<RunSlide[]> {
  const { store, predictions, background } = services;
  const { prisma } = store.database;
  const [slides, sides, opening, found, patches] = await Promise.all([
    prisma.slide.findMany({
      where: { datasetId: run.datasetId },
      orderBy: [{ patient: { key: 'asc' } }, { key: 'asc' }],
    }),
    prisma.splitPatient.findMany({ where: { splitId: run.splitId } }),
    prisma.testOpening.findUnique({ where: { runId: run.id } }),
    predictions.listPredictions(run.id),
    predictions.listPatches(run.datasetId),
  ]);
  const sideOf = new Map(sides.map((side) => [side.patientId, side.subset]));
  const measured = await measureSlides({ background, found, patches });
  return slides
    .filter(({ patientId }) => run.splitKind === 'PATCH' || sideOf.has(patientId))
    .filter(({ patientId }) => wanted === null || sideOf.get(patientId) === wanted)
    .map((slide) => {
      const subset = sideOf.get(slide.patientId) ?? null;
      const { patches: count, auc } = measured.get(slide.id) ?? { patches: 0, auc: null };
      const heatmapUrl = count > 0 ? `/runs/${run.id}/slides/${slide.id}/heatmap.png` : null;
      return {
        slide,
        subset,
        heatmapUrl,
        sealed: subset === 'TEST' && opening === null,
        patches: count,
        auc,
      };
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
