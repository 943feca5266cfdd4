/** Runs of another tracking server, taken over by its REST protocol: all of them, all of each, and once. */
import { importMlflowRuns } from '@microtome/store/mlflow-import/import-mlflow-runs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';
import { type MlflowCalls, openMlflowCalls } from './mlflow-calls.ts';

let there: TestApi;
let here: TestApi;
let theirs: MlflowCalls;
let ours: MlflowCalls;
beforeAll(async () => {
  [there, here] = [await startTestApi(), await startTestApi()];
  [theirs, ours] = [openMlflowCalls(there), openMlflowCalls(here)];
});
afterAll(async () => {
  await there.close();
  await here.close();
});

const listRuns = async (mlflow: MlflowCalls, name: string) => {
  const { experiment } = await mlflow.get('/experiments/get-by-name', { experiment_name: name });
  const body = { experiment_ids: [experiment.experiment_id], run_view_type: 'ALL', order_by: ['run_name'] };
  return (await mlflow.post('/runs/search', body)).runs;
};

it('are taken over with every number, file and tag, and not twice', async () => {
  const experimentId = await theirs.createExperiment('elsewhere');
  await theirs.post('/experiments/set-experiment-tag', { experiment_id: experimentId, key: 'k', value: 'v' });
  const runId = await theirs.createRun(experimentId, { run_name: 'a', start_time: 5, user_id: 'ada' });
  const metrics = [1, 2, 2].map((step, at) => ({
    key: 'loss',
    value: at === 1 ? 'NaN' : at,
    timestamp: at,
    step,
  }));
  const params = [{ key: 'lr', value: '0.1' }];
  await theirs.post('/runs/log-batch', { run_id: runId, metrics, params, tags: [{ key: 't', value: 'x' }] });
  const dataset = { name: 'n', digest: 'd', source_type: 's', source: '{}' };
  await theirs.post('/runs/log-inputs', { run_id: runId, datasets: [{ dataset }] });
  const file = `/mlflow/api/2.0/mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/dir/note.txt`;
  await theirs.send(file, { method: 'PUT', body: 'kept', headers: { 'content-type': 'text/plain' } });
  await theirs.post('/runs/update', { run_id: runId, status: 'FAILED', end_time: 9 });
  const gone = await theirs.createRun(experimentId, { run_name: 'b' });
  await theirs.post('/runs/update', { run_id: gone, status: 'FINISHED', end_time: 7 });
  await theirs.post('/runs/delete', { run_id: gone });

  const address = `${there.url}/mlflow/`;
  expect(await importMlflowRuns(here.store, { address })).toEqual({
    experiments: 2,
    imported: 2,
    unchanged: 0,
    warnings: [],
  });
  const [a, b] = await listRuns(ours, 'elsewhere');
  expect(a.info).toMatchObject({
    run_name: 'a',
    status: 'FAILED',
    start_time: 5,
    end_time: 9,
    user_id: 'ada',
  });
  expect(b.info).toMatchObject({
    run_name: 'b',
    status: 'FINISHED',
    end_time: 7,
    lifecycle_stage: 'deleted',
  });
  expect(a.data.params).toEqual(params);
  expect(a.data.tags).toContainEqual({ key: 't', value: 'x' });
  expect(a.inputs.dataset_inputs).toEqual([{ dataset, tags: [] }]);
  const query = (id: string) => ({ run_id: id, metric_key: 'loss' });
  const history = await ours.get('/metrics/get-history', query(a.info.run_id));
  expect(history).toEqual(await theirs.get('/metrics/get-history', query(runId)));
  const read = await ours.send(`/mlflow/get-artifact?run_id=${a.info.run_id}&path=dir/note.txt`);
  expect([read.headers.get('content-type'), await read.text()]).toEqual(['text/plain', 'kept']);

  await theirs.post('/runs/update', { run_id: runId, status: 'RUNNING' });
  await theirs.post('/runs/log-metric', { run_id: runId, key: 'loss', value: 4, timestamp: 4, step: 4 });
  await theirs.post('/runs/update', { run_id: runId, status: 'FINISHED', end_time: 10 });
  expect(await importMlflowRuns(here.store, { address })).toMatchObject({ imported: 1, unchanged: 1 });
  const again = await listRuns(ours, 'elsewhere');
  expect(again).toHaveLength(2);
  expect(again[0].info).toMatchObject({ run_id: a.info.run_id, status: 'FINISHED', end_time: 10 });
  const longer = await ours.get('/metrics/get-history', query(a.info.run_id));
  expect(longer.metrics.map(({ value }: { value: unknown }) => value)).toEqual([0, 'NaN', 2, 4]);
});

it('are added to by what was recorded into a run that had ended', async () => {
  const experimentId = await theirs.createExperiment('late');
  const runId = await theirs.createRun(experimentId, { run_name: 'ended' });
  await theirs.post('/runs/log-metric', { run_id: runId, key: 'loss', value: 1, timestamp: 1, step: 1 });
  await theirs.post('/runs/update', { run_id: runId, status: 'FINISHED', end_time: 7 });
  const address = `${there.url}/mlflow/`;
  const take = () => importMlflowRuns(here.store, { address });
  await take();
  const none = { imported: 0, warnings: [] };
  expect(await take()).toMatchObject(none);
  const file = `/mlflow/api/2.0/mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/late.txt`;
  const acts = [
    () => theirs.post('/runs/log-metric', { run_id: runId, key: 'loss', value: 0.5, timestamp: 2, step: 2 }),
    () => theirs.post('/runs/log-parameter', { run_id: runId, key: 'lr', value: '0.1' }),
    () => theirs.post('/runs/set-tag', { run_id: runId, key: 'late', value: 'yes' }),
    () => theirs.send(file, { method: 'PUT', body: 'late', headers: { 'content-type': 'text/plain' } }),
  ];
  for (const act of acts) {
    await act();
    expect(await take()).toMatchObject({ imported: 1, warnings: [] });
    expect(await take()).toMatchObject(none);
  }
  const [run] = await listRuns(ours, 'late');
  expect(run.info).toMatchObject({ status: 'FINISHED', end_time: 7 });
  expect(run.data).toMatchObject({ metrics: [{ value: 0.5 }], params: [{ key: 'lr' }] });
  expect(run.data.tags).toContainEqual({ key: 'late', value: 'yes' });
  const read = await ours.send(`/mlflow/get-artifact?run_id=${run.info.run_id}&path=late.txt`);
  expect(await read.text()).toBe('late');
});

it('are read whole once more where that is asked for', async () => {
  const experimentId = await theirs.createExperiment('behind');
  const runId = await theirs.createRun(experimentId, { run_name: 'ended' });
  const point = (step: number) => ({ run_id: runId, key: 'loss', value: step, timestamp: step, step });
  const file = `/mlflow/api/2.0/mlflow-artifacts/artifacts/${experimentId}/${runId}/artifacts/note.txt`;
  const put = (body: string) =>
    theirs.send(file, { method: 'PUT', body, headers: { 'content-type': 'text/plain' } });
  await theirs.post('/runs/log-metric', point(3));
  await put('once');
  await theirs.post('/runs/update', { run_id: runId, status: 'FINISHED', end_time: 7 });
  const address = `${there.url}/mlflow/`;
  const take = (rechecks: boolean) => importMlflowRuns(here.store, { address, rechecks });
  await take(false);
  const acts = [() => theirs.post('/runs/log-metric', point(2)), () => put('then')];
  for (const act of acts) {
    await act();
    expect(await take(false)).toMatchObject({ imported: 0 });
    expect(await take(true)).toMatchObject({ imported: 1, warnings: [] });
    expect(await take(true)).toMatchObject({ imported: 0 });
  }
  const [run] = await listRuns(ours, 'behind');
  const { run_id: id } = run.info;
  const { metrics } = await ours.get('/metrics/get-history', { run_id: id, metric_key: 'loss' });
  expect(metrics.map(({ value }: { value: number }) => value).toSorted()).toEqual([2, 3]);
  expect(await (await ours.send(`/mlflow/get-artifact?run_id=${id}&path=note.txt`)).text()).toBe('then');
  expect(run.info).toMatchObject({ status: 'FINISHED', end_time: 7 });
});

it('of what is no tracking server are none', async () => {
  const tryAt = (address: string) => importMlflowRuns(here.store, { address });
  await expect(tryAt('runs')).rejects.toThrow("'runs' is no address of a server");
  await expect(tryAt(there.url)).rejects.toThrow('answers 404');
  await expect(tryAt('http://127.0.0.1:9/mlflow')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
