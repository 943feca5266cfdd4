/** When there are too few patients, or units of another kind, to trust an interval by them, and the sentence that says so. */
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { countUnits, hasUnits, nameUnit, warnOfIntervals } from '../unit/unit-words.ts';

/** From here on a bootstrap of whole patients can be trusted; below, its intervals are too narrow. */
export const ENOUGH_PATIENTS = 20;

export function hasFewPatients(patients: number): boolean {
  return patients < ENOUGH_PATIENTS;
}

/**
 * Null from ENOUGH_PATIENTS on, and never where nothing binds patches together. A sign flip over n patients knows 2^n patterns, so no two-sided p-value below 2/2^n can be
 * reached with them, whatever smaller one a bootstrap shows.
 */
export function warnOfFewPatients(patients: number, unit: SplittingUnit): string | null {
  if (!hasUnits(unit)) return warnOfIntervals(unit);
  if (!hasFewPatients(patients)) return null;
  const least = Math.min(1, 2 / 2 ** patients);
  const limit =
    least > 0.001
      ? ` No test that flips ${nameUnit(unit).many} can give them a p-value below ${least.toPrecision(2)}.`
      : '';
  return `Only ${countUnits(unit, patients)}: intervals from so few are too narrow, and their p-values too small.${limit} Take a lead for a hint.`;
}
