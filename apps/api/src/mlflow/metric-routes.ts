/** Histories of numbers: of one run in pages, of several runs at once, and thinned for charts. */
import { AppError } from '@microtome/domain/app-error';
import {
  BULK_HISTORY_MAX,
  readHistories,
  readHistory,
  readSampledHistories,
} from '@microtome/store/mlflow/run-histories';
import { type MlflowRoute, reading, WrittenJson } from './mlflow-route.ts';
import { type RequestReader, refuseMissing } from './request-reader.ts';
import { describeMetric, describeRunMetric, writeCurve } from './run-json.ts';
import { describePage } from './search-request.ts';

const RUNS_MAX = 100;
const SAMPLED_MAX = 2_500;

export const METRIC_ROUTES: readonly MlflowRoute[] = [
  reading('/metrics/get-history', async ({ store, fields }) => {
    const page = await readHistory(store, {
      runId: fields.requiredText('run_id'),
      name: fields.requiredText('metric_key'),
      maxResults: fields.integer('max_results'),
      pageToken: fields.text('page_token'),
    });
    return describePage('metrics', page, describeMetric);
  }),
  reading('/metrics/get-history-bulk', async ({ store, fields }) => {
    const runIds = fields.texts('run_id');
    if (runIds.length === 0) refuse('GetMetricHistoryBulk request must specify at least one run_id.');
    if (runIds.length > RUNS_MAX) {
      refuse(
        `GetMetricHistoryBulk request cannot specify more than ${RUNS_MAX} run_ids. Received ${runIds.length} run_ids.`,
      );
    }
    if (!fields.has('metric_key')) refuse('GetMetricHistoryBulk request must specify a metric_key.');
    const limit = Math.min(fields.integer('max_results') ?? BULK_HISTORY_MAX, BULK_HISTORY_MAX);
    if (limit < 1) refuse(`max_results must be between 1 and ${BULK_HISTORY_MAX}.`);
    const rows = await readHistories(store, { runIds, name: fields.text('metric_key'), limit });
    return { metrics: rows.map(describeRunMetric) };
  }),
  reading('/metrics/get-history-bulk-interval', async ({ store, fields }) => {
    const runIds = fields.texts('run_ids');
    if (runIds.length === 0) refuseMissing('run_ids');
    if (runIds.length > RUNS_MAX) {
      refuse(
        `GetMetricHistoryBulkInterval request must specify at most ${RUNS_MAX} run_ids. Received ${runIds.length} run_ids.`,
      );
    }
    const name = fields.requiredText('metric_key');
    const steps = readSteps(fields);
    const limit = fields.integer('max_results') ?? SAMPLED_MAX;
    if (limit < 1 || limit > SAMPLED_MAX) refuse(`max_results must be between 1 and ${SAMPLED_MAX}.`);
    const curves = await readSampledHistories(store, { runIds, name, limit, steps });
    const metrics = curves.filter((curve) => curve.steps.length > 0).map(writeCurve);
    return new WrittenJson(Buffer.from(`{"metrics":[${metrics.join(',')}]}`));
  }),
];

const STEP_MAX = 2 ** 31 - 1;

function readSteps(fields: RequestReader): [number, number] | null {
  const [from, to] = [fields.integer('start_step'), fields.integer('end_step')];
  if (from === undefined && to === undefined) return null;
  if (from === undefined || to === undefined) {
    return refuse('If either start step or end step are specified, both must be specified.');
  }
  if (from > to) {
    refuse(`end_step must be greater than start_step. Found start_step=${from} and end_step=${to}.`);
  }
  return [Math.max(from, -STEP_MAX), Math.min(to, STEP_MAX)];
}

function refuse(message: string): never {
  throw new AppError('BAD_INPUT', message);
}
