/** Runs of MLflow clients: what they are of ours, what is logged into them, and what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { byKey, type MlflowCalls, openMlflowCalls } from './mlflow-calls.ts';

let api: TestApi;
let mlflow: MlflowCalls;
beforeAll(async () => {
  api = await startTestApi();
  mlflow = openMlflowCalls(api);
});
afterAll(() => api.close());

describe('a run', () => {
  it('is an EXTERNAL run of ours, with the name, user and times that its client tells', async () => {
    const runId = await mlflow.createRun('0', {
      start_time: 456,
      run_name: 'my name',
      tags: [
        { key: 'mlflow.user', value: 'ada' },
        { key: 'mlflow.parentRunId', value: '7' },
        { key: 'my', value: 'tag' },
      ],
    });
    const { info, data } = await mlflow.getRun(runId);
    expect(info).toMatchObject({
      run_uuid: runId,
      experiment_id: '0',
      run_name: 'my name',
      user_id: 'ada',
      status: 'RUNNING',
      start_time: 456,
      lifecycle_stage: 'active',
      artifact_uri: `mlflow-artifacts:/0/${runId}/artifacts`,
    });
    expect(info.end_time).toBeUndefined();
    expect(byKey(data.tags)).toEqual({
      'mlflow.user': 'ada',
      'mlflow.parentRunId': '7',
      'mlflow.runName': 'my name',
      my: 'tag',
    });
    const { run } = await api.ask<{ run: { name: string; origin: string; status: string } }>(
      'query ($id: ID!) { run(id: $id) { name origin status } }',
      { id: runId },
    );
    expect(run).toEqual({ name: 'my name', origin: 'EXTERNAL', status: 'RUNNING' });
  });

  it('needs nothing but its experiment', async () => {
    const { info } = await mlflow.getRun(await mlflow.createRun());
    expect(info).toMatchObject({ user_id: 'unknown', run_name: expect.stringMatching(/^\w+-\w+-\d+$/) });
    const twice = { run_name: 'a', tags: [{ key: 'mlflow.runName', value: 'b' }] };
    expect((await mlflow.refuse('/runs/create', twice)).message).toContain('with different values');
    expect((await mlflow.refuse('/runs/create', { experiment_id: 'none' })).code).toBe(
      'RESOURCE_DOES_NOT_EXIST',
    );
  });

  it('ends, goes on, ends otherwise, and is renamed without being ended', async () => {
    const runId = await mlflow.createRun();
    const update = async (body: object) =>
      (await mlflow.post('/runs/update', { run_id: runId, ...body })).run_info;
    expect(await update({ status: 'FINISHED', end_time: 1_000 })).toMatchObject({
      status: 'FINISHED',
      end_time: 1_000,
    });
    expect(await update({ run_name: 'name_abc' })).toMatchObject({
      run_name: 'name_abc',
      status: 'FINISHED',
    });
    const running = await update({ status: 'RUNNING' });
    expect(running.status).toBe('RUNNING');
    expect(running.end_time).toBeUndefined();
    expect((await update({ status: 'FAILED' })).status).toBe('FAILED');
    expect((await update({ status: 'KILLED' })).status).toBe('KILLED');
    expect((await update({ status: 3 })).status).toBe('FINISHED');
    const wrong = await mlflow.refuse('/runs/update', { run_id: runId, status: 'DONE' });
    expect(wrong.message).toContain(`Invalid value "DONE" for parameter 'status'`);
  });

  it('is hidden and shown again; while it is hidden nothing is logged', async () => {
    const runId = await mlflow.createRun();
    await mlflow.post('/runs/delete', { run_id: runId });
    expect((await mlflow.getRun(runId)).info.lifecycle_stage).toBe('deleted');
    const metric = { run_id: runId, key: 'a', value: 1, timestamp: 1 };
    expect((await mlflow.refuse('/runs/log-metric', metric)).message).toContain(
      `The run ${runId} must be in`,
    );
    await mlflow.post('/runs/restore', { run_id: runId });
    await mlflow.post('/runs/log-metric', metric);
  });
});

describe('what is logged', () => {
  it('are numbers with step and time, also those that are none', async () => {
    const runId = await mlflow.createRun();
    const log = (body: object) => mlflow.post('/runs/log-metric', { run_id: runId, timestamp: 789, ...body });
    await log({ key: 'metric', value: 123.456, step: 2 });
    await log({ key: 'metric', value: 1, step: 1, timestamp: 900 });
    await log({ key: 'nan', value: 'NaN' });
    await log({ key: 'inf', value: 'Infinity' });
    await log({ key: '-inf', value: '-Infinity' });
    const { data } = await mlflow.getRun(runId);
    expect(byKey(data.metrics)).toEqual({
      metric: 123.456,
      nan: 'NaN',
      inf: 'Infinity',
      '-inf': '-Infinity',
    });
    const history = await mlflow.get('/metrics/get-history', { run_id: runId, metric_key: 'metric' });
    expect(history.metrics).toEqual([
      { key: 'metric', value: 123.456, timestamp: 789, step: 2 },
      { key: 'metric', value: 1, timestamp: 900, step: 1 },
    ]);
    expect((await mlflow.get('/metrics/get-history', { run_id: runId, metric_key: 'none' })).metrics).toEqual(
      [],
    );
  });

  it('are parameters, which never change, and tags, which do', async () => {
    const runId = await mlflow.createRun();
    const param = (key: string, value: string) => ({ run_id: runId, key, value });
    await mlflow.post('/runs/log-parameter', param('lr', '0.1'));
    await mlflow.post('/runs/log-parameter', param('lr', '0.1'));
    await mlflow.post('/runs/log-parameter', param('empty', ''));
    const changed = await mlflow.refuse('/runs/log-parameter', param('lr', '0.2'));
    expect(changed).toMatchObject({ status: 400, code: 'INVALID_PARAMETER_VALUE' });
    expect(changed.message).toBe(
      `Changing param values is not allowed. Param with key='lr' was already logged with value='0.1' for run ID='${runId}'. Attempted logging new value '0.2'.`,
    );
    await mlflow.post('/runs/set-tag', param('taggity', 'do'));
    await mlflow.post('/runs/set-tag', param('taggity', 'do-dah'));
    await mlflow.post('/runs/set-tag', { run_uuid: runId, key: 'old', value: '' });
    await mlflow.post('/runs/set-tag', param('mlflow.runName', 'renamed'));
    const { info, data } = await mlflow.getRun(runId);
    expect(info.run_name).toBe('renamed');
    expect(byKey(data.params)).toEqual({ lr: '0.1', empty: '' });
    expect(byKey(data.tags)).toEqual({ taggity: 'do-dah', old: '', 'mlflow.runName': 'renamed' });
    await mlflow.post('/runs/delete-tag', { run_id: runId, key: 'taggity' });
    expect((await mlflow.refuse('/runs/delete-tag', { run_id: runId, key: 'fakeTag' })).message).toContain(
      'No tag with name: fakeTag',
    );
    expect((await mlflow.refuse('/runs/delete-tag', { run_id: 'fake_run_id', key: 'a' })).message).toMatch(
      /Run .+ not found/,
    );
  });

  it('comes in batches, of which nothing is kept when one entry does not fit', async () => {
    const runId = await mlflow.createRun();
    await mlflow.post('/runs/log-batch', {
      run_id: runId,
      metrics: [{ key: 'mae', value: 2.5, timestamp: 123456789 }],
      params: [{ key: 'p', value: '' }],
      tags: [{ key: 't', value: '' }],
    });
    const refuse = async (body: object) =>
      (await mlflow.refuse('/runs/log-batch', { run_id: runId, ...body })).message;
    for (const name of ['metrics', 'params', 'tags']) {
      expect(await refuse({ [name]: 'foo' })).toContain(
        `Invalid value "foo" for parameter '${name}' supplied`,
      );
    }
    expect(await refuse({ metrics: [{ key: 'mae', value: 2.5 }] })).toContain(
      "Missing value for required parameter 'metrics[0].timestamp'",
    );
    const metric = (key: string) => ({ key, value: 1, timestamp: 1 });
    expect(await refuse({ metrics: [metric('fits'), metric('a//b')] })).toContain(
      'Names may be treated as files',
    );
    expect(await refuse({ metrics: Array.from({ length: 1_001 }, () => metric('a')) })).toContain(
      'A batch logging request can contain at most 1000 metrics. Got 1001 metrics.',
    );
    const twice = [1, 2].map((value) => ({ key: 'q', value: String(value) }));
    expect(await refuse({ params: twice })).toContain("Duplicate parameter keys have been submitted: ['q']");
    const { data } = await mlflow.getRun(runId);
    expect(byKey(data.metrics)).toEqual({ mae: 2.5 });
    expect(byKey(data.params)).toEqual({ p: '' });
  });

  it('is refused field by field', async () => {
    const runId = await mlflow.createRun();
    const metric = { run_id: runId, key: 'foo', value: 31, timestamp: 59, step: 41 };
    const refuse = async (path: string, body: object) => (await mlflow.refuse(path, body)).message;
    const path = '/runs/log-metric';
    expect(await refuse(path, { ...metric, run_id: 31 })).toContain(
      "Invalid value 31 for parameter 'run_id' supplied",
    );
    expect(await refuse(path, { ...metric, key: 31 })).toContain(
      "Invalid value 31 for parameter 'key' supplied",
    );
    expect(await refuse(path, { ...metric, step: 'foo' })).toContain(
      `Invalid value "foo" for parameter 'step' supplied`,
    );
    expect(await refuse(path, { ...metric, timestamp: 'foo' })).toContain(
      "for parameter 'timestamp' supplied",
    );
    expect(await refuse(path, { ...metric, run_id: null })).toContain(
      "Missing value for required parameter 'run_id'",
    );
    expect(await refuse(path, { ...metric, key: null })).toContain(
      "Missing value for required parameter 'key'",
    );
    expect(await refuse(path, { ...metric, timestamp: -1 })).toContain(
      'Timestamp must be a nonnegative long',
    );
    expect(await refuse('/runs/set-tag', { run_id: runId, key: 'a', value: 41 })).toContain(
      "Invalid value 41 for parameter 'value' supplied",
    );
    expect(await refuse('/runs/set-tag', { run_id: runId, key: 'a\0b', value: '' })).toContain('U+0000');
    expect(await refuse('/runs/log-model', { run_id: runId, model_json: '{"flavors": {}}' })).toContain(
      'Model json is missing mandatory fields',
    );
  });

  it('keeps the list of models that old clients log', async () => {
    const runId = await mlflow.createRun();
    for (const path of ['a', 'b']) {
      const model = { artifact_path: path, flavors: {}, utc_time_created: 'now', run_id: runId };
      await mlflow.post('/runs/log-model', { run_id: runId, model_json: JSON.stringify(model) });
    }
    const { data } = await mlflow.getRun(runId);
    const history = JSON.parse(String(byKey(data.tags)['mlflow.log-model.history']));
    expect(history.map((model: { artifact_path: string }) => model.artifact_path)).toEqual(['a', 'b']);
  });
});

describe('the tag microtome.split', () => {
  it('ties a run to a split, and its experiment to the dataset of it', async () => {
    const { split, dataset } = await createBench(api.store);
    const experimentId = await mlflow.createExperiment('tied');
    const runId = await mlflow.createRun(experimentId, {
      tags: [{ key: 'microtome.split', value: split.id }],
    });
    const later = await mlflow.createRun(experimentId);
    await mlflow.post('/runs/set-tag', { run_id: later, key: 'microtome.split', value: split.id });
    const runs = await api.store.database.prisma.run.findMany({ where: { id: { in: [runId, later] } } });
    expect(runs.map(({ splitId }) => splitId)).toEqual([split.id, split.id]);
    expect(runs.map(({ datasetId }) => datasetId)).toEqual([dataset.datasetId, dataset.datasetId]);
    const found = await mlflow.get('/experiments/get-by-name', { experiment_name: 'tied' });
    expect(found.experiment.experiment_id).toBe(experimentId);
    const unknown = { run_id: later, key: 'microtome.split', value: 'none' };
    expect((await mlflow.refuse('/runs/set-tag', unknown)).message).toContain("There is no split 'none'");
  });
});
