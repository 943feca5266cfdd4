/**
 * What neighbours add to a cross-validation: the TEST of every fold together, each fold's patches read by the fold's own step and
 * called at its own threshold. A fold that has nothing to say is left out on both sides.
 */
import { comparePaired, type MetricDifference } from '../comparison/compare-paired.ts';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '../evaluation/evaluation-draws.ts';
import { callFolds, type FoldPredictions, poolFolds } from '../evaluation/out-of-fold.ts';
import { findMetric } from '../metrics/metric.ts';
import { warnOfFewPatients } from '../statistics/few-patients.ts';
import { adjustHolm } from '../statistics/holm.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { type ContextGain, judgeGain } from './context-evaluation.ts';
import { type ContextStep, type PlacedScores, readInContext } from './context-step.ts';

/** One fold's TEST; its step was chosen on its own VALIDATION, and is null where there was nothing to say. */
type PlacedFold = { subject: PlacedScores; step: ContextStep | null; ownThreshold: number };

export type PooledContext = {
  /** The step of each fold that is in, in the order given. */
  steps: ContextStep[];
  /** Folds that have nothing to say, and are in neither figure. */
  foldsLeftOut: number;
  patients: number;
  patches: number;
  gains: ContextGain[];
  caution: string | null;
};

/** Any value between the two calls, 0 and 1. */
const CALL_THRESHOLD = 0.5;

type ReadFold = { step: ContextStep; own: FoldPredictions; inContext: FoldPredictions };

/** Null where no fold has anything to say. */
export function evaluateFoldsInContext({
  folds,
  unit,
}: {
  folds: readonly PlacedFold[];
  unit: SplittingUnit;
}): PooledContext | null {
  const read = folds.flatMap(readFold);
  if (read.length === 0) return null;
  const own = read.map((fold) => fold.own);
  const inContext = read.map((fold) => fold.inContext);
  const { labels, patients, probabilities } = poolFolds(own);
  const compare = (a: Float64Array, b: Float64Array) =>
    comparePaired({
      a,
      b,
      labels,
      patients,
      thresholdA: CALL_THRESHOLD,
      thresholdB: CALL_THRESHOLD,
      draws: EVALUATION_DRAWS,
      seed: EVALUATION_SEED,
    });
  const byProbability = compare(poolFolds(inContext).probabilities, probabilities);
  const byCall = compare(callFolds(inContext), callFolds(own));
  const differences = adjustTogether([
    ...byProbability.differences.filter(({ metric }) => !isOfCalls(metric)),
    ...byCall.differences.filter(({ metric }) => isOfCalls(metric)),
  ]);
  const judged = { patients: byProbability.patientCount, unit, isChosenHere: false };
  return {
    steps: read.map(({ step }) => step),
    foldsLeftOut: folds.length - read.length,
    patients: byProbability.patientCount,
    patches: byProbability.patchCount,
    gains: differences.map((difference) => ({ ...difference, verdict: judgeGain(difference, judged) })),
    caution: warnOfFewPatients(byProbability.patientCount, unit),
  };
}

function readFold({ subject, step, ownThreshold }: PlacedFold): ReadFold[] {
  if (!step) return [];
  const { own, inContext } = readInContext(subject, step);
  if (own.labels.length === 0) return [];
  return [
    {
      step,
      own: { scored: own, threshold: ownThreshold },
      inContext: { scored: inContext, threshold: step.threshold },
    },
  ];
}

function isOfCalls(metric: string): boolean {
  return findMetric(metric)?.needsThreshold === true;
}

/** The two comparisons ask about different metrics of the same patches: they are adjusted as one. */
function adjustTogether(differences: readonly MetricDifference[]): MetricDifference[] {
  const tested = differences.filter(({ pValue }) => pValue !== null);
  const adjusted = adjustHolm(tested.map(({ pValue }) => pValue ?? 1));
  return differences.map((difference) => ({
    ...difference,
    adjustedP: adjusted[tested.indexOf(difference)] ?? null,
  }));
}
