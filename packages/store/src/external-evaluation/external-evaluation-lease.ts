/**
 * The states of external evaluations and who may move them. The row is its own queue: a worker claims the oldest that
 * waits, holds it by heartbeats, by which it hears of a cancel, and writes under the number of its attempt.
 */
import { AppError } from '@microtome/domain/app-error';
import { LOST_ATTEMPTS_MAX } from '@microtome/domain/external-evaluation/external-evaluation-status';
import type { ExternalFigures } from '@microtome/domain/external-evaluation/external-figures';
import { type ExternalEvaluation, Prisma } from '../../generated/prisma/client.ts';
import type { ArtifactRef } from '../artifacts/artifacts.ts';
import { insertArtifact } from '../run/run-artifacts.ts';
import { LEASE_STALE_MS } from '../run/run-lifecycle.ts';
import type { Store } from '../store.ts';

type ExamKey = { id: string; attempt: number };

/** QUEUED → RUNNING, those with a lost worker first taken back. Null when there is nothing to do. */
export async function claimExternalEvaluation(
  store: Store,
  { workerId, staleAfterMs }: { workerId: string; staleAfterMs?: number },
): Promise<ExternalEvaluation | null> {
  await reapStaleExternalEvaluations(store, { staleAfterMs });
  const { prisma } = store.database;
  const [claimed] = await prisma.$queryRaw<{ id: string }[]>`
    update external_evaluation set status = 'RUNNING', attempt = attempt + 1, worker_id = ${workerId},
      heartbeat_at = now(), started_at = coalesce(started_at, now()), patches_done = 0
    where id = (
      select id from external_evaluation where status = 'QUEUED'
      order by created_at, id limit 1 for update skip locked)
    returning id::text`;
  return claimed ? prisma.externalEvaluation.findUnique({ where: { id: claimed.id } }) : null;
}

/**
 * Takes them from workers that fell silent: RUNNING → QUEUED, CANCELED where that was asked for, FAILED where too many
 * were lost. A database that has just started missed heartbeats while it was down, so that silence means nothing yet.
 */
export async function reapStaleExternalEvaluations(
  { database: { prisma } }: Store,
  { staleAfterMs = LEASE_STALE_MS }: { staleAfterMs?: number | undefined } = {},
): Promise<number> {
  const givenUp = `It was given up: ${LOST_ATTEMPTS_MAX} workers were lost with it.`;
  return prisma.$executeRaw`
    update external_evaluation set
      ${afterLoss({ lost: 1, error: Prisma.sql`'The worker of attempt ' || attempt || ' fell silent.'`, givenUp })}
    where status = 'RUNNING' and heartbeat_at < now() - ${staleAfterMs} * interval '1 millisecond'
      and pg_postmaster_start_time() < now() - ${staleAfterMs} * interval '1 millisecond'`;
}

/** Says how many patches there are. False when another worker has it. */
export async function planExternalEvaluation(
  store: Store,
  { id, attempt, patchesTotal }: ExamKey & { patchesTotal: number },
): Promise<boolean> {
  const { count } = await store.database.prisma.externalEvaluation.updateMany({
    where: { id, attempt, status: 'RUNNING' },
    data: { patchesTotal },
  });
  return count > 0;
}

/** Renews the lease, says how far it is, and hears of a cancel. Fenced: another worker has it, and the caller must stop. */
export async function heartbeatExternalEvaluation(
  store: Store,
  { id, attempt, patchesDone }: ExamKey & { patchesDone: number },
): Promise<{ fenced: true } | { fenced: false; cancelRequested: boolean }> {
  const [beat] = await store.database.prisma.$queryRaw<{ cancelRequested: boolean }[]>`
    update external_evaluation set heartbeat_at = now(), patches_done = least(${patchesDone}::int, patches_total)
    where id = ${id}::uuid and attempt = ${attempt} and status = 'RUNNING'
    returning cancel_requested_at is not null as "cancelRequested"`;
  return beat ? { fenced: false, cancelRequested: beat.cancelRequested } : { fenced: true };
}

/**
 * QUEUED → CANCELED at once; of a RUNNING one the worker is told by its next heartbeat.
 * @throws AppError NOT_FOUND; CONFLICT when it has settled
 */
export async function cancelExternalEvaluation(
  { database: { prisma } }: Store,
  id: string,
): Promise<ExternalEvaluation> {
  return prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select from external_evaluation where id = ${id}::uuid for update`;
    // A statement of its own: it sees what was committed while the lock was waited for.
    const found = await tx.externalEvaluation.findUnique({ where: { id } });
    if (!found) throw new AppError('NOT_FOUND', `There is no external evaluation ${id}.`);
    const { status, cancelRequestedAt } = found;
    if (status !== 'QUEUED' && status !== 'RUNNING') {
      throw new AppError('CONFLICT', `The external evaluation cannot be canceled: it has ${status} already.`);
    }
    if (cancelRequestedAt) return found;
    const now = new Date();
    const ended = status === 'QUEUED' ? { status: 'CANCELED' as const, finishedAt: now } : {};
    return tx.externalEvaluation.update({ where: { id }, data: { ...ended, cancelRequestedAt: now } });
  });
}

/** RUNNING → CANCELED, by the worker that was told. Says whether it won. */
export async function finishCanceledExternalEvaluation(
  store: Store,
  { id, attempt }: ExamKey,
): Promise<boolean> {
  const { count } = await store.database.prisma.externalEvaluation.updateMany({
    where: { id, attempt, status: 'RUNNING', cancelRequestedAt: { not: null } },
    data: { status: 'CANCELED', finishedAt: new Date(), error: null, patchesDone: 0 },
  });
  return count > 0;
}

type ExamReport = ExamKey & {
  backend: string;
  predictions: ArtifactRef;
  /** Null without a task. */
  figures: (ExternalFigures & { draws: number }) | null;
};

/** RUNNING → SUCCEEDED. Says whether it won. */
export async function finishExternalEvaluation(store: Store, report: ExamReport): Promise<boolean> {
  const { id, attempt, backend, predictions, figures } = report;
  return store.database.prisma.$transaction(async (tx) => {
    const [held] = await tx.$queryRaw<{ total: number }[]>`
      select patches_total as total from external_evaluation
      where id = ${id}::uuid and attempt = ${attempt} and status = 'RUNNING' for update`;
    if (!held) return false;
    await insertArtifact(tx, predictions);
    await tx.externalEvaluation.update({
      where: { id },
      data: {
        status: 'SUCCEEDED',
        backend,
        artifactHash: predictions.hash,
        ...(figures ?? {}),
        patchesDone: held.total,
        error: null,
        finishedAt: new Date(),
      },
    });
    return true;
  });
}

/** RUNNING → FAILED: it is at fault itself, and another attempt would not help. Says whether it won. */
export async function failExternalEvaluation(
  store: Store,
  { id, attempt, error }: ExamKey & { error: string },
): Promise<boolean> {
  const { count } = await store.database.prisma.externalEvaluation.updateMany({
    where: { id, attempt, status: 'RUNNING' },
    data: { status: 'FAILED', error, finishedAt: new Date() },
  });
  return count > 0;
}

/** RUNNING → QUEUED, CANCELED where that was asked for, FAILED when it broke down too often. Merely stopping never counts. */
export async function releaseExternalEvaluation(
  store: Store,
  { id, attempt, error }: ExamKey & { error: string | null },
): Promise<void> {
  const settled = afterLoss({
    lost: error === null ? 0 : 1,
    error: Prisma.sql`${error}::text`,
    givenUp: error,
  });
  await store.database.prisma.$executeRaw`
    update external_evaluation set ${settled}
    where id = ${id}::uuid and attempt = ${attempt} and status = 'RUNNING'`;
}

/** What becomes of one whose attempt ended without a verdict. */
function afterLoss({
  lost,
  error,
  givenUp,
}: {
  lost: 0 | 1;
  error: Prisma.Sql;
  givenUp: string | null;
}): Prisma.Sql {
  const isCanceled = Prisma.sql`cancel_requested_at is not null`;
  const isGivenUp = Prisma.sql`lost_attempts + ${lost}::int >= ${LOST_ATTEMPTS_MAX}`;
  return Prisma.sql`
    status = case when ${isCanceled} then 'CANCELED' when ${isGivenUp} then 'FAILED' else 'QUEUED' end,
    finished_at = case when ${isCanceled} or ${isGivenUp} then now() end,
    error = case when ${isCanceled} then null when ${isGivenUp} then ${givenUp}::text else ${error} end,
    lost_attempts = lost_attempts + ${lost}::int, patches_done = 0`;
}
