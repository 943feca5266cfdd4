/**
 * A run's stored predictions with the labels, patients and places of their patches, and the seal that they are read
 * through. Every statistic of a run is computed from these.
 */
import { AppError, invariant } from '@microtome/domain/app-error';
import type { PlacedPredictions } from '@microtome/domain/comparison/align-patches';
import { describeSeal, isReadable, listReadableSubsets } from '@microtome/domain/evaluation/seal';
import type { Subset } from '@microtome/domain/split/subset';
import type { Prisma } from '../../generated/prisma/client.ts';
import { type OnSplit, requireSplit } from '../run/split-run.ts';
import { listPatientsOfSide } from '../split/split-sides.ts';
import {
  type LabelledPatches,
  labelPatches,
  listDatasetPatches,
  openSides,
  pickPatches,
  type SubsetPatches,
  tellApart,
} from '../split/subset-patches.ts';
import type { Store } from '../store.ts';
import { decodePredictions, type Predictions } from './predictions.ts';

export type ScoredPredictions = PlacedPredictions & {
  /** The patches that were predicted, in the order of `scored`. */
  patches: LabelledPatches;
};

/** The stored numbers and probabilities of one subset. */
type SubsetPredictions = Predictions & { subset: Subset };

/** Where patches and predictions are read from. Neither ever changes, so a source may remember them. */
export type PredictionSource = {
  /** Every patch of a dataset, strips too: the position of a patch is its number. */
  listPatches(datasetId: string): Promise<SubsetPatches>;
  readPredictions(artifactHash: string): Promise<Predictions>;
};

const withSeal = {
  experiment: { select: { task: true } },
  split: { select: { id: true, kind: true, strategy: true, seed: true, fractions: true } },
  artifacts: true,
  testOpening: { select: { id: true } },
} satisfies Prisma.RunInclude;

/** A run whose predictions of the subset are there and may be read. */
export type PredictedRun = OnSplit<Prisma.RunGetPayload<{ include: typeof withSeal }>> & {
  artifactHash: string;
};

type PredictionKey = { runId: string; subset: Subset };

/** Reads from database and artifacts, and remembers nothing. */
export function readFromStore(store: Store): PredictionSource {
  return {
    listPatches: (datasetId) => listDatasetPatches(store, { datasetId, includeStrips: true }),
    readPredictions: async (artifactHash) => decodePredictions(await store.artifacts.read(artifactHash)),
  };
}

/**
 * A run's predictions of one subset.
 * @throws AppError NOT_FOUND; SEALED for TEST before it was opened
 */
export async function loadScored(
  store: Store,
  key: PredictionKey,
  source: PredictionSource = readFromStore(store),
): Promise<ScoredPredictions> {
  return scorePredictions(store, { run: await getPredictedRun(store, key), subset: key.subset, source });
}

/** Without asking for the seal: for the act that opens TEST, which must compute what it will show. */
export async function loadSealedScored(
  store: Store,
  key: PredictionKey,
  source: PredictionSource = readFromStore(store),
): Promise<ScoredPredictions> {
  return scorePredictions(store, { run: await findPredictedRun(store, key), subset: key.subset, source });
}

/** @throws AppError NOT_FOUND; SEALED for TEST before it was opened */
export async function getPredictedRun(store: Store, key: PredictionKey): Promise<PredictedRun> {
  const run = await findPredictedRun(store, key);
  if (!isReadable(key.subset, { isOpen: run.testOpening !== null })) {
    throw new AppError('SEALED', describeSeal(run.name));
  }
  return run;
}

/** The stored predictions of one subset of a run. */
type PredictionFile = { subset: Subset; artifactHash: string };

/** What may be read of each run and is there, in one query: VALIDATION first, TEST once it was opened. */
export async function listReadableFiles(
  { database: { prisma } }: Store,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, PredictionFile[]>> {
  const runs = await prisma.run.findMany({
    where: { id: { in: [...runIds] } },
    select: { id: true, artifacts: true, testOpening: { select: { id: true } } },
  });
  return new Map(
    runs.map((run) => {
      const readable = listReadableSubsets({ isOpen: run.testOpening !== null });
      const files = readable.flatMap((subset) => {
        const artifactHash = findArtifact(run, subset);
        return artifactHash ? [{ subset, artifactHash }] : [];
      });
      return [run.id, files];
    }),
  );
}

/** Numbers and probabilities of what may be read of a run and is there. */
export async function listReadablePredictions(
  store: Store,
  runId: string,
  source: PredictionSource = readFromStore(store),
): Promise<SubsetPredictions[]> {
  const files = (await listReadableFiles(store, [runId])).get(runId);
  if (!files) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  return readFiles(files, source);
}

export function readFiles(
  files: readonly PredictionFile[],
  source: PredictionSource,
): Promise<SubsetPredictions[]> {
  return Promise.all(
    files.map(async ({ subset, artifactHash }) => ({
      subset,
      ...(await source.readPredictions(artifactHash)),
    })),
  );
}

/** Labels, patients and places of the predicted patches. Every one of them lies on the side that it was predicted for. */
export async function scorePredictions(
  store: Store,
  { run, subset, source }: { run: PredictedRun; subset: Subset; source: PredictionSource },
): Promise<ScoredPredictions> {
  const { patchIndexes, probabilities } = await source.readPredictions(run.artifactHash);
  const all = await source.listPatches(run.datasetId);
  const last = patchIndexes.at(-1) ?? 0;
  invariant(last < all.count, `run ${run.id} predicted patch ${last} of a dataset with ${all.count}`);
  const patches = labelPatches(pickPatches(all, patchIndexes), run.experiment.task.sides);
  const leftOut = patchIndexes.length - patches.count;
  invariant(leftOut === 0, `run ${run.id} predicted ${leftOut} patches that its task leaves out`);
  await checkSide(store, { run, subset, patches, all });
  const { labels, patients, patientKeys, slides, slideKeys, y } = patches;
  const x = tellApart(patches);
  return { scored: { probabilities, labels, patients }, patientKeys, slides, slideKeys, x, y, patches };
}

async function findPredictedRun(store: Store, { runId, subset }: PredictionKey): Promise<PredictedRun> {
  const run = await getRunWithSeal(store, runId);
  const artifactHash = findArtifact(run, subset);
  if (!artifactHash) {
    throw new AppError(
      'NOT_FOUND',
      `Run '${run.name}' is ${run.status}: it has no predictions of ${subset}.`,
    );
  }
  return { ...run, artifactHash };
}

async function getRunWithSeal(store: Store, runId: string) {
  const run = await store.database.prisma.run.findUnique({ where: { id: runId }, include: withSeal });
  if (!run) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  return requireSplit(run);
}

function findArtifact(run: { artifacts: { role: string; artifactHash: string }[] }, subset: Subset) {
  return run.artifacts.find(({ role }) => role === `PREDICTIONS_${subset}`)?.artifactHash;
}

async function checkSide(
  store: Store,
  request: { run: PredictedRun; subset: Subset; patches: SubsetPatches; all: SubsetPatches },
): Promise<void> {
  const { run, subset, patches, all } = request;
  const { split } = run;
  if (split.kind === 'PATCH') {
    const isOnSide = await openSides(store, { split, patches: all });
    const strays = patches.indexes.filter((index) => !isOnSide(index, subset)).length;
    invariant(
      strays === 0,
      `run ${run.id} predicted ${strays} patches as ${subset} that are on another side`,
    );
    return;
  }
  const side = (await listPatientsOfSide(store, { splitIds: [split.id], subset })).get(split.id);
  const stray = patches.patientKeys.find((key) => !side?.has(key));
  invariant(!stray, `run ${run.id} predicted patient '${stray}' as ${subset}, who is on another side`);
}
