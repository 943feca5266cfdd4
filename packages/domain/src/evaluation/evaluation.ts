/**
 * The metrics of one run on one subset, pooled over patches and averaged over patients; what is positive is the task's.
 * A metric that is undefined is null.
 */

import type { Confusion } from '../metrics/confusion.ts';
import { measurePatches } from '../metrics/measure-patches.ts';
import {
  MACRO_METRICS,
  type MacroMetric,
  mapMetrics,
  POOLED_METRICS,
  type PooledMetric,
} from '../metrics/metric.ts';
import { averageOverPatients, tabulatePatients } from '../metrics/patient-table.ts';
import { checkScored, countClasses, type Scored } from '../metrics/scored.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import {
  BOOTSTRAP_METRICS,
  type BootstrapMetric,
  bootstrapByPatient,
  intervalByPercentile,
} from '../statistics/cluster-bootstrap.ts';
import { type AucWithError, estimateAuc, intervalOfAuc } from '../statistics/clustered-delong.ts';
import { covaryNaively, placePatches } from '../statistics/delong.ts';

export type EvaluationMetrics = Record<PooledMetric, number | null> & {
  /** Share of positive patches. */
  prevalence: number | null;
  patches: number;
  patients: number;
  threshold: number;
  confusion: Confusion;
  /** The lowest and the highest probability; null without patches, and in evaluations of the first versions. */
  probabilityRange: [low: number, high: number] | null;
  /** Means over the patients that have the metric. */
  macro: Record<MacroMetric, number | null>;
  /** How many patients have it. */
  macroPatients: Record<MacroMetric, number>;
};

/** An AUC's error as if patches were independent: show it only next to the right one, and label it as wrong. */
type NaiveAuc = AucWithError & {
  /** How many times wider the interval by patient is. */
  widthRatio: number | null;
};

export type EvaluationWithIntervals = {
  metrics: EvaluationMetrics;
  /** 95 % intervals by patient, by metric name; a metric that is null has none. */
  intervals: Record<string, Interval>;
  /** Draws that lacked a class. */
  skippedDraws: number;
  clusteredAuc: AucWithError | null;
  naiveAuc: NaiveAuc | null;
};

/** Everything about one set of predictions at one threshold. BAD_INPUT when the arrays do not line up. */
export function evaluate({ scored, threshold }: { scored: Scored; threshold: number }): EvaluationMetrics {
  checkScored(scored);
  const { confusion, measure } = measurePatches({ scored, threshold });
  const rows = tabulatePatients({ scored, threshold });
  const patches = scored.labels.length;
  return {
    ...mapMetrics(POOLED_METRICS, measure),
    prevalence: patches > 0 ? countClasses(scored.labels).positives / patches : null,
    patches,
    patients: rows.length,
    threshold,
    confusion,
    probabilityRange: findRange(scored.probabilities),
    macro: mapMetrics(MACRO_METRICS, (metric) => averageOverPatients(rows, metric)),
    macroPatients: mapMetrics(MACRO_METRICS, (metric) => rows.filter((row) => row[metric] !== null).length),
  };
}

/**
 * The same with 95 % intervals by patient (percentile bootstrap, `seed` gives the draws; one patient has no spread, and no
 * interval), and with the intervals that would follow if patches were independent, which they are not.
 */
export function evaluateWithIntervals(request: {
  scored: Scored;
  threshold: number;
  draws: number;
  seed: number;
}): EvaluationWithIntervals {
  const { scored, threshold, draws, seed } = request;
  const metrics = evaluate({ scored, threshold });
  const { runs, skippedDraws } = bootstrapByPatient({ runs: [{ scored, threshold }], draws, seed });
  const intervals: Record<string, Interval> = {};
  for (const metric of BOOTSTRAP_METRICS) {
    const interval =
      runs[0] && metrics.patients > 1 && getMetric(metrics, metric) !== null
        ? intervalByPercentile(runs[0][metric])
        : null;
    if (interval) intervals[metric] = interval;
  }
  const clusteredAuc = estimateAuc(scored);
  return { metrics, intervals, skippedDraws, clusteredAuc, naiveAuc: estimateNaiveAuc(scored, clusteredAuc) };
}

/** A metric of an evaluation by its name in the bootstrap, such as `auc` or `macro.auc`. */
export function getMetric(metrics: EvaluationMetrics, name: BootstrapMetric): number | null {
  if (!name.startsWith('macro.')) return metrics[name as keyof EvaluationMetrics] as number | null;
  return metrics.macro[name.slice('macro.'.length) as MacroMetric];
}

function findRange(values: Float64Array): [low: number, high: number] | null {
  if (values.length === 0) return null;
  const widen = ([low, high]: [number, number], value: number): [number, number] => [
    Math.min(low, value),
    Math.max(high, value),
  ];
  return values.reduce<[number, number]>(widen, [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
}

function estimateNaiveAuc(scored: Scored, clustered: AucWithError | null): NaiveAuc | null {
  const placements = placePatches(scored);
  const covariance = placements && covaryNaively({ a: placements, b: placements, labels: scored.labels });
  if (!placements || !covariance) return null;
  const naive = intervalOfAuc(placements.auc, covariance.aa);
  const isComparable = clustered !== null && naive.standardError > 0;
  return { ...naive, widthRatio: isComparable ? clustered.standardError / naive.standardError : null };
}
