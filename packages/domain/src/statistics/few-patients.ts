/** When patients are too few for an interval by patient to be taken at its word, and the sentence that says so. */

/** From here on a bootstrap of whole patients may be taken at its word; below it draws intervals that are too narrow. */
export const ENOUGH_PATIENTS = 20;

export function hasFewPatients(patients: number): boolean {
  return patients < ENOUGH_PATIENTS;
}

/**
 * Null from ENOUGH_PATIENTS on. A sign flip over n patients knows 2^n patterns, so no two-sided p-value below 2/2^n can be
 * had from them, whatever smaller one a bootstrap of so few shows.
 */
export function warnOfFewPatients(patients: number): string | null {
  if (!hasFewPatients(patients)) return null;
  const least = Math.min(1, 2 / 2 ** patients);
  const limit =
    least > 0.001
      ? ` No test that flips patients can give them a p-value below ${least.toPrecision(2)}.`
      : '';
  const count = patients === 1 ? 'Only 1 patient' : `Only ${patients} patients`;
  return `${count}: intervals from so few are too narrow, and their p-values too small.${limit} Take a lead for a hint.`;
}
