/** Where a confusion matrix lies on the ROC: x = 1 − specificity, y = sensitivity. Null when a class is missing. */

type ConfusionCounts = { tp: number; fp: number; tn: number; fn: number };

export function locateOperatingPoint({ tp, fp, tn, fn }: ConfusionCounts): { x: number; y: number } | null {
  if (tp + fn === 0 || fp + tn === 0) return null;
  return { x: fp / (fp + tn), y: tp / (tp + fn) };
}
