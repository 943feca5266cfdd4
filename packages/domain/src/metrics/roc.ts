/**
 * Metrics of ranking: how well the scores put positive patches before negative ones, whatever the threshold.
 * Equal scores are one point of the curve, never ordered by chance.
 */

import { cutBelow } from './cut.ts';
import { countClasses, type Labelled } from './scored.ts';
import { type CurvePoint, thinCurve } from './thin-curve.ts';

/** Largest distance, in units of the axes, of a thinned curve from the full one. */
const THIN_TOLERANCE = 0.0005;

/** How many of each class are at or above each distinct score, from the highest score down. */
export type ScoreCounts = {
  /** Falling, each once. */
  scores: Float64Array;
  truePositives: Float64Array;
  falsePositives: Float64Array;
};

type RocPoint = {
  falsePositiveRate: number;
  sensitivity: number;
  /** Patches with at least this score are called, which lies between two scores; null where none is. */
  threshold: number | null;
};

type PrPoint = { recall: number; precision: number; threshold: number };

/** Counts at every distinct score. Each class is sorted by itself, without an order to keep, and the two are merged. */
export function countByScore({ probabilities, labels }: Labelled): ScoreCounts {
  const positives = pickScores({ probabilities, labels }, 1).sort();
  const negatives = pickScores({ probabilities, labels }, 0).sort();
  const scores = new Float64Array(probabilities.length);
  const truePositives = new Float64Array(probabilities.length);
  const falsePositives = new Float64Array(probabilities.length);
  let [points, positive, negative] = [0, positives.length - 1, negatives.length - 1];
  while (positive >= 0 || negative >= 0) {
    const score = Math.max(
      positive >= 0 ? (positives[positive] as number) : Number.NEGATIVE_INFINITY,
      negative >= 0 ? (negatives[negative] as number) : Number.NEGATIVE_INFINITY,
    );
    while (positive >= 0 && !((positives[positive] as number) < score)) positive--;
    while (negative >= 0 && !((negatives[negative] as number) < score)) negative--;
    scores[points] = score;
    truePositives[points] = positives.length - 1 - positive;
    falsePositives[points] = negatives.length - 1 - negative;
    points++;
  }
  return {
    scores: scores.subarray(0, points),
    truePositives: truePositives.subarray(0, points),
    falsePositives: falsePositives.subarray(0, points),
  };
}

function pickScores({ probabilities, labels }: Labelled, label: number): Float64Array {
  const scores = new Float64Array(labels.length);
  let count = 0;
  for (let index = 0; index < labels.length; index++) {
    if (labels[index] === label) scores[count++] = probabilities[index] as number;
  }
  return scores.subarray(0, count);
}

/**
 * Area under the ROC curve, [0, 1]: the chance that a positive patch scores above a negative one, ties
 * counting half (Mann-Whitney). Null when a class is missing.
 */
export function rocAuc(labelled: Labelled): number | null {
  return aucOfCounts(countByScore(labelled));
}

/**
 * Average precision, [0, 1]: the sum over distinct scores of (recall gained) x (precision there); no
 * interpolation, so it is not the trapezoid under the curve. Null without positive patches.
 */
export function averagePrecision(labelled: Labelled): number | null {
  return averagePrecisionOfCounts(countByScore(labelled));
}

/** `rocAuc` from existing counts; twice the wins is a whole number, so the count is exact. */
export function aucOfCounts({ truePositives, falsePositives }: ScoreCounts): number | null {
  const positives = truePositives.at(-1) ?? 0;
  const negatives = falsePositives.at(-1) ?? 0;
  if (positives === 0 || negatives === 0) return null;
  let doubledWins = 0;
  let positivesBefore = 0;
  let negativesBefore = 0;
  for (let point = 0; point < truePositives.length; point++) {
    const positivesHere = truePositives[point] as number;
    const negativesHere = falsePositives[point] as number;
    doubledWins += (negativesHere - negativesBefore) * (positivesBefore + positivesHere);
    positivesBefore = positivesHere;
    negativesBefore = negativesHere;
  }
  return doubledWins / (2 * positives * negatives);
}

/** `averagePrecision` from existing counts. */
export function averagePrecisionOfCounts({ truePositives, falsePositives }: ScoreCounts): number | null {
  const positives = truePositives.at(-1) ?? 0;
  if (positives === 0) return null;
  let sum = 0;
  let before = 0;
  for (let point = 0; point < truePositives.length; point++) {
    const here = truePositives[point] as number;
    sum += ((here - before) * here) / (here + (falsePositives[point] as number));
    before = here;
  }
  return sum / positives;
}

/** The ROC curve from (0, 0) to (1, 1), thinned but never further than 0.0005 from the full one. */
export function rocCurve(labelled: Labelled, tolerance = THIN_TOLERANCE): RocPoint[] | null {
  const { positives, negatives } = countClasses(labelled.labels);
  if (positives === 0 || negatives === 0) return null;
  const { scores, truePositives, falsePositives } = countByScore(labelled);
  const points: CurvePoint[] = [{ x: 0, y: 0, threshold: null }];
  for (let point = 0; point < scores.length; point++) {
    const x = (falsePositives[point] as number) / negatives;
    const y = (truePositives[point] as number) / positives;
    points.push({ x, y, threshold: cutBelow(scores, point) });
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
  const { scores, truePositives, falsePositives } = countByScore(labelled);
  const points = Array.from(scores, (_, point) => {
    const called = truePositives[point] as number;
    const y = called / (called + (falsePositives[point] as number));
    return { x: called / positives, y, threshold: cutBelow(scores, point) };
  });
  return thinCurve(points, tolerance).map(({ x, y, threshold }) => ({
    recall: x,
    precision: y,
    threshold: threshold ?? 0,
  }));
}
