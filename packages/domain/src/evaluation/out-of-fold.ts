/**
 * The pooled result of a cross-validation: every patient is in TEST of exactly one fold, so the predictions of all folds
 * together are predictions of the whole dataset by networks that never saw the patient.
 *
 * How far pooling goes: each fold's probabilities are calibrated on its own VALIDATION and so mean the same thing;
 * each fold's threshold, chosen there too, is applied to its own predictions alone. Ranking metrics compare probabilities
 * between folds, so remaining miscalibration lowers them: show the folds' own AUCs next to the pooled one.
 */

import { findMetric } from '../metrics/metric.ts';
import type { Scored } from '../metrics/scored.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { type EvaluationMetrics, evaluateWithIntervals } from './evaluation.ts';

/** One fold's TEST; its patients are numbered within the fold. */
export type FoldPredictions = { scored: Scored; threshold: number };

export type OutOfFoldMetrics = Omit<EvaluationMetrics, 'threshold'> & {
  /** The threshold of each fold, in the order given. */
  thresholds: number[];
};

export type OutOfFoldEvaluation = {
  metrics: OutOfFoldMetrics;
  /** 95 % intervals by patient, by metric name. They hold for these networks: they do not include training noise. */
  intervals: Record<string, Interval>;
};

/** Any value between the two calls, 0 and 1. */
const CALL_THRESHOLD = 0.5;

/**
 * The metrics of all folds' TEST together, with intervals by patient. What depends on calls at a threshold is computed
 * from each fold's own calls, the rest from the pooled probabilities; both from the same draws of patients.
 */
export function evaluateOutOfFold({
  folds,
  draws,
  seed,
}: {
  folds: readonly FoldPredictions[];
  draws: number;
  seed: number;
}): OutOfFoldEvaluation {
  const scored = poolFolds(folds);
  const byProbability = evaluateWithIntervals({ scored, threshold: CALL_THRESHOLD, draws, seed });
  const calls = { ...scored, probabilities: callFolds(folds) };
  const byCall = evaluateWithIntervals({ scored: calls, threshold: CALL_THRESHOLD, draws, seed });
  const { threshold: _, ...metrics } = byProbability.metrics;
  return {
    metrics: {
      ...takeCalls(metrics, byCall.metrics),
      macro: takeCalls(metrics.macro, byCall.metrics.macro),
      macroPatients: takeCalls(metrics.macroPatients, byCall.metrics.macroPatients),
      confusion: byCall.metrics.confusion,
      thresholds: folds.map((fold) => fold.threshold),
    },
    intervals: takeCalls(byProbability.intervals, byCall.intervals),
  };
}

/** All folds as one, patients numbered on from fold to fold: no patient is in two of them. */
export function poolFolds(folds: readonly FoldPredictions[]): Scored {
  let patients = 0;
  const numbers = folds.flatMap(({ scored }) => {
    const first = patients;
    const own = Array.from(scored.patients, (patient) => first + patient);
    patients = own.reduce((most, patient) => Math.max(most, patient + 1), first);
    return own;
  });
  return {
    probabilities: Float64Array.from(folds.flatMap(({ scored }) => Array.from(scored.probabilities))),
    labels: Uint8Array.from(folds.flatMap(({ scored }) => Array.from(scored.labels))),
    patients: Int32Array.from(numbers),
  };
}

/** 1 where the fold calls the patch positive at its own threshold, else 0. */
export function callFolds(folds: readonly FoldPredictions[]): Float64Array {
  return Float64Array.from(
    folds.flatMap(({ scored, threshold }) =>
      Array.from(scored.probabilities, (probability) => Number(probability >= threshold)),
    ),
  );
}

/** `from`, with what depends on calls (also as `macro.…`) taken from `calls`. */
export function takeCalls<Values extends object>(from: Values, calls: object): Values {
  const isCall = ([name]: [string, unknown]) => findMetric(name)?.needsThreshold === true;
  const kept = Object.entries(from).filter((entry) => !isCall(entry));
  return Object.fromEntries([...kept, ...Object.entries(calls).filter(isCall)]) as Values;
}
