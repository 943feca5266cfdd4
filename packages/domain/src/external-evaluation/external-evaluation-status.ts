/**
 * The states of an external evaluation: QUEUED → RUNNING → SUCCEEDED, FAILED or CANCELED; a lost worker's goes back to
 * QUEUED, and so does one that FAILED or was CANCELED when it is asked for again.
 */
export const EXTERNAL_EVALUATION_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'] as const;
export type ExternalEvaluationStatus = (typeof EXTERNAL_EVALUATION_STATUSES)[number];

/** After so many attempts that were lost it is given up. */
export const LOST_ATTEMPTS_MAX = 3;

/** Whether it is asked for in vain: it ended without a result, and may be asked for again. */
export function isWithoutResult(status: ExternalEvaluationStatus): boolean {
  return status === 'FAILED' || status === 'CANCELED';
}
