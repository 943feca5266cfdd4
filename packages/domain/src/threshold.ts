/**
 * Operating points. A threshold is chosen on VALIDATION, frozen with the model and applied once to TEST; it
 * is always one of the scores, and a patch is called positive where its probability is at least that.
 */
import type { Hyperparameters } from './hyperparameters.ts';
import { type CumulativePoint, cumulateByScore } from './roc.ts';
import { countClasses, type Labelled } from './scored.ts';

/** Slack for fractions such as 1 - 0.9 that are not exact in binary. */
const RATE_SLACK = 1e-12;
const THRESHOLD_WITHOUT_A_CHOICE = 0.5;

export type ThresholdRule = Hyperparameters['thresholdRule'];

export type OperatingPoint = { sensitivity: number; threshold: number | null };

/**
 * The threshold by a rule: the largest Youden J (sensitivity + specificity - 1), the largest F1, or the
 * highest with at least `targetSensitivity`. Ties go to the higher threshold. 0.5 where a class is missing,
 * because nothing can be chosen then.
 */
export function chooseThreshold(choice: {
  scored: Labelled;
  rule: ThresholdRule;
  targetSensitivity: number;
}): number {
  const { positives, negatives } = countClasses(choice.scored.labels);
  if (positives === 0 || negatives === 0) return THRESHOLD_WITHOUT_A_CHOICE;
  const points = cumulateByScore(choice.scored);
  switch (choice.rule) {
    case 'youden':
      return findBest(points, (point) => point.truePositives / positives - point.falsePositives / negatives);
    case 'f1':
      return findBest(
        points,
        (point) => (2 * point.truePositives) / (point.truePositives + point.falsePositives + positives),
      );
    case 'sensitivity': {
      const wanted = choice.targetSensitivity * positives - RATE_SLACK;
      const point = points.find(({ truePositives }) => truePositives >= wanted);
      return point?.threshold ?? THRESHOLD_WITHOUT_A_CHOICE;
    }
  }
}

/**
 * The sensitivity at the lowest threshold whose specificity is still at least the given one, i.e. the last
 * point of the ROC curve there; its threshold is null when no patch may be called. Null when a class is missing.
 */
export function sensitivityAtSpecificity(scored: Labelled, specificity: number): OperatingPoint | null {
  const { positives, negatives } = countClasses(scored.labels);
  if (positives === 0 || negatives === 0) return null;
  const allowed = (1 - specificity + RATE_SLACK) * negatives;
  const point = cumulateByScore(scored).findLast(({ falsePositives }) => falsePositives <= allowed);
  return { sensitivity: (point?.truePositives ?? 0) / positives, threshold: point?.threshold ?? null };
}

function findBest(points: readonly CumulativePoint[], measure: (point: CumulativePoint) => number): number {
  let best = { value: Number.NEGATIVE_INFINITY, threshold: THRESHOLD_WITHOUT_A_CHOICE };
  for (const point of points) {
    const value = measure(point);
    if (value > best.value) best = { value, threshold: point.threshold };
  }
  return best.threshold;
}
