/**
 * What the transitions of a run share: locking its row, closing an attempt, and deciding what becomes of a run
 * whose attempt ended without a verdict. Always called within a transaction that holds the lock.
 */
import { invariant } from '@microtome/domain/app-error';
import type { AttemptOutcome, StatusPayload } from '@microtome/domain/run/run-event';
import type { RunStatus } from '@microtome/domain/run/run-status';
import { findRunNeed } from '@microtome/domain/run/run-wait';
import type { Prisma, Run } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { insertRunEvent } from './run-events.ts';

/** After this many attempts in a row that crashed without adding an epoch, the run has FAILED. */
export const RETRY_LIMIT = 3;

export type AttemptKey = { runId: string; attempt: number };
export type ReleasedStatus = 'QUEUED' | 'FAILED' | 'CANCELED';

/** Locks the run until the transaction ends; null when there is none. */
export async function lockRun(tx: Transaction, runId: string): Promise<Run | null> {
  await tx.$queryRaw`select from run where id = ${runId}::uuid for update`;
  // A statement of its own: it sees what was committed while the lock was waited for.
  return tx.run.findUnique({ where: { id: runId } });
}

/** The run, locked, if this attempt is the one that may write; else null. */
export async function lockAttempt(tx: Transaction, { runId, attempt }: AttemptKey): Promise<Run | null> {
  const run = await lockRun(tx, runId);
  return run?.status === 'RUNNING' && run.attempt === attempt ? run : null;
}

type Move = {
  from: RunStatus;
  to: RunStatus;
  data?: Prisma.RunUpdateManyMutationInput;
  /** What the event says besides the status. */
  payload?: Omit<StatusPayload, 'status'>;
};

/** One conditional update and its event; null when the run was not in `from`. */
export async function moveRun(
  tx: Transaction,
  runId: string,
  { from, to, data, payload }: Move,
): Promise<Run | null> {
  const [run] = await tx.run.updateManyAndReturn({
    where: { id: runId, status: from },
    data: { ...data, status: to },
  });
  if (!run) return null;
  await insertRunEvent(tx, {
    runId,
    attempt: run.attempt,
    kind: 'STATUS',
    payload: { ...payload, status: to },
  });
  return { ...run, lastSeq: run.lastSeq + 1 };
}

/** Ends the attempt and its progress; gives how many epochs it added, or null when it had ended before. */
export async function closeAttempt(
  tx: Transaction,
  { runId, attempt, outcome, error }: AttemptKey & { outcome: AttemptOutcome; error?: string },
): Promise<number | null> {
  const [closed] = await tx.runAttempt.updateManyAndReturn({
    where: { runId, number: attempt, finishedAt: null },
    data: { outcome, error: error ?? null, finishedAt: new Date() },
  });
  await tx.runProgress.deleteMany({ where: { runId } });
  return closed?.epochsAdded ?? null;
}

type EndedAttempt = {
  run: Run;
  outcome: 'LOST' | 'HANDED_OVER';
  error?: string;
  /** Attempts in a row that crashed without adding an epoch, this one included. */
  emptyAttempts: number;
  /** Whether the run FAILED with this attempt: too many crashed. */
  isGivenUp: boolean;
};

/** RUNNING → QUEUED (with a new job), FAILED at the retry limit, or CANCELED when that was asked for. */
export async function requeueRun(
  tx: Transaction,
  store: Store,
  { run, outcome, error, emptyAttempts, isGivenUp }: EndedAttempt,
): Promise<ReleasedStatus> {
  const from = 'RUNNING';
  if (run.cancelRequestedAt) {
    await moveRun(tx, run.id, { from, to: 'CANCELED', data: { finishedAt: new Date() } });
    await store.queue.removeRun(tx, run.id);
    return 'CANCELED';
  }
  if (isGivenUp) {
    const sentence = `Too many attempts in a row ended before they finished an epoch. The last: ${error}`;
    const data = { finishedAt: new Date(), emptyAttempts, error: sentence };
    await moveRun(tx, run.id, { from, to: 'FAILED', data, payload: { error: sentence } });
    await store.queue.removeRun(tx, run.id);
    return 'FAILED';
  }
  const payload = { outcome, ...(error ? { error } : {}) };
  const queued = await moveRun(tx, run.id, { from, to: 'QUEUED', data: { emptyAttempts }, payload });
  invariant(queued, `run ${run.id} left RUNNING while its row was locked`);
  await enqueueRun(tx, store, queued);
  return 'QUEUED';
}

/** Into the line of what it needs: one that has a checkpoint goes on with the backend that wrote it, and no other. */
export async function enqueueRun(tx: Transaction, store: Store, run: Run): Promise<void> {
  const { line } = findRunNeed(run);
  await store.queue.enqueueRun(tx, run.id, { priority: run.priority, line });
}
