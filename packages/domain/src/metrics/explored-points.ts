/**
 * Which thresholds are worth exploring besides the frozen one: a fine grid, and those each rule chooses on VALIDATION.
 * The frozen threshold and every stored figure stay as they are.
 */
import { callAlike } from './cut.ts';
import type { OperatingPointAt } from './operating-points.ts';
import type { Scored } from './scored.ts';
import { chooseThreshold, THRESHOLD_RULES, type ThresholdRule } from './threshold.ts';

const GRID_STEPS = 200;

export type ExploredPoint = OperatingPointAt & {
  /** True of the threshold in use. */
  isFrozen: boolean;
  /** The rules that choose this threshold on VALIDATION. */
  rules: ThresholdRule[];
};

type Exploration = {
  frozen: number;
  /** What each rule chooses on VALIDATION: the frozen one where both call the same patches there. */
  chosen: ReadonlyMap<ThresholdRule, number>;
  /** All that are explored, rising, each once. */
  thresholds: number[];
};

export function planExploration({
  validation,
  targetSensitivity,
  frozen,
}: {
  validation: Scored;
  targetSensitivity: number;
  frozen: number;
}): Exploration {
  const chosen = new Map(
    THRESHOLD_RULES.map((rule) => {
      const threshold = chooseThreshold({ scored: validation, rule, targetSensitivity });
      return [rule, callAlike(validation.probabilities, [threshold, frozen]) ? frozen : threshold];
    }),
  );
  const grid = Array.from({ length: GRID_STEPS + 1 }, (_, step) => step / GRID_STEPS);
  const thresholds = [...new Set([...grid, frozen, ...chosen.values()])].sort((x, y) => x - y);
  return { frozen, chosen, thresholds };
}

/** The measured points, each with the rules that choose it. */
export function markPoints(
  points: readonly OperatingPointAt[],
  { frozen, chosen }: Exploration,
): ExploredPoint[] {
  return points.map((point) => ({
    ...point,
    isFrozen: point.threshold === frozen,
    rules: THRESHOLD_RULES.filter((rule) => chosen.get(rule) === point.threshold),
  }));
}
