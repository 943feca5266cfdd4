/**
 * What would be called at thresholds other than the frozen one, for exploring only. Nothing here is stored, and
 * choosing a threshold by its figures on TEST uses that TEST up.
 */
import { type ClassificationMetrics, type Confusion, classificationMetrics } from './confusion.ts';
import { countByScore } from './roc.ts';
import { countClasses, type Labelled } from './scored.ts';

export type OperatingPointAt = { threshold: number; confusion: Confusion; metrics: ClassificationMetrics };

/** The counts and metrics at each of the thresholds, in their order, in one pass over the sorted scores. */
export function measureOperatingPoints(scored: Labelled, thresholds: readonly number[]): OperatingPointAt[] {
  const { positives, negatives } = countClasses(scored.labels);
  const counts = countByScore(scored);
  return thresholds.map((threshold) => {
    const point = findLastAtLeast(counts.scores, threshold);
    const tp = counts.truePositives[point] ?? 0;
    const fp = counts.falsePositives[point] ?? 0;
    const confusion = { tp, fp, tn: negatives - fp, fn: positives - tp };
    return { threshold, confusion, metrics: classificationMetrics(confusion) };
  });
}

/** Of falling values the last that is at least the given one; -1 when none is. */
function findLastAtLeast(falling: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = falling.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((falling[middle] as number) >= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
