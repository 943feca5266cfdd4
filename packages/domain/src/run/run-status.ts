/**
 * The states of a run and the arrows between them:
 *
 *   QUEUED ──claim──► RUNNING ──► SUCCEEDED | FAILED | CANCELED
 *     │  ▲               │
 *     │  └──lost worker──┘            FAILED | CANCELED ──retry──► QUEUED
 *     └──cancel──► CANCELED
 */

export const RUN_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'] as const;

export type RunStatus = (typeof RUN_STATUSES)[number];

const NEXT_STATUSES: Record<RunStatus, readonly RunStatus[]> = {
  QUEUED: ['RUNNING', 'CANCELED', 'FAILED'],
  RUNNING: ['SUCCEEDED', 'FAILED', 'CANCELED', 'QUEUED'],
  SUCCEEDED: [],
  FAILED: ['QUEUED'],
  CANCELED: ['QUEUED'],
};

/** Whether the run has ended: no worker moves it any more unless it is retried. */
export function isSettled(status: RunStatus): boolean {
  return status === 'SUCCEEDED' || status === 'FAILED' || status === 'CANCELED';
}

/** Whether a run may go from one status to the other. */
export function canMoveRun(from: RunStatus, to: RunStatus): boolean {
  return NEXT_STATUSES[from].includes(to);
}
