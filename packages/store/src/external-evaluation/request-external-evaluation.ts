/** Asking for an external evaluation: who may be examined on what, checked before a row waits for a worker. */
import { AppError } from '@microtome/domain/app-error';
import { checkSides, checkUnseen } from '@microtome/domain/external-evaluation/check-exam';
import type { ExternalEvaluation, Prisma } from '../../generated/prisma/client.ts';
import { checkPerson } from '../database/text-fields.ts';
import type { Store } from '../store.ts';
import { listSharedPatients } from './shared-patients.ts';

type ExternalEvaluationRequest = {
  runId: string;
  datasetId: string;
  /** Without one the patches have no labels: predictions alone. */
  taskId: string | null;
  requestedBy?: string | undefined;
};

const withClasses = { classes: { orderBy: { position: 'asc' } } } satisfies Prisma.DatasetInclude;

const withHome = {
  testOpening: { select: { id: true } },
  experiment: { include: { task: true, dataset: { include: withClasses } } },
} satisfies Prisma.RunInclude;

/**
 * → QUEUED. Asked for once more, it gives the one that is there; one that FAILED is tried again.
 * @throws AppError NOT_FOUND; CONFLICT for a run that has not SUCCEEDED, or when it knows patients of the exam; SEALED for
 * patients of a TEST that was not opened; BAD_INPUT where sides or patch sizes differ
 */
export async function requestExternalEvaluation(
  store: Store,
  request: ExternalEvaluationRequest,
): Promise<ExternalEvaluation> {
  const { runId, datasetId, taskId } = request;
  const requestedBy = checkPerson(request.requestedBy);
  const threshold = await checkRequest(store, request);
  return store.database.prisma.$transaction(async (tx) => {
    // One after the other for a run, so that two who ask at once get the same one.
    await tx.$queryRaw`select from run where id = ${runId}::uuid for no key update`;
    const found = await tx.externalEvaluation.findFirst({ where: { runId, datasetId, taskId } });
    if (!found) {
      return tx.externalEvaluation.create({ data: { runId, datasetId, taskId, threshold, requestedBy } });
    }
    if (found.status !== 'FAILED') return found;
    const again = { status: 'QUEUED' as const, error: null, finishedAt: null, lostAttempts: 0 };
    return tx.externalEvaluation.update({ where: { id: found.id }, data: { ...again, requestedBy } });
  });
}

/** Gives the threshold that travels with the model. */
async function checkRequest(
  store: Store,
  { runId, datasetId, taskId }: ExternalEvaluationRequest,
): Promise<number> {
  const { prisma } = store.database;
  const run = await prisma.run.findUnique({
    where: { id: runId },
    include: withHome,
  });
  if (!run) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  if (run.status !== 'SUCCEEDED' || run.threshold === null) {
    throw new AppError(
      'CONFLICT',
      `Run '${run.name}' is ${run.status}: a run that SUCCEEDED can be put to the test.`,
    );
  }
  const exam = await prisma.dataset.findUnique({
    where: { id: datasetId },
    include: { ...withClasses, tasks: true },
  });
  if (!exam) throw new AppError('NOT_FOUND', `There is no dataset ${datasetId}.`);
  const { dataset: home, task } = run.experiment;
  if (exam.patchSizePx !== home.patchSizePx) {
    throw new AppError(
      'BAD_INPUT',
      `The patches of '${exam.name}' have ${exam.patchSizePx} pixels a side, and the model takes ${home.patchSizePx}.`,
    );
  }
  if (taskId) {
    const asked = exam.tasks.find(({ id }) => id === taskId);
    if (!asked) throw new AppError('NOT_FOUND', `Dataset '${exam.name}' has no task ${taskId}.`);
    checkSides(
      { ...task, classNames: home.classes.map(({ name }) => name) },
      { ...asked, classNames: exam.classes.map(({ name }) => name), datasetName: exam.name },
    );
  }
  const shared = await listSharedPatients(store, { run, datasetId });
  checkUnseen({
    runName: run.name,
    datasetName: exam.name,
    isTestOpen: run.testOpening !== null,
    shared,
  });
  return run.threshold;
}
