/** Slides from a run's view: on which side of its split each is, and why one has no predictions to show. */
import { AppError } from '@microtome/domain/app-error';
import { describeSeal, isReadable } from '@microtome/domain/evaluation/seal';
import type { Subset } from '@microtome/domain/split/subset';
import type { Prisma, Run, Slide } from '../../generated/prisma/client.ts';
import { findOnSplit, type OnSplit, requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

export const inDataset = {
  dataset: true,
  patient: true,
} satisfies Prisma.SlideInclude;

/** `subset` is null on a split by patch, where one slide lies on several sides. */
export type SlideOfRun = { slide: Slide; subset: Subset | null; sealed: boolean };

export type SlideInDataset = Prisma.SlideGetPayload<{ include: typeof inDataset }>;

export type RunAndSlide = {
  run: OnSplit<Prisma.RunGetPayload<{ include: { testOpening: true } }>>;
  slide: SlideInDataset;
};

/** Run → the slides of its dataset that its split holds, by patient; none without a split. Three queries for any number of runs. */
export async function listSlidesOfRuns(
  { database: { prisma } }: Store,
  all: readonly Run[],
): Promise<ReadonlyMap<string, SlideOfRun[]>> {
  const runs = all.flatMap((run) => findOnSplit(run) ?? []);
  const distinct = (pick: (run: OnSplit<Run>) => string) => ({ in: [...new Set(runs.map(pick))] });
  const [slides, sides, openings] = await Promise.all([
    prisma.slide.findMany({
      where: { datasetId: distinct(({ datasetId }) => datasetId) },
      orderBy: [{ patient: { key: 'asc' } }, { key: 'asc' }],
    }),
    prisma.splitPatient.findMany({ where: { splitId: distinct(({ splitId }) => splitId) } }),
    prisma.testOpening.findMany({ where: { runId: distinct(({ id }) => id) }, select: { runId: true } }),
  ]);
  const open = new Set(openings.map(({ runId }) => runId));
  const slidesOf = Map.groupBy(slides, ({ datasetId }) => datasetId);
  const sidesOf = Map.groupBy(sides, ({ splitId }) => splitId);
  return new Map(
    runs.map(({ id, datasetId, splitId, splitKind }) => {
      const sideOf = new Map(sidesOf.get(splitId)?.map(({ patientId, subset }) => [patientId, subset]));
      const held = (slidesOf.get(datasetId) ?? []).filter(
        ({ patientId }) => splitKind === 'PATCH' || sideOf.has(patientId),
      );
      const placed = held.map((slide) => {
        const subset = sideOf.get(slide.patientId) ?? null;
        const sealed = subset !== null && !isReadable(subset, { isOpen: open.has(id) });
        return { slide, subset, sealed };
      });
      return [id, placed];
    }),
  );
}

/** NOT_FOUND when there is no such run, or its dataset has no such slide. */
export async function getRunAndSlide(
  { database: { prisma } }: Store,
  { runId, slideId }: { runId: string; slideId: string },
): Promise<RunAndSlide> {
  const found = await prisma.run.findUnique({ where: { id: runId }, include: { testOpening: true } });
  if (!found) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  const run = requireSplit(found);
  const slide = await prisma.slide.findUnique({
    where: { id: slideId, datasetId: run.datasetId },
    include: inDataset,
  });
  if (!slide) throw new AppError('NOT_FOUND', `The dataset of run '${run.name}' has no slide '${slideId}'.`);
  return { run, slide };
}

/** Whether the slide is in a TEST that is not open. */
export async function isSlideSealed(store: Store, { run, slide }: RunAndSlide): Promise<boolean> {
  const side = await findSide(store, { run, slide });
  return side !== null && !isReadable(side, { isOpen: run.testOpening !== null });
}

/** Why a run has no readable predictions of a slide: SEALED for a slide of a sealed TEST, else NOT_FOUND. */
export async function explainNoPredictions(store: Store, { run, slide }: RunAndSlide): Promise<AppError> {
  if (await isSlideSealed(store, { run, slide })) return new AppError('SEALED', describeSeal(run.name));
  const side = await findSide(store, { run, slide });
  const where = side ? `${side} holds '${slide.patient.key}'` : 'the slide is on no side';
  return new AppError('NOT_FOUND', `Run '${run.name}' has no predictions of this slide: ${where}.`);
}

/** Null where the split does not hold the patient, or is by patch. */
async function findSide(store: Store, { run, slide }: RunAndSlide): Promise<Subset | null> {
  const side = await store.database.prisma.splitPatient.findUnique({
    where: { splitId_patientId: { splitId: run.splitId, patientId: slide.patientId } },
  });
  return side?.subset ?? null;
}
