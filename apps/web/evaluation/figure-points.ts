/** The points of an evaluation's figures: where a confusion matrix lies on the curves, and the bins of the reliability diagram. */
import type { ReliabilityPoint } from '../charts/reliability-option.ts';

type Bin = { count: number; meanProbability?: number | null; positiveShare?: number | null };
type ConfusionCounts = { tp: number; fp: number; tn: number; fn: number };

/** On the ROC; null when a class is missing: x = 1 − specificity, y = sensitivity. */
export function locateOperatingPoint({ tp, fp, tn, fn }: ConfusionCounts): { x: number; y: number } | null {
  if (tp + fn === 0 || fp + tn === 0) return null;
  return { x: fp / (fp + tn), y: tp / (tp + fn) };
}

/** On the precision-recall curve; null when nothing is positive or nothing is called: x = recall, y = precision. */
export function locatePrecision({ tp, fp, fn }: ConfusionCounts): { x: number; y: number } | null {
  if (tp + fn === 0 || tp + fp === 0) return null;
  return { x: tp / (tp + fn), y: tp / (tp + fp) };
}

/** The bins of a reliability diagram that hold patches; empty ones have no point. */
export function listReliabilityPoints(bins: readonly Bin[]): ReliabilityPoint[] {
  return bins.flatMap(({ count, meanProbability, positiveShare }) =>
    count > 0 && typeof meanProbability === 'number' && typeof positiveShare === 'number'
      ? [{ count, meanProbability, positiveShare }]
      : [],
  );
}
