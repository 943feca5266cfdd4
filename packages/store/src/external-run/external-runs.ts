/**
 * Runs that an external program records, from beginning to end. What other files of this folder keep with them:
 *
 *   external-runs.ts   startExternalRun, finishExternalRun, reopenExternalRun, heartbeatExternalRun, markSilentRuns,
 *                      joinSplit
 *   logged-metrics.ts  logExternalMetrics: numbers in batches, committed in groups
 *   logged-facts.ts    logHyperparameters, logText
 *   upload-predictions.ts  uploadPredictions: of VALIDATION and TEST of a split
 *   run-labels.ts      setLabels, deleteLabel, listLabels: tags with values
 *   model-file.ts      loseModelFile: the file that is the run's model, which ../model-check checks
 *   run-files.ts       putRunFile, listRunFiles, getRunFile (its hash opens it), deleteRunFiles
 *
 * Every one of them is for runs of origin EXTERNAL (BAD_INPUT otherwise), but labels and files, which any run may have.
 * Experiments without a dataset: createExternalExperiment and findExperimentByName in ../experiment/external-experiments.ts.
 */
import { AppError } from '@microtome/domain/app-error';
import { checkHyperparameters } from '@microtome/domain/external-run/told-hyperparameters';
import { checkTags, checkText } from '@microtome/domain/text-rules';
import type { Experiment, Prisma, Run, Split } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import { insertRunEvent } from '../run/run-events.ts';
import { lockRun, moveRun } from '../run/run-transitions.ts';
import { getSplit } from '../split/splits.ts';
import type { Store } from '../store.ts';
import { getFirstTask } from '../task/tasks.ts';

/** A RUNNING run from which nothing was heard for this long is marked as silent; its next sign unmarks it. */
const EXTERNAL_SILENT_AFTER_MS = 10 * 60_000;
const SEED_MAX = 2 ** 32 - 1;
const COUNT_MAX = 2 ** 31 - 1;
const WITHOUT_REASON = 'Its program says that it failed, and not why.';

type ExternalRunRequest = {
  experimentId: string;
  /** Made from the architecture when left out. */
  name?: string;
  notes?: string;
  tags?: string[];
  /** Free text. */
  architecture?: string;
  /** Any JSON object. */
  hyperparameters?: unknown;
  /** A split of the experiment's dataset; an experiment without a dataset takes the split's. */
  splitId?: string;
  seed?: number;
  /** Weights of the network. */
  parameters?: number;
  multiplyAdds?: bigint;
  /** The program, as it calls itself. */
  client?: string;
  /** Now, when left out. */
  startedAt?: Date;
  /** The account that begins it; null without sign-in. */
  createdBy?: string | null;
};

type ExternalEnd = 'SUCCEEDED' | 'FAILED' | 'CANCELED';

type Heard = {
  status: Run['status'];
  /** Whether a person ended it here: its program should stop. */
  isCanceled: boolean;
};

/**
 * → RUNNING.
 * @throws AppError BAD_INPUT that names what is wrong, NOT_FOUND for experiment or split
 */
export async function startExternalRun(store: Store, request: ExternalRunRequest): Promise<Run> {
  const told = completeRequest(request);
  const split = request.splitId ? await getSplit(store, request.splitId) : null;
  return store.database.prisma.$transaction(async (tx) => {
    const found = await tx.experiment.findUnique({ where: { id: request.experimentId } });
    if (!found) throw new AppError('NOT_FOUND', `There is no experiment ${request.experimentId}.`);
    const experiment = split ? await giveDataset(tx, { store, experiment: found, split }) : found;
    const run = await tx.run.create({
      data: {
        ...told,
        origin: 'EXTERNAL',
        createdBy: request.createdBy ?? null,
        experimentId: experiment.id,
        datasetId: experiment.datasetId,
        ...(split ? { splitId: split.id, splitKind: split.kind } : {}),
        status: 'RUNNING',
        startedAt: request.startedAt ?? new Date(),
        external: { create: { client: checkText(request.client ?? '', 'word') } },
      },
    });
    await insertRunEvent(tx, { runId: run.id, attempt: 0, kind: 'STATUS', payload: { status: 'RUNNING' } });
    return { ...run, lastSeq: run.lastSeq + 1 };
  });
}

function completeRequest(request: ExternalRunRequest) {
  const architecture = checkText(request.architecture ?? '', 'word');
  const { seed, parameters, multiplyAdds } = request;
  if (seed !== undefined) checkWhole('seed', seed, SEED_MAX);
  if (parameters !== undefined) checkWhole('number of parameters', parameters, COUNT_MAX, 1);
  if (multiplyAdds !== undefined && (multiplyAdds < 1n || multiplyAdds >= 2n ** 63n)) {
    throw new AppError('BAD_INPUT', `The number of multiply-adds is ${multiplyAdds}: it must be positive.`);
  }
  return {
    name: checkText(request.name ?? (architecture || 'external run'), 'runName'),
    notes: checkText(request.notes ?? '', 'notes'),
    tags: checkTags(request.tags ?? []),
    architecture,
    hyperparameters: checkHyperparameters(request.hyperparameters ?? {}),
    ...(seed === undefined ? {} : { seed: BigInt(seed) }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(multiplyAdds === undefined ? {} : { multiplyAdds }),
  };
}

function checkWhole(what: string, value: number, max: number, min = 0): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new AppError(
    'BAD_INPUT',
    `The ${what} is ${value}: it must be a whole number from ${min} to ${max}.`,
  );
}

/** The experiment, with the split's dataset from now on where it had none. */
async function giveDataset(
  tx: Transaction,
  { store, experiment, split }: { store: Store; experiment: Experiment; split: Split },
): Promise<Experiment> {
  if (experiment.datasetId === split.datasetId) return experiment;
  if (experiment.datasetId) {
    throw new AppError(
      'BAD_INPUT',
      `Split '${split.name}' and experiment '${experiment.name}' are of different datasets.`,
    );
  }
  const dataset = await tx.dataset.findUniqueOrThrow({ where: { id: split.datasetId } });
  if (dataset.projectId !== experiment.projectId) {
    throw new AppError(
      'BAD_INPUT',
      `Split '${split.name}' and experiment '${experiment.name}' are of different projects.`,
    );
  }
  const { id: taskId } = await getFirstTask(store, split.datasetId);
  return tx.experiment
    .update({ where: { id: experiment.id }, data: { datasetId: split.datasetId, taskId } })
    .catch((error) =>
      rethrowTaken(
        error,
        `The dataset of split '${split.name}' has another experiment named '${experiment.name}'.`,
      ),
    );
}

/**
 * Ties a run to a split of ours, once.
 * @throws AppError CONFLICT when it is tied to another one
 */
export async function joinSplit(
  store: Store,
  { runId, splitId }: { runId: string; splitId: string },
): Promise<Run> {
  const split = await getSplit(store, splitId);
  return changeExternalRun(store, runId, async (tx, run) => {
    if (run.splitId === split.id) return run;
    if (run.splitId) {
      throw new AppError('CONFLICT', `Run '${run.name}' is on another split already, and stays there.`);
    }
    const experiment = await tx.experiment.findUniqueOrThrow({ where: { id: run.experimentId } });
    await giveDataset(tx, { store, experiment, split });
    const data = { datasetId: split.datasetId, splitId: split.id, splitKind: split.kind };
    return tx.run.update({ where: { id: runId }, data });
  });
}

/**
 * RUNNING → ended. The same end again changes nothing.
 * @throws AppError CONFLICT when it has ended otherwise
 */
export async function finishExternalRun(
  store: Store,
  {
    runId,
    status,
    error,
    finishedAt,
  }: { runId: string; status: ExternalEnd; error?: string; finishedAt?: Date },
): Promise<Run> {
  return changeExternalRun(store, runId, async (tx, run) => {
    if (run.status === status) return run;
    const reason = status === 'FAILED' ? checkText(error?.trim() || WITHOUT_REASON, 'reason') : null;
    const data = { finishedAt: finishedAt ?? new Date(), error: reason };
    const payload = reason === null ? {} : { error: reason };
    const ended = await moveRun(tx, runId, { from: 'RUNNING', to: status, data, payload });
    if (ended) return ended;
    throw new AppError(
      'CONFLICT',
      `Run '${run.name}' has ${run.status} already: it cannot become ${status}.`,
    );
  });
}

/**
 * Ended → RUNNING: its program goes on with it.
 * @throws AppError CONFLICT once it was evaluated or registered, because both speak of what it was
 */
export async function reopenExternalRun(store: Store, runId: string): Promise<Run> {
  return changeExternalRun(store, runId, async (tx, run) => {
    if (run.status === 'RUNNING') return run;
    const [evaluations, versions] = [
      await tx.evaluation.count({ where: { runId } }),
      await tx.modelVersion.count({ where: { runId } }),
    ];
    if (evaluations + versions > 0) {
      throw new AppError('CONFLICT', `Run '${run.name}' was evaluated: it cannot be continued.`);
    }
    const data = { finishedAt: null, error: null };
    const running = await moveRun(tx, runId, { from: run.status, to: 'RUNNING', data });
    return running ?? run;
  });
}

/** A sign of life. Gives where the run stands, so that its program learns of a cancel. */
export async function heartbeatExternalRun(store: Store, runId: string): Promise<Heard> {
  const [heard] = await store.database.prisma.$queryRaw<{ status: Run['status'] }[]>`
    update external_run set heard_at = now(), silent_since = null from run
    where run.id = ${runId}::uuid and external_run.run_id = run.id returning run.status`;
  if (heard) return { status: heard.status, isCanceled: heard.status === 'CANCELED' };
  const run = await store.database.prisma.run.findUnique({ where: { id: runId } });
  throw refuseRun(runId, run);
}

/** Marks RUNNING runs that fell silent; gives how many. For a periodic call. */
export async function markSilentRuns(
  store: Store,
  { silentAfterMs = EXTERNAL_SILENT_AFTER_MS }: { silentAfterMs?: number } = {},
): Promise<number> {
  return store.database.prisma.$executeRaw`
    update external_run set silent_since = heard_at from run
    where run.id = external_run.run_id and run.status = 'RUNNING' and silent_since is null
      and heard_at < now() - ${silentAfterMs} * interval '1 millisecond'`;
}

/** Within one transaction that holds the run's row, and counts as a sign of life. */
export async function changeExternalRun<Result>(
  store: Store,
  runId: string,
  act: (tx: Transaction, run: Run) => Promise<Result>,
): Promise<Result> {
  return store.database.prisma.$transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run?.origin !== 'EXTERNAL') throw refuseRun(runId, run);
    const heard: Prisma.ExternalRunUpdateInput = { heardAt: new Date(), silentSince: null };
    await tx.externalRun.update({ where: { runId }, data: heard });
    return act(tx, run);
  });
}

/** Why a program cannot record this one. */
export function refuseRun(runId: string, run: Pick<Run, 'name'> | null): AppError {
  if (!run) return new AppError('NOT_FOUND', `There is no run ${runId}.`);
  return new AppError('BAD_INPUT', `Run '${run.name}' is a worker's: no external program records it.`);
}
