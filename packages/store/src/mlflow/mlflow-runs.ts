/**
 * Runs of MLflow clients, which are EXTERNAL runs: started, renamed, ended, continued, hidden. What a client hangs on a run as
 * tags is kept as labels; three of them mean something here: the run's name, its user, and the split that it is tied to.
 */
import { AppError } from '@microtome/domain/app-error';
import { checkRunText, type KeyedText, toTextByKey } from '@microtome/domain/mlflow/entry-rules';
import {
  type MlflowRunStatus,
  RUN_NAME_TAG,
  SPLIT_TAG,
  USER_TAG,
} from '@microtome/domain/mlflow/mlflow-words';
import { checkText } from '@microtome/domain/text-rules';
import type { Run } from '../../generated/prisma/client.ts';
import {
  finishExternalRun,
  joinSplit,
  reopenExternalRun,
  startExternalRun,
} from '../external-run/external-runs.ts';
import { logHyperparameters } from '../external-run/logged-facts.ts';
import { deleteLabel, setLabels } from '../external-run/run-labels.ts';
import type { Store } from '../store.ts';
import { getActiveExperiment } from './mlflow-experiments.ts';
import type { ScopedStore } from './mlflow-scope.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CLIENT = 'mlflow';
/** What a client that names no user calls it. */
export const UNKNOWN_USER = 'unknown';
type ExternalEnd = Parameters<typeof finishExternalRun>[1]['status'];
const ENDS: Partial<Record<MlflowRunStatus, ExternalEnd>> = {
  FINISHED: 'SUCCEEDED',
  FAILED: 'FAILED',
  KILLED: 'CANCELED',
};
const ADJECTIVES = ['amber', 'brisk', 'calm', 'clear', 'deft', 'keen', 'mild', 'quiet', 'sharp', 'steady'];
const NOUNS = ['beam', 'coil', 'disc', 'edge', 'lens', 'mark', 'plate', 'prism', 'slide', 'stage'];

type NewRun = {
  experimentId: string;
  userId: string;
  name: string;
  /** Now, when left out. */
  startedAtMs?: number;
  tags: readonly KeyedText[];
  /** The account that begins it; null without sign-in. */
  createdBy?: string | null;
};

/** BAD_INPUT, NOT_FOUND for the experiment or for the split that a tag names. */
export async function createMlflowRun(store: ScopedStore, request: NewRun): Promise<string> {
  const tags = toTextByKey(request.tags.map((tag, place) => checkRunText('tag', tag, `tags[${place}]`)));
  const named = tags[RUN_NAME_TAG] ?? '';
  if (request.name !== '' && named !== '' && request.name !== named) {
    throw new AppError(
      'BAD_INPUT',
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${request.name}', mlflow.runName='${named}').`,
    );
  }
  const experiment = await getActiveExperiment(store, request.experimentId);
  const splitId = tags[SPLIT_TAG];
  const run = await startExternalRun(store, {
    experimentId: experiment.id,
    name: request.name || named || makeRunName(),
    client: CLIENT,
    createdBy: request.createdBy ?? null,
    ...(splitId === undefined ? {} : { splitId: checkSplitId(splitId) }),
    ...(request.startedAtMs === undefined ? {} : { startedAt: toDate(request.startedAtMs, 'start_time') }),
  });
  const isUserKnown = request.userId !== '' && request.userId !== UNKNOWN_USER && !(USER_TAG in tags);
  const labels = { ...tags, ...(isUserKnown ? { [USER_TAG]: request.userId } : {}) };
  await setLabels(store, { runId: run.id, labels: without(labels, RUN_NAME_TAG) });
  return run.id;
}

/** Whether it is written like one. */
export function isRunId(text: string): boolean {
  return UUID.test(text);
}

/** NOT_FOUND for what is no run of an external program. */
export async function requireRun(store: Store, runId: string): Promise<Run> {
  const run = isRunId(runId)
    ? await store.database.prisma.run.findUnique({ where: { id: runId, origin: 'EXTERNAL' } })
    : null;
  return run ?? refuseUnknownRun(runId);
}

export function refuseUnknownRun(runId: string): never {
  throw noRun(runId);
}

export function noRun(runId: string): AppError {
  return new AppError('NOT_FOUND', `Run with id=${runId} not found`);
}

/** BAD_INPUT when it is deleted. */
export async function requireActiveRun(store: Store, runId: string): Promise<Run> {
  const run = await requireRun(store, runId);
  if (!run.archivedAt) return run;
  throw new AppError(
    'BAD_INPUT',
    `The run ${runId} must be in the 'active' state. Current state is deleted.`,
  );
}

/** What is left out stays. A run that ended may go on, and may end otherwise. */
export async function updateMlflowRun(
  store: Store,
  request: { runId: string; status?: MlflowRunStatus; endedAtMs?: number; name?: string },
): Promise<void> {
  const { runId, status, endedAtMs, name } = request;
  const run = await requireActiveRun(store, runId);
  const finishedAt = endedAtMs === undefined ? undefined : toDate(endedAtMs, 'end_time');
  if (name) await renameRun(store, { runId, name });
  const end = status && ENDS[status];
  if (end) {
    if (run.status !== 'RUNNING' && run.status !== end) await reopenExternalRun(store, runId);
    await finishExternalRun(store, { runId, status: end, ...(finishedAt ? { finishedAt } : {}) });
  } else if (status) {
    await reopenExternalRun(store, runId);
  }
  if (finishedAt) {
    await store.database.prisma.run.updateMany({
      where: { id: runId, status: { not: 'RUNNING' } },
      data: { finishedAt },
    });
  }
}

/** Hides a run from its clients, and from lists of runs that are in use; shows it again. */
export async function setRunDeleted(
  store: Store,
  { runId, isDeleted }: { runId: string; isDeleted: boolean },
): Promise<void> {
  const { archivedAt } = await requireRun(store, runId);
  if ((archivedAt !== null) === isDeleted) return;
  const data = { archivedAt: isDeleted ? new Date() : null };
  await store.database.prisma.run.update({ where: { id: runId }, data });
}

/** BAD_INPUT when one of them is known with another value: nothing is written then. */
export async function logRunParams(
  store: Store,
  { runId, params }: { runId: string; params: readonly KeyedText[] },
): Promise<void> {
  if (params.length === 0) return;
  const hyperparameters = toTextByKey(params);
  await logHyperparameters(store, { runId, hyperparameters }).catch(async (error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error;
    const known = readParams(await requireRun(store, runId));
    const changed = params.find(({ key, value }) => (known[key] ?? value) !== value);
    if (!changed) throw error;
    throw new AppError(
      'BAD_INPUT',
      `Changing param values is not allowed. Param with key='${changed.key}' was already logged with value='${known[changed.key]}' for run ID='${runId}'. Attempted logging new value '${changed.value}'.`,
    );
  });
}

/** The name of the run and its split are set where a tag says so. */
export async function setRunTags(
  store: Store,
  { runId, tags }: { runId: string; tags: readonly KeyedText[] },
): Promise<void> {
  const labels = toTextByKey(tags);
  const { [RUN_NAME_TAG]: name, [SPLIT_TAG]: splitId } = labels;
  if (splitId !== undefined) await joinSplit(store, { runId, splitId: checkSplitId(splitId) });
  if (name !== undefined) await renameRun(store, { runId, name });
  await setLabels(store, { runId, labels: without(labels, RUN_NAME_TAG) });
}

/** NOT_FOUND when the run has no such tag; BAD_INPUT for its split, which it keeps. */
export async function deleteRunTag(
  store: Store,
  { runId, key }: { runId: string; key: string },
): Promise<void> {
  await requireActiveRun(store, runId);
  if (key === SPLIT_TAG || key === RUN_NAME_TAG) {
    throw new AppError(
      'BAD_INPUT',
      `The tag '${key}' of run ${runId} cannot be deleted: every run keeps it.`,
    );
  }
  await deleteLabel(store, { runId, key }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
    throw new AppError('NOT_FOUND', `No tag with name: ${key} in run with id ${runId}`);
  });
}

/** As texts: what is none is written as JSON. */
export function readParams({ hyperparameters }: Pick<Run, 'hyperparameters'>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(hyperparameters).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

async function renameRun(store: Store, { runId, name }: { runId: string; name: string }): Promise<void> {
  await store.database.prisma.run.update({
    where: { id: runId },
    data: { name: checkText(name, 'runName') },
  });
}

function checkSplitId(splitId: string): string {
  if (UUID.test(splitId)) return splitId;
  throw new AppError('NOT_FOUND', `There is no split '${splitId}', which the tag '${SPLIT_TAG}' names.`);
}

function toDate(milliseconds: number, name: string): Date {
  const date = new Date(milliseconds);
  if (milliseconds >= 0 && !Number.isNaN(date.getTime())) return date;
  throw new AppError(
    'BAD_INPUT',
    `Invalid value ${milliseconds} for parameter '${name}' supplied: no such time.`,
  );
}

function without(labels: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => name !== key));
}

/** A name that can be spoken, as MLflow gives one to a run without. */
function makeRunName(): string {
  const pick = (words: readonly string[]) => words[Math.floor(Math.random() * words.length)]!;
  return `${pick(ADJECTIVES)}-${pick(NOUNS)}-${Math.floor(Math.random() * 1_000)}`;
}
