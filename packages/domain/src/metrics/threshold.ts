/**
 * Operating points. A threshold is chosen on VALIDATION, frozen with the model and applied once to TEST; it
 * lies between two scores, and a patch is called positive where its probability is at least the threshold.
 */
import { cutBelow } from './cut.ts';
import { countByScore, type ScoreCounts } from './roc.ts';
import { type ClassCounts, countClasses, type Labelled } from './scored.ts';

/** Slack for fractions such as 1 - 0.9 that are not exact in binary. */
const RATE_SLACK = 1e-12;
const THRESHOLD_WITHOUT_A_CHOICE = 0.5;

/** How a threshold can be chosen. */
export const THRESHOLD_RULES = ['youden', 'f1', 'sensitivity'] as const;

export type ThresholdRule = (typeof THRESHOLD_RULES)[number];

type OperatingPoint = { sensitivity: number; threshold: number | null };

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
  const counts = countByScore(choice.scored);
  switch (choice.rule) {
    case 'youden':
      return findBest(counts, (called) => called.positives / positives - called.negatives / negatives);
    case 'f1':
      return findBest(
        counts,
        (called) => (2 * called.positives) / (called.positives + called.negatives + positives),
      );
    case 'sensitivity': {
      const wanted = choice.targetSensitivity * positives - RATE_SLACK;
      const point = counts.truePositives.findIndex((called) => called >= wanted);
      return point < 0 ? THRESHOLD_WITHOUT_A_CHOICE : cutBelow(counts.scores, point);
    }
  }
}

/**
 * The sensitivity at the lowest threshold whose specificity is still at least the given one, i.e. the last
 * point of the ROC curve there; its threshold is null when no patch may be called. Null when a class is missing.
 */
export function sensitivityAtSpecificity(
  { scores, truePositives, falsePositives }: ScoreCounts,
  specificity: number,
): OperatingPoint | null {
  const positives = truePositives.at(-1) ?? 0;
  const negatives = falsePositives.at(-1) ?? 0;
  if (positives === 0 || negatives === 0) return null;
  const allowed = (1 - specificity + RATE_SLACK) * negatives;
  const point = falsePositives.findLastIndex((called) => called <= allowed);
  return {
    sensitivity: (truePositives[point] ?? 0) / positives,
    threshold: point < 0 ? null : cutBelow(scores, point),
  };
}

function findBest(
  { scores, truePositives, falsePositives }: ScoreCounts,
  measure: (called: ClassCounts) => number,
): number {
  let best = { value: Number.NEGATIVE_INFINITY, point: -1 };
  for (let point = 0; point < scores.length; point++) {
    const called = { positives: truePositives[point] as number, negatives: falsePositives[point] as number };
    const value = measure(called);
    if (value > best.value) best = { value, point };
  }
  return best.point < 0 ? THRESHOLD_WITHOUT_A_CHOICE : cutBelow(scores, best.point);
}
