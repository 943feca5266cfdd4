/**
 * Checks of external programs' models: asking for one, a worker's claim and what it found, and whether the file that a run has
 * now is one of which a version or an exam may be made.
 */
import { AppError, invariant } from '@microtome/domain/app-error';
import {
  CHECK_TOLERANCE,
  type CheckFinding,
  MODEL_BYTES_MAX,
  MODEL_FILE,
  type ModelSignature,
  refuseExternalModel,
  refuseFinding,
} from '@microtome/domain/model-check/model-check';
import { parseModelInput } from '@microtome/domain/model-check/model-input';
import { checkPerson } from '@microtome/domain/text-rules';
import type { ModelCheck, Run } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { refuseRun } from '../external-run/external-runs.ts';
import { dropOpenCheck } from '../external-run/model-file.ts';
import { createWorkLease, type WorkKey } from '../lease/work-lease.ts';
import { lockRun } from '../run/run-transitions.ts';
import { requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

export const checkLease = createWorkLease('model_check', 'model check');

/** A run's model as it stands. */
export type ExternalModel = {
  /** Of the file that is there now; null where there is none. */
  fileHash: string | null;
  /** The newest of the run. */
  check: ModelCheck | null;
  /** Why nothing can be made of it yet; null once its very file has passed. */
  refusal: AppError | null;
};

type CheckRequest = {
  runId: string;
  /** How the model is fed and read; that of the newest check, else the defaults, when left out. */
  input?: unknown;
  requestedBy?: string | undefined;
};

/**
 * → QUEUED. Asked for once more it gives the one that is under way or has passed; one that is under way for another file, or
 * another way of feeding, is canceled.
 * @throws AppError NOT_FOUND; BAD_INPUT for a worker's run, one without a split, and for what does not fit; CONFLICT for one
 * without file or predictions, and for a file that has passed in another way
 */
export async function requestModelCheck(
  store: Store,
  { runId, input: told, requestedBy }: CheckRequest,
): Promise<ModelCheck> {
  const person = checkPerson(requestedBy);
  const parsed = told === undefined ? undefined : parseModelInput(told);
  return store.database.prisma.$transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run?.origin !== 'EXTERNAL') throw refuseRun(runId, run);
    requireSplit(run);
    const fileHash = await requireFile(tx, run);
    const { check } = await readModel(tx, run);
    const input = parsed ?? check?.modelInput ?? parseModelInput({});
    const passed = await tx.modelCheck.findFirst({ where: { runId, fileHash, status: 'PASSED' } });
    if (passed) {
      if (parsed === undefined || isSameInput(parsed, passed.modelInput)) return passed;
      throw new AppError(
        'CONFLICT',
        `The ${MODEL_FILE} of run '${run.name}' has passed its check, fed in another way, and stays as it is.`,
      );
    }
    const isUnderWay = check?.status === 'QUEUED' || check?.status === 'RUNNING';
    if (check && isUnderWay && !check.cancelRequestedAt) {
      if (check.fileHash === fileHash && isSameInput(check.modelInput, input)) return check;
      await dropOpenCheck(tx, runId);
    }
    return tx.modelCheck.create({ data: { runId, fileHash, modelInput: input, requestedBy: person } });
  });
}

/**
 * The check that is under way: canceled at once while it waits, else by its worker within seconds.
 * @throws AppError NOT_FOUND for a run without a check; CONFLICT when it has ended
 */
export async function cancelModelCheck(store: Store, runId: string): Promise<ModelCheck> {
  const { check } = await findExternalModel(store, runId);
  if (!check) throw new AppError('NOT_FOUND', `There is no model check of run ${runId}.`);
  await checkLease.cancel(store, check.id);
  return store.database.prisma.modelCheck.findUniqueOrThrow({ where: { id: check.id } });
}

/** NOT_FOUND without such a run; BAD_INPUT for a worker's. */
export async function findExternalModel(store: Store, runId: string): Promise<ExternalModel> {
  const { prisma } = store.database;
  const run = await prisma.run.findUnique({ where: { id: runId } });
  if (run?.origin !== 'EXTERNAL') throw refuseRun(runId, run);
  return readModel(prisma, run);
}

/**
 * The check by which the file of an external run is its model.
 * @throws AppError CONFLICT with the act that helps, where it is not
 */
export async function requireCheckedModel(
  tx: Pick<Transaction, 'runFile' | 'modelCheck'>,
  run: Pick<Run, 'id' | 'name'>,
): Promise<ModelCheck> {
  const { check, refusal } = await readModel(tx, run);
  if (refusal) throw refusal;
  invariant(check, `run ${run.id} has a check that passed`);
  return check;
}

async function readModel(
  tx: Pick<Transaction, 'runFile' | 'modelCheck'>,
  { id: runId, name: runName }: Pick<Run, 'id' | 'name'>,
): Promise<ExternalModel> {
  const file = await tx.runFile.findUnique({ where: { runId_path: { runId, path: MODEL_FILE } } });
  const fileHash = file?.artifactHash ?? null;
  // A file that passed, was replaced and came back has passed.
  const passed =
    fileHash && (await tx.modelCheck.findFirst({ where: { runId, fileHash, status: 'PASSED' } }));
  const check =
    passed ||
    (await tx.modelCheck.findFirst({ where: { runId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] }));
  return { fileHash, check, refusal: refuseExternalModel({ runName, fileHash, check }) };
}

async function requireFile(tx: Transaction, { id: runId, name }: Run): Promise<string> {
  const file = await tx.runFile.findUnique({
    where: { runId_path: { runId, path: MODEL_FILE } },
    include: { artifact: { select: { bytes: true } } },
  });
  if (!file) {
    throw new AppError(
      'CONFLICT',
      `Run '${name}' has no ${MODEL_FILE}: upload the file, then have it checked.`,
    );
  }
  if (file.artifact.bytes > MODEL_BYTES_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `The ${MODEL_FILE} of run '${name}' has ${file.artifact.bytes} bytes: at most ${MODEL_BYTES_MAX} are loaded.`,
    );
  }
  if ((await tx.evaluation.count({ where: { runId } })) === 0) {
    throw new AppError(
      'CONFLICT',
      `Run '${name}' has no predictions: upload them, then have its ${MODEL_FILE} checked against them.`,
    );
  }
  return file.artifactHash;
}

function isSameInput(a: ModelCheck['modelInput'], b: ModelCheck['modelInput']): boolean {
  const describe = (input: ModelCheck['modelInput']) => JSON.stringify(parseModelInput(input));
  return describe(a) === describe(b);
}

/** QUEUED → RUNNING. Null when there is nothing to do. */
export async function claimModelCheck(
  store: Store,
  request: { workerId: string; staleAfterMs?: number | undefined },
): Promise<ModelCheck | null> {
  const id = await checkLease.claim(store, request);
  return id === null ? null : store.database.prisma.modelCheck.findUnique({ where: { id } });
}

/** RUNNING → PASSED or FAILED, by what was found, or CANCELED where that was asked for. Says whether it has a verdict. */
export async function finishModelCheck(
  store: Store,
  { id, attempt, finding, signature }: WorkKey & { finding: CheckFinding; signature: ModelSignature },
): Promise<boolean> {
  const error = refuseFinding(finding);
  return checkLease.finish(store, { id, attempt }, (tx) =>
    tx.modelCheck.update({
      where: { id },
      data: {
        status: error ? 'FAILED' : 'PASSED',
        error,
        signature,
        tolerance: CHECK_TOLERANCE,
        maxDifference: finding.maxDifference,
        worstPatch: finding.worstPatch,
        patchesDone: finding.patches,
        patchesTotal: finding.patches,
        finishedAt: new Date(),
      },
    }),
  );
}
