/** The seal on TEST: which of a run's predictions may be read, and the sentence on those that may not. */
import type { Subset } from '../split/subset.ts';

/** The subsets on which a run predicts; those that may be read before TEST is opened come first. */
const PREDICTED_SUBSETS = ['VALIDATION', 'TEST'] as const;

/** Whether a run's predictions and figures of a subset may be read. */
export function isReadable(subset: Subset, { isOpen }: { isOpen: boolean }): boolean {
  return subset !== 'TEST' || isOpen;
}

/** The subsets whose predictions may be read. */
export function listReadableSubsets(opening: { isOpen: boolean }): Subset[] {
  return PREDICTED_SUBSETS.filter((subset) => isReadable(subset, opening));
}

/** Why TEST of a run is not shown. */
export function describeSeal(runName: string): string {
  return `TEST of run '${runName}' is sealed: open it first.`;
}
