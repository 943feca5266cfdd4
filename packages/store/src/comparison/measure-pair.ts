/**
 * Two runs on the TEST patches that both predicted: the one way to pair them, for the page of a comparison and for the
 * gate alike.
 */
import { invariant } from '@microtome/domain/app-error';
import { alignPatches, type PlacedPredictions } from '@microtome/domain/comparison/align-patches';
import {
  comparePaired,
  type PairedRequest,
  type PairedStatistics,
} from '@microtome/domain/comparison/compare-paired';
import type { MeasuredPair } from '@microtome/domain/comparison/paired-comparison';
import type { ContextEvaluation } from '@microtome/domain/context/context-evaluation';
import { takeInContext } from '@microtome/domain/context/context-pair';
import {
  type ContextStep,
  type PatchesInContext,
  type PlacedProbabilities,
  putInContext,
} from '@microtome/domain/context/context-step';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import type { Evaluation, ExternalEvaluation } from '../../generated/prisma/client.ts';
import { getDataset } from '../dataset/datasets.ts';
import { placePatches, requireContextStep } from '../evaluation/run-context.ts';
import {
  getPredictedRun,
  type PredictedRun,
  type PredictionSource,
  readFromStore,
  type ScoredPredictions,
  scorePredictions,
} from '../evaluation/scored-predictions.ts';
import type { Store } from '../store.ts';

const SUBSET = 'TEST';

/** Without these, pairs are computed in the caller's thread, from the store, and not cached. */
export type PairMeans = {
  compare?: (request: PairedRequest) => PairedStatistics | Promise<PairedStatistics>;
  source?: PredictionSource;
  /** The key names all inputs, so that a cached result is always valid. */
  remember?: (key: string, measure: () => Promise<MeasuredPair | null>) => Promise<MeasuredPair | null>;
  /** How a run reads patches in context; null where it has nothing to say. */
  readStep?: (runId: string) => Promise<ContextStep | null>;
  readContext?: (evaluation: Evaluation) => Promise<ContextEvaluation | null>;
  readExamContext?: (exam: ExternalEvaluation) => Promise<ContextEvaluation | null>;
  putInContext?: (input: {
    placed: PlacedProbabilities;
    step: ContextStep;
  }) => PatchesInContext | Promise<PatchesInContext>;
};

/**
 * The paired statistics of run a and run b; null when they share no patches. Runs on different splits, or on datasets that
 * hold the same slides, pair on the patients that they share.
 * @throws AppError NOT_FOUND; SEALED for TEST of a run before it was opened
 */
export async function measurePair(
  store: Store,
  { runIdA, runIdB }: { runIdA: string; runIdB: string },
  { compare = comparePaired, source = readFromStore(store), remember = measureAfresh }: PairMeans = {},
): Promise<MeasuredPair | null> {
  const a = await getPredictedRun(store, { runId: runIdA, subset: SUBSET });
  const b = await getPredictedRun(store, { runId: runIdB, subset: SUBSET });
  return remember(nameContent([a, b]), async () => {
    const aligned = alignPatches(
      await scorePredictions(store, { run: a, subset: SUBSET, source }),
      await scorePredictions(store, { run: b, subset: SUBSET, source }),
    );
    if (!aligned) return null;
    const [thresholdA, thresholdB] = [requireThreshold(a), requireThreshold(b)];
    return measureAligned(aligned, { thresholdA, thresholdB, compare });
  });
}

/**
 * The same on the patches that have a context in both, each run by its own step; null where there are none, or a run has
 * nothing to say.
 * @throws AppError NOT_FOUND; SEALED for TEST of a run before it was opened
 */
export async function measurePairInContext(
  store: Store,
  { runIdA, runIdB }: { runIdA: string; runIdB: string },
  means: PairMeans = {},
): Promise<MeasuredPair | null> {
  const { source = readFromStore(store) } = means;
  const a = await getPredictedRun(store, { runId: runIdA, subset: SUBSET });
  const b = await getPredictedRun(store, { runId: runIdB, subset: SUBSET });
  const describe = (run: PredictedRun) => ({
    runId: run.id,
    datasetId: run.datasetId,
    load: () => scorePredictions(store, { run, subset: SUBSET, source }),
  });
  return measureSidesInContext(
    store,
    { a: describe(a), b: describe(b), content: nameContent([a, b]) },
    means,
  );
}

/** What a run predicted of some patches of a dataset. */
type PredictedSide = { runId: string; datasetId: string; load: () => Promise<ScoredPredictions> };

/** `content` names everything that both sides are made of, but for their steps. Null as for runs. */
export async function measureSidesInContext(
  store: Store,
  { a, b, content }: { a: PredictedSide; b: PredictedSide; content: string },
  means: PairMeans,
): Promise<MeasuredPair | null> {
  const { compare = comparePaired, source = readFromStore(store), remember = measureAfresh } = means;
  const readStep = means.readStep ?? ((runId: string) => requireContextStep(store, { runId, source }));
  const [stepA, stepB] = [await readStep(a.runId), await readStep(b.runId)];
  if (!stepA || !stepB) return null;
  return remember(`in context ${content} ${JSON.stringify([stepA, stepB])}`, async () => {
    const aligned = alignPatches(
      await readPlaced(store, { side: a, step: stepA, put: means.putInContext }),
      await readPlaced(store, { side: b, step: stepB, put: means.putInContext }),
    );
    const [thresholdA, thresholdB] = [stepA.threshold, stepB.threshold];
    return aligned && measureAligned(aligned, { thresholdA, thresholdB, compare });
  });
}

/** The patches that have a context, by the probability in it. */
async function readPlaced(
  store: Store,
  {
    side,
    step,
    put = ({ placed, step: by }) => putInContext(placed, by),
  }: { side: PredictedSide; step: ContextStep; put: PairMeans['putInContext'] },
): Promise<PlacedPredictions> {
  const predictions = await side.load();
  const { patchSizePx } = await getDataset(store, side.datasetId);
  const places = placePatches(predictions.patches, patchSizePx);
  const placed = { probabilities: predictions.scored.probabilities, places };
  return takeInContext(predictions, await put({ placed, step }));
}

async function measureAligned(
  { patientKeys, ...columns }: NonNullable<ReturnType<typeof alignPatches>>,
  {
    compare,
    ...thresholds
  }: { thresholdA: number; thresholdB: number; compare: NonNullable<PairMeans['compare']> },
): Promise<MeasuredPair> {
  const request = { ...columns, ...thresholds, draws: EVALUATION_DRAWS, seed: EVALUATION_SEED };
  return { statistics: await compare(request), patientKeys };
}

function measureAfresh(_key: string, measure: () => Promise<MeasuredPair | null>) {
  return measure();
}

/** Two runs whose predictions, patches and thresholds are the same give the same statistics. */
function nameContent(runs: readonly PredictedRun[]): string {
  return JSON.stringify(
    runs.map(({ datasetId, artifactHash, threshold }) => [datasetId, artifactHash, threshold]),
  );
}

function requireThreshold({ id, threshold }: PredictedRun): number {
  invariant(threshold !== null, `run ${id}, whose TEST is open, has a threshold`);
  return threshold;
}
