/** Asking for an external evaluation: who may be examined on what is checked before a row waits for a worker. */
import { AppError, invariant } from '@microtome/domain/app-error';
import { isWithoutResult } from '@microtome/domain/external-evaluation/external-evaluation-status';
import { checkPerson } from '@microtome/domain/text-rules';
import type { ExternalEvaluation } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { checkExam, type ExamKey } from './check-exam.ts';

type ExternalEvaluationRequest = Omit<ExamKey, 'sites'> & {
  /** The whole dataset when left out or empty. */
  sites?: readonly string[] | undefined;
  /** Without one the patches have no labels: predictions alone. */
  taskId: string | null;
  /** Says that the sides mean the same in both datasets, where the names of their classes do not tell. */
  confirmSides?: boolean | undefined;
  requestedBy?: string | undefined;
  /** The account that asks first; null without sign-in. */
  createdBy?: string | null;
};

/**
 * → QUEUED. Asked for once more, it gives the one that is there; one that FAILED or was CANCELED waits once more.
 * @throws AppError NOT_FOUND; CONFLICT for a run that has not SUCCEEDED, or when it knows patients of the exam; SEALED for
 * patients of a TEST that was not opened; BAD_INPUT where sides or patch sizes differ, for sides to be confirmed, and for unknown sites
 */
export async function requestExternalEvaluation(
  store: Store,
  { runId, datasetId, taskId, ...request }: ExternalEvaluationRequest,
): Promise<ExternalEvaluation> {
  const requestedBy = checkPerson(request.requestedBy);
  const { createdBy = null } = request;
  const { dataset, refusal, tasks, threshold, sites } = await checkExam(store, {
    runId,
    datasetId,
    sites: request.sites ?? [],
  });
  if (refusal) throw refusal;
  const asked = taskId === null ? undefined : tasks.find(({ task }) => task.id === taskId);
  if (taskId && !asked) throw new AppError('NOT_FOUND', `Dataset '${dataset.name}' has no task ${taskId}.`);
  if (asked?.refusal) throw asked.refusal;
  const doubt = asked?.doubt ?? null;
  if (doubt && !request.confirmSides) {
    throw new AppError('BAD_INPUT', `${doubt} Confirm it (confirmSides), or give a task whose names tell.`);
  }
  const sidesConfirmed = doubt !== null;
  invariant(threshold !== null, `run ${runId} was refused without a threshold`);
  return store.database.prisma.$transaction(async (tx) => {
    // One after the other for a run, so that two who ask at once get the same one.
    await tx.$queryRaw`select from run where id = ${runId}::uuid for no key update`;
    const found = await tx.externalEvaluation.findFirst({
      where: { runId, datasetId, taskId, sites: { equals: sites } },
    });
    if (!found) {
      return tx.externalEvaluation.create({
        data: { runId, datasetId, taskId, sites, threshold, requestedBy, sidesConfirmed, createdBy },
      });
    }
    if (!isWithoutResult(found.status)) return found;
    const again = {
      status: 'QUEUED' as const,
      error: null,
      finishedAt: null,
      cancelRequestedAt: null,
      lostAttempts: 0,
    };
    return tx.externalEvaluation.update({
      where: { id: found.id },
      data: { ...again, requestedBy, sidesConfirmed },
    });
  });
}
