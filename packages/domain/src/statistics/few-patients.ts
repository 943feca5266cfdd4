/** When there are too few patients to trust an interval by patient, and the sentence that says so. */

/** From here on a bootstrap of whole patients can be trusted; below, its intervals are too narrow. */
export const ENOUGH_PATIENTS = 20;

export function hasFewPatients(patients: number): boolean {
  return patients < ENOUGH_PATIENTS;
}

/**
 * Null from ENOUGH_PATIENTS on. A sign flip over n patients knows 2^n patterns, so no two-sided p-value below 2/2^n can be
 * reached with them, whatever smaller one a bootstrap shows.
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
