/** The states of an external evaluation: QUEUED → RUNNING → SUCCEEDED or FAILED; a lost worker's goes back to QUEUED. */
export const EXTERNAL_EVALUATION_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const;
export type ExternalEvaluationStatus = (typeof EXTERNAL_EVALUATION_STATUSES)[number];

/** After so many attempts that were lost it is given up. */
export const LOST_ATTEMPTS_MAX = 3;
