/** The numbered facts of a run: their kinds, and what each kind carries. */
import type { Subset } from '../split/subset.ts';
import type { RunStatus } from './run-status.ts';

export const RUN_EVENT_KINDS = ['STATUS', 'EPOCH', 'EVALUATION', 'LOG', 'METRICS'] as const;
export type RunEventKind = (typeof RUN_EVENT_KINDS)[number];

/** Why an attempt ended. LOST: its worker crashed or stopped reporting. HANDED_OVER: it gave the run up itself. */
export const ATTEMPT_OUTCOMES = ['SUCCEEDED', 'FAILED', 'CANCELED', 'LOST', 'HANDED_OVER'] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

/** The run's new status, and what is known of how it got there. */
export type StatusPayload = {
  status: RunStatus;
  workerId?: string;
  outcome?: AttemptOutcome;
  error?: string;
  cancelRequested?: boolean;
  retried?: boolean;
};

/** The numbers of the epoch are rows of their own. */
export type EpochPayload = { epoch: number; step: number; best: boolean };

/** `openedBy` and `reason` are set for TEST. */
export type EvaluationPayload = { subset: Subset; threshold: number; openedBy?: string; reason?: string };

export type LogPayload = { line: string };

/** A longer line of the log is cut. */
export const LOG_LINE_LENGTH_MAX = 4_000;

/** An external program added numbers, which are rows of their own: look at them again. */
export type MetricsPayload = Record<never, never>;

export type RunEventPayload = StatusPayload | EpochPayload | EvaluationPayload | LogPayload | MetricsPayload;

/** A kind with the payload that belongs to it. */
export type RunFact =
  | { kind: 'STATUS'; payload: StatusPayload }
  | { kind: 'EPOCH'; payload: EpochPayload }
  | { kind: 'EVALUATION'; payload: EvaluationPayload }
  | { kind: 'LOG'; payload: LogPayload }
  | { kind: 'METRICS'; payload: MetricsPayload };
