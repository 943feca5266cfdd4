/** External evaluations as work of a worker: the lease that holds one, and what a worker writes when it is done. */
import { invariant } from '@microtome/domain/app-error';
import type { ExternalFigures } from '@microtome/domain/external-evaluation/external-figures';
import type { ExternalEvaluation } from '../../generated/prisma/client.ts';
import type { ArtifactRef } from '../artifacts/artifacts.ts';
import { createWorkLease, type WorkKey } from '../lease/work-lease.ts';
import { insertArtifact } from '../run/run-artifacts.ts';
import type { Store } from '../store.ts';

export const examLease = createWorkLease('external_evaluation', 'external evaluation');

/** QUEUED → RUNNING. Null when there is nothing to do. */
export async function claimExternalEvaluation(
  store: Store,
  request: { workerId: string; staleAfterMs?: number | undefined },
): Promise<ExternalEvaluation | null> {
  const id = await examLease.claim(store, request);
  return id === null ? null : store.database.prisma.externalEvaluation.findUnique({ where: { id } });
}

/**
 * QUEUED → CANCELED at once; of a RUNNING one the worker is told by its next heartbeat.
 * @throws AppError NOT_FOUND; CONFLICT when it has settled
 */
export async function cancelExternalEvaluation(store: Store, id: string): Promise<ExternalEvaluation> {
  await examLease.cancel(store, id);
  const canceled = await store.database.prisma.externalEvaluation.findUnique({ where: { id } });
  invariant(canceled, `external evaluation ${id} was canceled`);
  return canceled;
}

type ExamReport = WorkKey & {
  backend: string;
  predictions: ArtifactRef;
  /** Null without a task. */
  figures: (ExternalFigures & { draws: number }) | null;
};

/** RUNNING → SUCCEEDED, or CANCELED where that was asked for. Says whether it succeeded. */
export async function finishExternalEvaluation(store: Store, report: ExamReport): Promise<boolean> {
  const { id, attempt, backend, predictions, figures } = report;
  return examLease.finish(store, { id, attempt }, async (tx, patchesTotal) => {
    await insertArtifact(tx, predictions);
    await tx.externalEvaluation.update({
      where: { id },
      data: {
        status: 'SUCCEEDED',
        backend,
        artifactHash: predictions.hash,
        ...(figures ?? {}),
        patchesDone: patchesTotal,
        error: null,
        finishedAt: new Date(),
      },
    });
  });
}
