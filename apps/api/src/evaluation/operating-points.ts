/**
 * What a run would call at other thresholds, for the slider of a page: a fine grid, and the thresholds that each rule
 * chooses on VALIDATION. Exploratory: the frozen threshold and every stored figure stay as they are.
 */

import type { OperatingPointAt } from '@microtome/domain/metrics/operating-points';
import type { Scored } from '@microtome/domain/metrics/scored';
import { chooseThreshold, THRESHOLD_RULES, type ThresholdRule } from '@microtome/domain/metrics/threshold';
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import type { Background } from '../background/background.ts';
import type { PredictionServices } from './run-predictions.ts';
import { loadScoredSubset } from './scored-subset.ts';

const GRID_STEPS = 200;

export type ExploredPoint = OperatingPointAt & {
  /** True of the threshold in use. */
  isFrozen: boolean;
  /** The rules that choose this threshold on VALIDATION. */
  rules: ThresholdRule[];
};

/** By rising threshold. The row of an evaluation is there only where its subset may be read. */
export async function explorePoints(
  services: PredictionServices & { background: Background },
  { runId, subset, threshold: frozen }: Prisma.EvaluationGetPayload<object>,
): Promise<ExploredPoint[]> {
  const run = await services.store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  const { scored } = await loadScoredSubset(services, { runId, subset });
  const { scored: validation } =
    subset === 'VALIDATION' ? { scored } : await loadScoredSubset(services, { runId, subset: 'VALIDATION' });
  const chosen = chooseByEachRule(validation, run.hyperparameters);
  const grid = Array.from({ length: GRID_STEPS + 1 }, (_, step) => step / GRID_STEPS);
  const thresholds = [...new Set([...grid, frozen, ...chosen.values()])].sort((x, y) => x - y);
  const points = await services.background.operatingPoints({ scored, thresholds });
  return points.map((point) => ({
    ...point,
    isFrozen: point.threshold === frozen,
    rules: THRESHOLD_RULES.filter((rule) => chosen.get(rule) === point.threshold),
  }));
}

function chooseByEachRule(
  scored: Scored,
  { targetSensitivity }: Pick<Hyperparameters, 'targetSensitivity'>,
): Map<ThresholdRule, number> {
  return new Map(THRESHOLD_RULES.map((rule) => [rule, chooseThreshold({ scored, rule, targetSensitivity })]));
}
