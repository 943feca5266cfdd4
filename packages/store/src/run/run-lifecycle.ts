/**
 * The states of a run and who may move it: one function per arrow of the diagram in domain/run-status.ts, and each says
 * whether it won. An arrow of a worker carries the number of its attempt: once the run was taken over, the old worker's
 * arrows miss. Whatever changes a run locks its row first and writes its event in the same transaction.
 * Leases are measured by the database's clock alone.
 */
import { AppError } from '@microtome/domain/app-error';
import type { ContextStep } from '@microtome/domain/context/context-step';
import type { EvaluationWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { asksForBf16 } from '@microtome/domain/run/precision';
import { isSettled } from '@microtome/domain/run/run-status';
import { Prisma, type Run } from '../../generated/prisma/client.ts';
import type { ArtifactRef } from '../artifacts/artifacts.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { linkRunArtifact } from './run-artifacts.ts';
import { insertRunEvent } from './run-events.ts';
import { insertRun, type LaunchRequest, prepareRun } from './run-launch.ts';
import {
  type AttemptKey,
  closeAttempt,
  enqueueRun,
  lockAttempt,
  lockRun,
  moveRun,
  RETRY_LIMIT,
  type ReleasedStatus,
  requeueRun,
} from './run-transitions.ts';
import { type OnSplit, requireSplit } from './split-run.ts';

/** A lease that was not renewed for this long is lost: any worker may take the run. */
export const LEASE_STALE_MS = 15_000;

type Heartbeat = { fenced: true } | { fenced: false; cancelRequested: boolean };

type ReleaseRequest = AttemptKey & {
  /** LOST: the attempt crashed. HANDED_OVER: it stopped deliberately, which never counts against the run. */
  outcome: 'LOST' | 'HANDED_OVER';
  /** What broke, as a sentence. */
  error?: string;
};

type FinalRole = 'MODEL_JSON' | 'MODEL_WEIGHTS' | 'PREDICTIONS_VALIDATION' | 'PREDICTIONS_TEST';
/** Runs that were finished by an earlier version have none. */
type OptionalRole = 'MODEL_ONNX';

export type SuccessReport = AttemptKey & {
  /** Chosen on VALIDATION. */
  threshold: number;
  /** Null when the run is not calibrated. */
  temperature: number | null;
  trainPatchesPerSecond: number;
  peakMemoryBytes?: number;
  artifacts: Record<FinalRole, ArtifactRef> & Partial<Record<OptionalRole, ArtifactRef>>;
  /** Of VALIDATION, at the threshold above. */
  evaluation: Pick<EvaluationWithIntervals, 'metrics' | 'intervals'> & { draws: number };
  /** With neighbours, chosen on VALIDATION; null: nothing to say. Left out by a worker that chose none. */
  context?: ContextStep | null;
};

/**
 * A worker that falls silent (its machine was switched off, say) is not the run's fault; but a run under which this many
 * fell silent one after the other, without an epoch, is given up.
 */
const SILENT_LIMIT = 10;

/** → QUEUED. Checks the request, then writes run, event and job in one transaction. */
export async function launchRun(store: Store, request: LaunchRequest): Promise<OnSplit<Run>> {
  const prepared = await prepareRun(store, request);
  return requireSplit(await store.database.prisma.$transaction((tx) => insertRun(tx, store, prepared)));
}

/**
 * QUEUED → RUNNING, also when the present lease went stale. Null when the run is not to be had: another worker has it, or this
 * one does not train in its precision, whatever was delivered to it.
 */
export async function claimRun(
  store: Store,
  {
    runId,
    workerId,
    staleAfterMs = LEASE_STALE_MS,
  }: { runId: string; workerId: string; staleAfterMs?: number },
): Promise<Run | null> {
  return store.database.prisma.$transaction(async (tx) => {
    const before = await lockRun(tx, runId);
    if (before?.status === 'RUNNING') await loseStaleAttempt(tx, store, { run: before, staleAfterMs });
    if (before && asksForBf16(before.hyperparameters) && !(await trainsInBf16(tx, workerId))) return null;
    const data = { attempt: { increment: 1 }, startedAt: before?.startedAt ?? new Date(), error: null };
    const run = await moveRun(tx, runId, { from: 'QUEUED', to: 'RUNNING', data, payload: { workerId } });
    if (run) await tx.runAttempt.create({ data: { runId, number: run.attempt, workerId } });
    return run;
  });
}

async function trainsInBf16(tx: Transaction, workerId: string): Promise<boolean> {
  return (await tx.worker.count({ where: { id: workerId, precisions: { has: 'bf16' } } })) > 0;
}

/** Renews the lease. Fenced: the run was taken over or settled, and the caller must stop and write nothing. */
export async function heartbeatRun(store: Store, { runId, attempt }: AttemptKey): Promise<Heartbeat> {
  const [beat] = await store.database.prisma.$queryRaw<{ cancelRequested: boolean }[]>`
    update run_attempt set heartbeat_at = now() from run
    where run.id = ${runId}::uuid and run.status = 'RUNNING' and run.attempt = ${attempt}
      and run_attempt.run_id = run.id and run_attempt.number = run.attempt and run_attempt.finished_at is null
    returning run.cancel_requested_at is not null as "cancelRequested"`;
  return beat ? { fenced: false, cancelRequested: beat.cancelRequested } : { fenced: true };
}

/**
 * QUEUED → CANCELED at once, and so is a run of an external program; of a RUNNING run the worker is told by its next heartbeat.
 * @throws AppError NOT_FOUND; CONFLICT when the run has settled
 */
export async function requestCancel(store: Store, runId: string): Promise<Run> {
  return store.database.prisma.$transaction(async (tx) => {
    const run = await getLocked(tx, runId);
    if (isSettled(run.status)) {
      throw new AppError('CONFLICT', `Run '${run.name}' cannot be canceled: it has ${run.status} already.`);
    }
    if (run.status === 'QUEUED') return cancelQueued(tx, store, run);
    if (run.origin === 'EXTERNAL') {
      const canceled = await moveRun(tx, runId, {
        from: run.status,
        to: 'CANCELED',
        data: { finishedAt: new Date() },
      });
      return canceled ?? run;
    }
    if (run.cancelRequestedAt) return run;
    const payload = { status: run.status, cancelRequested: true };
    await insertRunEvent(tx, { runId, attempt: run.attempt, kind: 'STATUS', payload });
    return tx.run.update({ where: { id: runId }, data: { cancelRequestedAt: new Date() } });
  });
}

/** RUNNING → CANCELED, by the worker that trains it. Says whether it won. */
export async function finishCanceled(store: Store, key: AttemptKey): Promise<boolean> {
  return finish(store, key, async (tx) => {
    await closeAttempt(tx, { ...key, outcome: 'CANCELED' });
    await moveRun(tx, key.runId, { from: 'RUNNING', to: 'CANCELED', data: { finishedAt: new Date() } });
  });
}

/** RUNNING → FAILED: the run itself is at fault, and a retry would not help. Says whether it won. */
export async function finishFailed(
  store: Store,
  { error, ...key }: AttemptKey & { error: string },
): Promise<boolean> {
  return finish(store, key, async (tx) => {
    await closeAttempt(tx, { ...key, outcome: 'FAILED', error });
    const data = { finishedAt: new Date(), error };
    await moveRun(tx, key.runId, { from: 'RUNNING', to: 'FAILED', data, payload: { error } });
  });
}

/** RUNNING → SUCCEEDED, with model, predictions and the evaluation on VALIDATION. Says whether it won. */
export async function finishSucceeded(store: Store, report: SuccessReport): Promise<boolean> {
  const { runId, attempt, threshold, temperature, trainPatchesPerSecond, peakMemoryBytes } = report;
  return finish(store, report, async (tx) => {
    for (const [role, artifact] of Object.entries(report.artifacts)) {
      await linkRunArtifact(tx, { runId, role, artifact });
    }
    await tx.evaluation.create({ data: { runId, subset: 'VALIDATION', threshold, ...report.evaluation } });
    if (report.context !== undefined) await tx.runContext.create({ data: { runId, ...report.context } });
    const payload = { subset: 'VALIDATION' as const, threshold };
    await insertRunEvent(tx, { runId, attempt, kind: 'EVALUATION', payload });
    await closeAttempt(tx, { runId, attempt, outcome: 'SUCCEEDED' });
    const data = {
      finishedAt: new Date(),
      threshold,
      temperature,
      trainPatchesPerSecond,
      ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes: BigInt(Math.round(peakMemoryBytes)) }),
    };
    await moveRun(tx, runId, { from: 'RUNNING', to: 'SUCCEEDED', data });
  });
}

/** The attempt ended without a verdict: back to the queue, or settled (see requeueRun). Null when it was fenced. */
export async function releaseRun(
  store: Store,
  { outcome, error, ...key }: ReleaseRequest,
): Promise<ReleasedStatus | null> {
  return store.database.prisma.$transaction(async (tx) => {
    const run = await lockAttempt(tx, key);
    if (!run) return null;
    const epochsAdded = (await closeAttempt(tx, { ...key, outcome, error })) ?? 0;
    const emptyAttempts = epochsAdded > 0 ? 0 : run.emptyAttempts + (outcome === 'LOST' ? 1 : 0);
    const isGivenUp = emptyAttempts >= RETRY_LIMIT;
    return requeueRun(tx, store, { run, outcome, error, emptyAttempts, isGivenUp });
  });
}

/**
 * FAILED or CANCELED → QUEUED, with its checkpoints: the run goes on where it stopped.
 * @throws AppError NOT_FOUND; CONFLICT in any other status; BAD_INPUT for a run of an external program
 */
export async function retryRun(store: Store, runId: string): Promise<Run> {
  return store.database.prisma.$transaction(async (tx) => {
    const { status, name, origin } = await getLocked(tx, runId);
    if (origin === 'EXTERNAL') {
      throw new AppError('BAD_INPUT', `Run '${name}' is EXTERNAL: only its own program can go on with it.`);
    }
    if (status !== 'FAILED' && status !== 'CANCELED') {
      throw new AppError(
        'CONFLICT',
        `Run '${name}' is ${status}: only a FAILED or CANCELED run can be retried.`,
      );
    }
    const data = { finishedAt: null, error: null, cancelRequestedAt: null, emptyAttempts: 0 };
    const run = await moveRun(tx, runId, { from: status, to: 'QUEUED', data, payload: { retried: true } });
    if (!run) throw new AppError('CONFLICT', `Run '${name}' moved meanwhile.`);
    await enqueueRun(tx, store, run);
    return run;
  });
}

/** Takes runs away from workers that fell silent; gives the ids of those that moved. For a periodic call. */
export async function reapStaleRuns(
  store: Store,
  { staleAfterMs = LEASE_STALE_MS }: { staleAfterMs?: number } = {},
): Promise<string[]> {
  const candidates = await store.database.prisma.$queryRaw<{ runId: string }[]>`
    select run_id::text as "runId" from run_attempt
    where finished_at is null and heartbeat_at < now() - ${staleAfterMs} * interval '1 millisecond'
      and ${wasUpFor(staleAfterMs)}`;
  const moved: string[] = [];
  for (const { runId } of candidates) {
    const lost = await store.database.prisma.$transaction(async (tx) => {
      const run = await lockRun(tx, runId);
      return run?.status === 'RUNNING' && (await loseStaleAttempt(tx, store, { run, staleAfterMs }));
    });
    if (lost) moved.push(runId);
  }
  return moved;
}

/** Whether the present attempt was silent too long, and the run moved on. A heartbeat that is faster wins. */
async function loseStaleAttempt(
  tx: Transaction,
  store: Store,
  { run, staleAfterMs }: { run: Run; staleAfterMs: number },
): Promise<boolean> {
  const error = `The worker of attempt ${run.attempt} fell silent.`;
  const [lost] = await tx.$queryRaw<{ epochsAdded: number }[]>`
    update run_attempt set finished_at = now(), outcome = 'LOST', error = ${error}
    where run_id = ${run.id}::uuid and number = ${run.attempt} and finished_at is null
      and heartbeat_at < now() - ${staleAfterMs} * interval '1 millisecond' and ${wasUpFor(staleAfterMs)}
    returning epochs_added as "epochsAdded"`;
  if (!lost) return false;
  await tx.runProgress.deleteMany({ where: { runId: run.id } });
  const emptyAttempts = lost.epochsAdded > 0 ? 0 : run.emptyAttempts;
  const isGivenUp = (await countLostAttempts(tx, run.id)) >= SILENT_LIMIT;
  await requeueRun(tx, store, { run, outcome: 'LOST', error, emptyAttempts, isGivenUp });
  return true;
}

/** A server that restarted during the attempt missed heartbeats while it was down: silence means nothing yet. */
function wasUpFor(ms: number): Prisma.Sql {
  return Prisma.sql`(pg_postmaster_start_time() < run_attempt.started_at
    or pg_postmaster_start_time() < now() - ${ms} * interval '1 millisecond')`;
}

/** Attempts that were lost since the last one that added an epoch. */
async function countLostAttempts(tx: Transaction, runId: string): Promise<number> {
  const [row] = await tx.$queryRaw<{ count: number }[]>`
    select count(*)::int as count from run_attempt
    where run_id = ${runId}::uuid and outcome = 'LOST' and number > coalesce(
      (select max(number) from run_attempt where run_id = ${runId}::uuid and epochs_added > 0), 0)`;
  return row?.count ?? 0;
}

async function cancelQueued(tx: Transaction, store: Store, { id, name }: Run): Promise<Run> {
  const data = { finishedAt: new Date(), cancelRequestedAt: new Date() };
  const canceled = await moveRun(tx, id, { from: 'QUEUED', to: 'CANCELED', data });
  if (!canceled) throw new AppError('CONFLICT', `Run '${name}' moved meanwhile.`);
  await store.queue.removeRun(tx, id);
  return canceled;
}

/** Runs `settle` if the attempt is not fenced, all in one transaction. */
async function finish(
  store: Store,
  { runId, attempt }: AttemptKey,
  settle: (tx: Transaction) => Promise<void>,
): Promise<boolean> {
  return store.database.prisma.$transaction(async (tx) => {
    if (!(await lockAttempt(tx, { runId, attempt }))) return false;
    await settle(tx);
    return true;
  });
}

async function getLocked(tx: Transaction, runId: string): Promise<Run> {
  const run = await lockRun(tx, runId);
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
  return run;
}
