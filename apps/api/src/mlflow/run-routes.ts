/** Runs of MLflow clients: start, end, find, hide, tag, and what they log in one call or in a batch. */
import { refuseValue } from '@microtome/domain/mlflow/entry-rules';
import { MLFLOW_RUN_STATUSES, type MlflowRunStatus } from '@microtome/domain/mlflow/mlflow-words';
import { DEFAULT_EXPERIMENT_ID } from '@microtome/store/mlflow/mlflow-experiments';
import {
  createMlflowRun,
  deleteRunTag,
  requireRun,
  setRunDeleted,
  updateMlflowRun,
} from '@microtome/store/mlflow/mlflow-runs';
import type { ScopedStore } from '@microtome/store/mlflow/mlflow-scope';
import {
  logRunBatch,
  logRunMetric,
  logRunParam,
  type RunMetric,
  recordModel,
  setRunTag,
} from '@microtome/store/mlflow/run-logging';
import { type MlflowRunRow, readRunRows } from '@microtome/store/mlflow/run-rows';
import { searchMlflowRuns } from '@microtome/store/mlflow/search-runs';
import { readView } from './experiment-routes.ts';
import { writeRuns } from './kept-runs.ts';
import { type MlflowRoute, posting, reading, searching, WrittenJson } from './mlflow-route.ts';
import { type RequestReader, refuseMissing } from './request-reader.ts';
import { describeRun, describeRunInfo } from './run-json.ts';
import { readSearch } from './search-request.ts';

const DEFAULT_PAGE = 1_000;

export const RUN_ROUTES: readonly MlflowRoute[] = [
  posting('/runs/create', async ({ store, accountId, fields }) => {
    const runId = await createMlflowRun(store, {
      experimentId: fields.text('experiment_id') || DEFAULT_EXPERIMENT_ID,
      startedAtMs: fields.integer('start_time'),
      name: fields.text('run_name'),
      userId: fields.text('user_id'),
      tags: fields.keyedTexts('tags'),
      createdBy: accountId,
    });
    return { run: describeRun(await readRun(store, runId)) };
  }),
  posting('/runs/update', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    const endedAtMs = fields.integer('end_time');
    await updateMlflowRun(store, {
      runId,
      status: readStatus(fields),
      endedAtMs,
      name: fields.text('run_name'),
    });
    return { run_info: describeRunInfo(await readRun(store, runId)) };
  }),
  reading('/runs/get', async ({ store, fields }) => ({
    run: describeRun(await readRun(store, fields.requiredText('run_id'))),
  })),
  searching('/runs/search', async ({ store, fields }) => {
    const experimentIds = fields.texts('experiment_ids');
    const view = readView(fields, 'run_view_type');
    const asked = { ...readSearch(fields, DEFAULT_PAGE), experimentIds, view };
    const { rows, nextPageToken } = await searchMlflowRuns(store, asked);
    return writePage(await writeRuns(store, rows), nextPageToken);
  }),
  posting('/runs/delete', async ({ store, fields }) => {
    await setRunDeleted(store, { runId: fields.requiredText('run_id'), isDeleted: true });
    return {};
  }),
  posting('/runs/restore', async ({ store, fields }) => {
    await setRunDeleted(store, { runId: fields.requiredText('run_id'), isDeleted: false });
    return {};
  }),
  posting('/runs/log-metric', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    await logRunMetric(store, { runId, metric: readMetric(fields, '') });
    return {};
  }),
  posting('/runs/log-parameter', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    const param = { key: fields.requiredText('key'), value: fields.text('value') };
    await logRunParam(store, { runId, param });
    return {};
  }),
  posting('/runs/set-tag', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    await setRunTag(store, { runId, tag: { key: fields.requiredText('key'), value: fields.text('value') } });
    return {};
  }),
  posting('/runs/delete-tag', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    await deleteRunTag(store, { runId, key: fields.requiredText('key') });
    return {};
  }),
  posting('/runs/log-batch', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    const metrics = fields.entries('metrics').map((entry, place) => readMetric(entry, `metrics[${place}]`));
    const params = fields.keyedTexts('params');
    await logRunBatch(store, { runId, metrics, params, tags: fields.keyedTexts('tags') });
    return {};
  }),
  posting('/runs/log-model', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    await recordModel(store, { runId, modelJson: fields.requiredText('model_json') });
    return {};
  }),
];

const COMMA = Buffer.from(',');

function writePage(runs: readonly Buffer[], nextPageToken: string | null): WrittenJson {
  const next = nextPageToken === null ? '' : `,"next_page_token":${JSON.stringify(nextPageToken)}`;
  const entries = runs.flatMap((run, at) => (at === 0 ? [run] : [COMMA, run]));
  return new WrittenJson(Buffer.concat([Buffer.from('{"runs":['), ...entries, Buffer.from(`]${next}}`)]));
}

/** NOT_FOUND */
async function readRun(store: ScopedStore, runId: string): Promise<MlflowRunRow> {
  const { id } = await requireRun(store, runId);
  const [row] = await readRunRows(store, [id]);
  if (row) return row;
  await requireRun(store, runId);
  return refuseValue('run_id', runId);
}

/** `path` is where a batch has it. */
function readMetric(fields: RequestReader, path: string): RunMetric {
  const key = path === '' ? fields.requiredText('key') : fields.text('key') || refuseMissing(`${path}.key`);
  if (path !== '') {
    for (const name of ['value', 'timestamp']) if (!fields.has(name)) refuseMissing(`${path}.${name}`);
  }
  return {
    key,
    value: fields.requiredNumber('value'),
    timestamp: fields.requiredInteger('timestamp'),
    step: fields.integer('step') ?? 0,
    modelId: fields.text('model_id') || undefined,
    datasetName: fields.optionalText('dataset_name'),
    datasetDigest: fields.optionalText('dataset_digest'),
  };
}

/** Written as a word, or as its number in the protocol, which counts from 1. */
function readStatus(fields: RequestReader): MlflowRunStatus | undefined {
  if (!fields.has('status')) return undefined;
  const given = fields.isText('status') ? fields.text('status') : fields.integer('status');
  const known = MLFLOW_RUN_STATUSES.find((status) => status === given);
  return known ?? MLFLOW_RUN_STATUSES[Number(given) - 1] ?? refuseValue('status', given);
}
