/**
 * The states of external evaluations and who may move them. The row is its own queue: a worker claims the oldest that
 * waits, or one whose worker fell silent, holds it by heartbeats, and writes under the number of its attempt.
 */

import { LOST_ATTEMPTS_MAX } from '@microtome/domain/external-evaluation/external-evaluation-status';
import type { ExternalFigures } from '@microtome/domain/external-evaluation/external-figures';
import type { ExternalEvaluation } from '../../generated/prisma/client.ts';
import type { ArtifactRef } from '../artifacts/artifacts.ts';
import { insertArtifact } from '../run/run-artifacts.ts';
import { LEASE_STALE_MS } from '../run/run-lifecycle.ts';
import type { Store } from '../store.ts';

type ExamKey = { id: string; attempt: number };

/** QUEUED → RUNNING, also when the present lease went stale. Null when there is nothing to do. */
export async function claimExternalEvaluation(
  store: Store,
  { workerId, staleAfterMs = LEASE_STALE_MS }: { workerId: string; staleAfterMs?: number },
): Promise<ExternalEvaluation | null> {
  const { prisma } = store.database;
  const error = `It was given up: ${LOST_ATTEMPTS_MAX} workers were lost with it.`;
  await prisma.$executeRaw`
    update external_evaluation set status = 'FAILED', error = ${error}, finished_at = now(),
      lost_attempts = lost_attempts + 1
    where status = 'RUNNING' and lost_attempts + 1 >= ${LOST_ATTEMPTS_MAX}
      and heartbeat_at < now() - ${staleAfterMs} * interval '1 millisecond'`;
  const [claimed] = await prisma.$queryRaw<{ id: string }[]>`
    update external_evaluation set status = 'RUNNING', attempt = attempt + 1, worker_id = ${workerId},
      lost_attempts = lost_attempts + (case when status = 'RUNNING' then 1 else 0 end),
      heartbeat_at = now(), started_at = coalesce(started_at, now()), patches_done = 0
    where id = (
      select id from external_evaluation
      where status = 'QUEUED'
        or (status = 'RUNNING' and heartbeat_at < now() - ${staleAfterMs} * interval '1 millisecond')
      order by created_at, id limit 1 for update skip locked)
    returning id::text`;
  return claimed ? prisma.externalEvaluation.findUnique({ where: { id: claimed.id } }) : null;
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

/** Renews the lease and says how far it is. Fenced: another worker has it, and the caller must stop. */
export async function heartbeatExternalEvaluation(
  store: Store,
  { id, attempt, patchesDone }: ExamKey & { patchesDone: number },
): Promise<{ fenced: boolean }> {
  const renewed = await store.database.prisma.$executeRaw`
    update external_evaluation set heartbeat_at = now(), patches_done = least(${patchesDone}::int, patches_total)
    where id = ${id}::uuid and attempt = ${attempt} and status = 'RUNNING'`;
  return { fenced: renewed === 0 };
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

/** RUNNING → QUEUED; FAILED when it broke down too often. A worker that merely stops does not count. */
export async function releaseExternalEvaluation(
  store: Store,
  { id, attempt, error }: ExamKey & { error: string | null },
): Promise<void> {
  const lost = error === null ? 0 : 1;
  await store.database.prisma.$executeRaw`
    update external_evaluation set
      status = case when lost_attempts + ${lost} >= ${LOST_ATTEMPTS_MAX} then 'FAILED' else 'QUEUED' end,
      finished_at = case when lost_attempts + ${lost} >= ${LOST_ATTEMPTS_MAX} then now() end,
      lost_attempts = lost_attempts + ${lost}, error = ${error}, patches_done = 0
    where id = ${id}::uuid and attempt = ${attempt} and status = 'RUNNING'`;
}
