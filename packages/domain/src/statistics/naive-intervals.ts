/**
 * The intervals one would claim if patches were independent. Within a patient they are not, so these are far too narrow.
 * They are shown only next to those by patient, so that readers see what would have been claimed.
 */

import { type Confusion, confusionAt } from '../metrics/confusion.ts';
import type { ThresholdMetric } from '../metrics/metric.ts';
import type { Scored } from '../metrics/scored.ts';
import { type Interval, intervalByWilson } from './binomial-interval.ts';
import { intervalOfAuc } from './clustered-delong.ts';
import { covaryNaively, placePatches } from './delong.ts';

type CountProportion = (confusion: Confusion) => [successes: number, trials: number];

/** The metrics that are a proportion of patches. */
const PROPORTIONS = {
  accuracy: ({ tp, fp, tn, fn }) => [tp + tn, tp + fp + tn + fn],
  sensitivity: ({ tp, fn }) => [tp, tp + fn],
  specificity: ({ fp, tn }) => [tn, tn + fp],
  ppv: ({ tp, fp }) => [tp, tp + fp],
  npv: ({ tn, fn }) => [tn, tn + fn],
} satisfies Partial<Record<ThresholdMetric, CountProportion>>;

type Proportion = keyof typeof PROPORTIONS;

export type NaiveMetric = 'auc' | Proportion;

/** The metrics that have a textbook interval over patches: the AUC, and a proportion each. */
export const NAIVE_METRICS: readonly NaiveMetric[] = ['auc', ...(Object.keys(PROPORTIONS) as Proportion[])];

/** DeLong's interval of the AUC and Wilson's of the proportions, 95 %; a metric that is undefined is left out. */
export function intervalsByPatch({
  scored,
  threshold,
}: {
  scored: Scored;
  threshold: number;
}): Partial<Record<NaiveMetric, Interval>> {
  const confusion = confusionAt({ scored, threshold });
  const intervals: Partial<Record<NaiveMetric, Interval>> = {};
  const placements = placePatches(scored);
  const covariance = placements && covaryNaively({ a: placements, b: placements, labels: scored.labels });
  if (placements && covariance) intervals.auc = intervalOfAuc(placements.auc, covariance.aa).interval;
  for (const [metric, count] of Object.entries(PROPORTIONS) as [Proportion, CountProportion][]) {
    const [successes, trials] = count(confusion);
    if (trials > 0) intervals[metric] = intervalByWilson(successes, trials);
  }
  return intervals;
}

/** How many times wider the interval by patient is; null where the other has no width. */
export function widthRatio(byPatient: Interval, byPatch: Interval): number | null {
  const width = byPatch[1] - byPatch[0];
  return width > 0 ? (byPatient[1] - byPatient[0]) / width : null;
}
