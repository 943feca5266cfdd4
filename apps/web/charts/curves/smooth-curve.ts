/**
 * Exponential smoothing of a curve: each value is the mean of those before it, weighted less the longer ago they are. The
 * start is not drawn towards zero, and what is no number stays a gap that the mean goes on behind. Pure.
 */

/** Weight of what was, from 0 (as measured) to below 1. */
export const SMOOTHING_MAX = 0.99;

export function smoothValues(values: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...values];
  let sum = 0;
  let weights = 0;
  return values.map((value) => {
    if (!Number.isFinite(value)) return Number.NaN;
    sum = sum * weight + value * (1 - weight);
    weights = weights * weight + (1 - weight);
    return sum / weights;
  });
}
