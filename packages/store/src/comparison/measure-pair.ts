/**
 * Two runs on the TEST patches that both predicted: the one way to pair them, for the page of a comparison and for the
 * gate alike.
 */
import { invariant } from '@microtome/domain/app-error';
import { alignPatches } from '@microtome/domain/comparison/align-patches';
import {
  comparePaired,
  type PairedRequest,
  type PairedStatistics,
} from '@microtome/domain/comparison/compare-paired';
import type { MeasuredPair } from '@microtome/domain/comparison/paired-comparison';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import {
  getPredictedRun,
  type PredictedRun,
  type PredictionSource,
  readFromStore,
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
    const { patientKeys, ...columns } = aligned;
    const statistics = await compare({
      ...columns,
      thresholdA: requireThreshold(a),
      thresholdB: requireThreshold(b),
      draws: EVALUATION_DRAWS,
      seed: EVALUATION_SEED,
    });
    return { statistics, patientKeys };
  });
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
