/** Which epoch is the best by the monitored VALIDATION metric, and when waiting for a better one ends. */

import { isBetter } from '@microtome/domain/metrics/metric';
import type { Monitor } from '@microtome/domain/run/epoch-metrics';
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';

/**
 * Number (from 1) of the best epoch; the first of equals. An undefined value is never better; when all are undefined
 * the last epoch counts as the best. `history` has at least one epoch.
 */
export function findBestEpoch(history: readonly (number | null)[], monitor: Monitor): number {
  let best: { epoch: number; value: number } | null = null;
  for (const [index, value] of history.entries()) {
    if (isBetter(value, best?.value ?? null, monitor)) best = { epoch: index + 1, value };
  }
  return best?.epoch ?? history.length;
}

/** Whether training has ended: all epochs done, or none of the last `earlyStoppingPatience` was the best. */
export function isTrainingOver(
  history: readonly (number | null)[],
  hyperparameters: Hyperparameters,
): boolean {
  const { epochs, earlyStoppingPatience, monitor } = hyperparameters;
  if (history.length >= epochs) return true;
  if (earlyStoppingPatience === 0 || history.length === 0) return false;
  return history.length - findBestEpoch(history, monitor) >= earlyStoppingPatience;
}
