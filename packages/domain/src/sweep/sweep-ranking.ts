/** How the runs of a sweep are ranked: by one metric on VALIDATION, never on TEST. */

import { isSmallerBetter, type SweepMetric } from '../metrics/metric.ts';

export const DEFAULT_SWEEP_METRIC: SweepMetric = 'auc';

export type RankedRun = {
  /** Rung of a halving, from 0; a later one trained longer. 0 in every other sweep. */
  rung: number;
  /** Place of the setting within the sweep, from 0. */
  place: number;
  status: string;
  /** The metric on VALIDATION; null before the run SUCCEEDED, or where it is undefined. */
  value: number | null;
};

/**
 * Best first: a later rung before an earlier one (its runs trained longer and were chosen), then by the metric, then by
 * place. Runs without a value come last.
 */
export function rankRuns<Run extends RankedRun>(runs: readonly Run[], metric: SweepMetric): Run[] {
  const sign = isSmallerBetter(metric) ? 1 : -1;
  return runs.toSorted((a, b) => {
    const [scoreA, scoreB] = [score(a), score(b)];
    if (scoreA === null || scoreB === null) {
      return Number(scoreA === null) - Number(scoreB === null) || b.rung - a.rung || a.place - b.place;
    }
    return b.rung - a.rung || sign * (scoreA - scoreB) || a.place - b.place;
  });
}

function score({ status, value }: RankedRun): number | null {
  return status === 'SUCCEEDED' ? value : null;
}
