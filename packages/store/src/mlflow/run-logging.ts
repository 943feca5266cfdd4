/**
 * What MLflow clients log into a run: numbers by the fast path of all external runs, parameters, tags, and the history of models
 * that old clients keep in a tag. All of a batch is checked before any of it is written.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  checkBatchSizes,
  checkMetric,
  checkMetrics,
  checkRunText,
  type KeyedText,
  type LoggedMetric,
  refuseRepeatedParams,
} from '@microtome/domain/mlflow/entry-rules';
import { MODEL_HISTORY_TAG } from '@microtome/domain/mlflow/mlflow-words';
import { logExternalMetrics } from '../external-run/logged-metrics.ts';
import { setLabels } from '../external-run/run-labels.ts';
import type { Store } from '../store.ts';
import { isRunId, logRunParams, requireActiveRun, setRunTags } from './mlflow-runs.ts';

const MODEL_FIELDS = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'];

/** A number of a run, and of what model and data set it tells, where it says so. */
export type RunMetric = LoggedMetric & { modelId?: string; datasetName?: string; datasetDigest?: string };

type RunBatch = {
  runId: string;
  metrics: readonly RunMetric[];
  params: readonly KeyedText[];
  tags: readonly KeyedText[];
};

export async function logRunMetric(
  store: Store,
  { runId, metric }: { runId: string; metric: RunMetric },
): Promise<void> {
  checkMetric(metric);
  await writeMetrics(store, runId, [metric]);
}

export async function logRunParam(
  store: Store,
  { runId, param }: { runId: string; param: KeyedText },
): Promise<void> {
  const params = [checkRunText('param', param)];
  await requireActiveRun(store, runId);
  await logRunParams(store, { runId, params });
}

export async function setRunTag(
  store: Store,
  { runId, tag }: { runId: string; tag: KeyedText },
): Promise<void> {
  const tags = [checkRunText('tag', tag)];
  await requireActiveRun(store, runId);
  await setRunTags(store, { runId, tags });
}

/** BAD_INPUT, NOT_FOUND */
export async function logRunBatch(store: Store, batch: RunBatch): Promise<void> {
  const { runId } = batch;
  const { metrics } = batch;
  checkMetrics(metrics);
  const params = batch.params.map((param, place) => checkRunText('param', param, `params[${place}]`));
  const tags = batch.tags.map((tag, place) => checkRunText('tag', tag, `tags[${place}]`));
  checkBatchSizes({ metrics: metrics.length, params: params.length, tags: tags.length });
  refuseRepeatedParams(params);
  // Where there are numbers alone, the statement that writes them looks at the run.
  if (metrics.length === 0 || params.length + tags.length > 0) await requireActiveRun(store, runId);
  await logRunParams(store, { runId, params });
  await writeMetrics(store, runId, metrics);
  if (tags.length > 0) await setRunTags(store, { runId, tags });
}

/** Adds a model to those that the run's tag lists. BAD_INPUT for what is no description of a model. */
export async function recordModel(
  store: Store,
  { runId, modelJson }: { runId: string; modelJson: string },
): Promise<void> {
  const model = parseObject(modelJson);
  if (!model) {
    throw new AppError('BAD_INPUT', `Malformed model info. \n ${modelJson} \n is not a valid JSON.`);
  }
  const missing = MODEL_FIELDS.filter((field) => !Object.hasOwn(model, field)).map((field) => `'${field}'`);
  if (missing.length > 0) {
    throw new AppError('BAD_INPUT', `Model json is missing mandatory fields: {${missing.join(', ')}}`);
  }
  await requireActiveRun(store, runId);
  const label = await store.database.prisma.runLabel.findUnique({
    where: { runId_key: { runId, key: MODEL_HISTORY_TAG } },
  });
  const known = parseList(label?.value ?? '[]');
  const value = JSON.stringify([...known, model]);
  await setLabels(store, { runId, labels: { [MODEL_HISTORY_TAG]: value } });
}

/** BAD_INPUT for a run that is deleted, NOT_FOUND */
async function writeMetrics(store: Store, runId: string, metrics: readonly RunMetric[]): Promise<void> {
  if (metrics.length === 0) return;
  const measured = metrics.filter(({ modelId }) => modelId !== undefined);
  if (measured.length > 0 || !isRunId(runId)) await requireActiveRun(store, runId);
  if (measured.length > 0) await writeModelMetrics(store, runId, measured);
  const points = metrics.map(({ key, value, step, timestamp }) => ({
    name: key,
    value,
    step,
    atMs: timestamp,
  }));
  try {
    await logExternalMetrics(store, { runId, points, isForActive: true });
  } catch (error) {
    // If it is the run that is at fault, clients look for MLflow's words.
    await requireActiveRun(store, runId);
    throw error;
  }
}

/** NOT_FOUND for a model that is not there. */
async function writeModelMetrics(store: Store, runId: string, metrics: readonly RunMetric[]): Promise<void> {
  const { prisma } = store.database;
  const modelIds = [...new Set(metrics.map(({ modelId = '' }) => modelId))];
  const known = await prisma.loggedModel.findMany({
    where: { id: { in: modelIds }, deletedAt: null },
    select: { id: true },
  });
  const unknown = modelIds.find((modelId) => !known.some(({ id }) => id === modelId));
  if (unknown !== undefined) throw new AppError('NOT_FOUND', `Logged model with ID '${unknown}' not found.`);
  await prisma.loggedModelMetric.createMany({
    data: metrics.map(
      ({ key, value, step, timestamp, modelId = '', datasetName = '', datasetDigest = '' }) => ({
        runId,
        modelId,
        value,
        step,
        datasetName,
        datasetDigest,
        name: key,
        at: new Date(timestamp),
      }),
    ),
    skipDuplicates: true,
  });
}

function parseObject(json: string): object | null {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** What a client wrote under this key itself may be no list. */
function parseList(json: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
