/** Hostile calls of MLflow's protocol, against a server that has something of everything that they name. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openMlflowCalls } from '../api/mlflow/mlflow-calls.ts';
import { startTestApi, type TestApi } from '../api/test-api.ts';
import { readFuzzing } from '../env.ts';
import { recordInputs } from './fuzz-record.ts';
import { drawMlflowRequests, type KnownValues, type MlflowRequest } from './mlflow-requests.ts';

const { runs, seed } = readFuzzing();
const TIMEOUT_MS = 120_000 + 300 * runs;
const ERROR_LEVEL = 50;

let api: TestApi;
let known: KnownValues;
beforeAll(async () => {
  api = await startTestApi();
  known = await fill(api);
});
afterAll(() => api.close());

async function fill(filled: TestApi): Promise<KnownValues> {
  const mlflow = openMlflowCalls(filled);
  const experimentId = await mlflow.createExperiment('known');
  const runId = await mlflow.createRun(experimentId);
  const { model } = await mlflow.post('/logged-models', { experiment_id: experimentId, name: 'logged' });
  await mlflow.post('/registered-models/create', { name: 'known' });
  await mlflow.post('/model-versions/create', { name: 'known', source: 's3://bucket/m', run_id: runId });
  await mlflow.post('/runs/log-batch', {
    run_id: runId,
    metrics: [{ key: 'a', value: 'NaN', timestamp: 1 }],
    params: [{ key: 'a', value: 'x' }],
    tags: [{ key: 'a', value: 'x' }],
  });
  return {
    run_id: [runId, await mlflow.createRun()],
    experiment_id: [experimentId, '0'],
    experiment_name: ['known', 'Default'],
    name: ['known', 'logged'],
    key: ['a', 'b', 'mlflow.runName', 'microtome.split'],
    version: ['1', '99999999999999', '-1'],
    alias: ['best', 'champion'],
    status: ['FINISHED', 'RUNNING', 'LOGGED_MODEL_READY'],
    stage: ['Production', 'Archived'],
    model_id: [model.info.model_id],
    metric_key: ['a'],
    path: ['a', 'a/b', '.', '..', 'a//b'],
    source: ['s3://bucket/m', `models:/${model.info.model_id}`, '/tmp'],
  };
}

async function ask({ method, path, body }: MlflowRequest): Promise<number> {
  const response = await fetch(api.url + path, { method, ...(body === null ? {} : { body }) });
  const text = await response.text();
  const errors = api.logged.filter(({ level }) => Number(level) >= ERROR_LEVEL);
  api.logged.length = 0;
  if (response.status >= 200 && response.status < 500 && errors.length === 0) return response.status;
  throw new Error(`${method} ${path}: ${response.status} ${text}\n${body}\n${JSON.stringify(errors)}`);
}

it(
  'are answered by what the call gives or by a sentence, none of them INTERNAL',
  async ({ task }) => {
    recordInputs(task, runs);
    const statuses = new Map<number, number>();
    await fc.assert(
      fc.asyncProperty(drawMlflowRequests(known), async (request) => {
        const status = await ask(request);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }),
      { numRuns: runs, seed, endOnFailure: true },
    );
    expect(statuses.get(200)).toBeGreaterThan(0);
    expect(statuses.get(400)).toBeGreaterThan(0);
    console.info(`mlflow: seed ${seed}, by status ${JSON.stringify(Object.fromEntries(statuses))}`);
  },
  TIMEOUT_MS,
);
