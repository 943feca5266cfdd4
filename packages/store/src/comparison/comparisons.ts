/** Two runs on the patients that both were tested on: paired predictions, and the gap between their AUCs. */
import { invariant } from '@microtome/domain/app-error';
import type { comparePaired, PairedComparison } from '@microtome/domain/comparison/compare-paired';
import type { AucGap } from '@microtome/domain/promotion/promotion-gate';
import type { Subset } from '@microtome/domain/split/subset';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '../evaluation/evaluations.ts';
import { loadScored, type ScoredPredictions } from '../evaluation/predictions.ts';
import { getRun } from '../run/runs.ts';
import type { Store } from '../store.ts';

export type CompareRequest = Parameters<typeof comparePaired>[0];
/** Computes off the caller's thread, or in place. */
export type Compare = (request: CompareRequest) => PairedComparison | Promise<PairedComparison>;

type PairedScores = {
  /** Patch by patch, the same patches for both runs. */
  a: Float64Array;
  b: Float64Array;
  labels: Uint8Array;
  patients: Int32Array;
  /** By the numbers in `patients`, sorted. */
  patientKeys: string[];
};

/**
 * The patches that both runs predicted on this subset. A patch is the same when patient and place are, so runs on
 * different splits pair on the patients that they share. Empty when there are none.
 * @throws AppError SEALED for TEST of a run before it was opened
 */
export async function pairScores(
  store: Store,
  { runIdA, runIdB, subset }: { runIdA: string; runIdB: string; subset: Subset },
): Promise<PairedScores> {
  const [scoredA, scoredB] = [
    await loadScored(store, { runId: runIdA, subset }),
    await loadScored(store, { runId: runIdB, subset }),
  ];
  const positionsB = new Map(nameEach(scoredB).map((name, position) => [name, position]));
  const pairs = nameEach(scoredA).flatMap((name, position) => {
    const positionB = positionsB.get(name);
    return positionB === undefined ? [] : [[position, positionB] as const];
  });
  const shared = [...new Set(pairs.map(([position]) => scoredA.scored.patients[position]!))].sort(
    (x, y) => x - y,
  );
  const numbers = new Map(shared.map((patient, number) => [patient, number]));
  return {
    a: Float64Array.from(pairs, ([position]) => scoredA.scored.probabilities[position]!),
    b: Float64Array.from(pairs, ([, position]) => scoredB.scored.probabilities[position]!),
    labels: Uint8Array.from(pairs, ([position]) => scoredA.scored.labels[position]!),
    patients: Int32Array.from(pairs, ([position]) => numbers.get(scoredA.scored.patients[position]!)!),
    patientKeys: shared.map((patient) => scoredA.patientKeys[patient]!),
  };
}

/** TEST AUC of one run minus another's on shared patients, with its interval by patient; null where there is none. */
export async function measureAucGap(
  store: Store,
  { runId, otherRunId, compare }: { runId: string; otherRunId: string; compare: Compare },
): Promise<AucGap | null> {
  const pair = await pairScores(store, { runIdA: runId, runIdB: otherRunId, subset: 'TEST' });
  const sharedPatients = pair.patientKeys.length;
  if (sharedPatients === 0) return null;
  const [run, other] = [await getRun(store, runId), await getRun(store, otherRunId)];
  invariant(run.threshold !== null && other.threshold !== null, 'a run whose TEST is open has a threshold');
  const { differences } = await compare({
    a: pair.a,
    b: pair.b,
    labels: pair.labels,
    patients: pair.patients,
    thresholdA: run.threshold,
    thresholdB: other.threshold,
    draws: EVALUATION_DRAWS,
    seed: EVALUATION_SEED,
  });
  const auc = differences.find(({ metric }) => metric === 'auc');
  return auc ? { difference: auc.difference, interval: auc.interval, sharedPatients } : null;
}

/** Patient and place of each patch: the same in every data set that holds the patch. */
function nameEach({ patches, patientKeys, scored }: ScoredPredictions): string[] {
  return Array.from(
    { length: patches.count },
    (_, position) =>
      `${patientKeys[scored.patients[position]!]} ${patches.x[position]} ${patches.y[position]}`,
  );
}
