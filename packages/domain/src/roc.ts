/**
 * Metrics of ranking: how well the scores put positive patches before negative ones, whatever the threshold.
 * Equal scores are one point of the curve, never ordered by chance.
 */

import { eachTie, orderByScore } from './score-order.ts';
import { countClasses, type Labelled } from './scored.ts';
import { type CurvePoint, thinCurve } from './thin-curve.ts';

/** Largest distance, in units of the axes, of a thinned curve from the full one. */
const THIN_TOLERANCE = 0.0005;

/** How many of each class are at or above a threshold. */
export type CumulativePoint = { threshold: number; truePositives: number; falsePositives: number };

export type RocPoint = {
  falsePositiveRate: number;
  sensitivity: number;
  /** Patches with at least this score are called; null where none is. */
  threshold: number | null;
};

export type PrPoint = { recall: number; precision: number; threshold: number };

/** The counts at every distinct score, from the highest down. */
export function cumulateByScore({ probabilities, labels }: Labelled): CumulativePoint[] {
  const order = orderByScore(probabilities);
  const points: CumulativePoint[] = [];
  let truePositives = 0;
  for (const { start, end } of eachTie(probabilities, order)) {
    for (let rank = start; rank < end; rank++) truePositives += labels[order[rank] as number] as number;
    const threshold = probabilities[order[start] as number] as number;
    points.push({ threshold, truePositives, falsePositives: end - truePositives });
  }
  return points;
}

/**
 * Area under the ROC curve, [0, 1]: the chance that a positive patch scores above a negative one, ties
 * counting half (Mann-Whitney). Null when a class is missing.
 */
export function rocAuc({ probabilities, labels }: Labelled): number | null {
  const { positives, negatives } = countClasses(labels);
  if (positives === 0 || negatives === 0) return null;
  const order = orderByScore(probabilities);
  let positivesAbove = 0;
  let doubledWins = 0;
  for (const { start, end } of eachTie(probabilities, order)) {
    let tiedPositives = 0;
    for (let rank = start; rank < end; rank++) tiedPositives += labels[order[rank] as number] as number;
    doubledWins += (end - start - tiedPositives) * (2 * positivesAbove + tiedPositives);
    positivesAbove += tiedPositives;
  }
  return doubledWins / (2 * positives * negatives);
}

/**
 * Average precision, [0, 1]: the sum over distinct thresholds of (recall gained) x (precision there); no
 * interpolation, so it is not the trapezoid under the curve. Null without positive patches.
 */
export function averagePrecision(labelled: Labelled): number | null {
  const { positives } = countClasses(labelled.labels);
  if (positives === 0) return null;
  let sum = 0;
  let before = 0;
  for (const { truePositives, falsePositives } of cumulateByScore(labelled)) {
    sum += ((truePositives - before) * truePositives) / (truePositives + falsePositives);
    before = truePositives;
  }
  return sum / positives;
}

/** The ROC curve from (0, 0) to (1, 1), thinned but never further than 0.0005 from the full one. */
export function rocCurve(labelled: Labelled, tolerance = THIN_TOLERANCE): RocPoint[] | null {
  const { positives, negatives } = countClasses(labelled.labels);
  if (positives === 0 || negatives === 0) return null;
  const points: CurvePoint[] = [{ x: 0, y: 0, threshold: null }];
  for (const { threshold, truePositives, falsePositives } of cumulateByScore(labelled)) {
    points.push({ x: falsePositives / negatives, y: truePositives / positives, threshold });
  }
  return thinCurve(points, tolerance).map(({ x, y, threshold }) => ({
    falsePositiveRate: x,
    sensitivity: y,
    threshold,
  }));
}

/** Precision against recall at falling thresholds, thinned in the same way. */
export function prCurve(labelled: Labelled, tolerance = THIN_TOLERANCE): PrPoint[] | null {
  const { positives } = countClasses(labelled.labels);
  if (positives === 0) return null;
  const points = cumulateByScore(labelled).map(({ threshold, truePositives, falsePositives }) => ({
    x: truePositives / positives,
    y: truePositives / (truePositives + falsePositives),
    threshold,
  }));
  return thinCurve(points, tolerance).map(({ x, y, threshold }) => ({
    recall: x,
    precision: y,
    threshold: threshold ?? 0,
  }));
}
