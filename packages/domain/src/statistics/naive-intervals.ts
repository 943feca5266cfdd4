/**
 * The intervals that one would claim if patches were independent, which within a patient they are not: far too narrow.
 * They are shown only beside those by patient, so that everybody sees what would have been claimed.
 */

import { confusionAt } from '../metrics/confusion.ts';
import type { Scored } from '../metrics/scored.ts';
import { type Interval, intervalByWilson } from './binomial-interval.ts';
import { intervalOfAuc } from './clustered-delong.ts';
import { covaryNaively, placePatches } from './delong.ts';

/** The metrics that have a textbook interval over patches: a proportion each, and the AUC. */
export const NAIVE_METRICS = ['auc', 'accuracy', 'sensitivity', 'specificity', 'ppv', 'npv'] as const;

export type NaiveMetric = (typeof NAIVE_METRICS)[number];

/** DeLong's interval of the AUC and Wilson's of the proportions, 95 %; a metric that is undefined is left out. */
export function intervalsByPatch({
  scored,
  threshold,
}: {
  scored: Scored;
  threshold: number;
}): Partial<Record<NaiveMetric, Interval>> {
  const { tp, fp, tn, fn } = confusionAt({ scored, threshold });
  const shares: Record<Exclude<NaiveMetric, 'auc'>, [successes: number, trials: number]> = {
    accuracy: [tp + tn, tp + fp + tn + fn],
    sensitivity: [tp, tp + fn],
    specificity: [tn, tn + fp],
    ppv: [tp, tp + fp],
    npv: [tn, tn + fn],
  };
  const intervals: Partial<Record<NaiveMetric, Interval>> = {};
  const placements = placePatches(scored);
  const covariance = placements && covaryNaively({ a: placements, b: placements, labels: scored.labels });
  if (placements && covariance) intervals.auc = intervalOfAuc(placements.auc, covariance.aa).interval;
  for (const [metric, [successes, trials]] of Object.entries(shares)) {
    if (trials > 0) intervals[metric as NaiveMetric] = intervalByWilson(successes, trials);
  }
  return intervals;
}

/** How many times wider the interval by patient is; null where the other has no width. */
export function widthRatio(byPatient: Interval, byPatch: Interval): number | null {
  const width = byPatch[1] - byPatch[0];
  return width > 0 ? (byPatient[1] - byPatient[0]) / width : null;
}
