/** Which end of a metric is the good one: the only place that knows it. */

const SMALLER_IS_BETTER = new Set(['loss', 'logLoss', 'brier', 'ece', 'eceTopLabel']);

/** By the metric's name, with or without where it was measured: `brier`, `macro.brier`, `validation.macro.brier`. */
export function isSmallerBetter(metric: string): boolean {
  return SMALLER_IS_BETTER.has(metric.slice(metric.lastIndexOf('.') + 1));
}

/** Whether the value beats the best so far. An undefined one never does; any other beats none. Equal is not better. */
export function isBetter(value: number | null, best: number | null, metric: string): value is number {
  if (value === null) return false;
  return best === null || (isSmallerBetter(metric) ? value < best : value > best);
}
