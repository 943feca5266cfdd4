/** Where a confusion matrix lies on the curves. Null when a class is missing, or nothing is called. */

type ConfusionCounts = { tp: number; fp: number; tn: number; fn: number };

/** On the ROC: x = 1 − specificity, y = sensitivity. */
export function locateOperatingPoint({ tp, fp, tn, fn }: ConfusionCounts): { x: number; y: number } | null {
  if (tp + fn === 0 || fp + tn === 0) return null;
  return { x: fp / (fp + tn), y: tp / (tp + fn) };
}

/** On the precision-recall curve: x = recall, y = precision. */
export function locatePrecision({ tp, fp, fn }: ConfusionCounts): { x: number; y: number } | null {
  if (tp + fn === 0 || tp + fp === 0) return null;
  return { x: tp / (tp + fn), y: tp / (tp + fp) };
}
