/** Experiments of MLflow clients, behaviour by behaviour as MLflow's own REST tests ask for them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';
import { byKey, type MlflowCalls, openMlflowCalls } from './mlflow-calls.ts';

let api: TestApi;
let mlflow: MlflowCalls;
beforeAll(async () => {
  api = await startTestApi();
  mlflow = openMlflowCalls(api);
});
afterAll(() => api.close());

const getExperiment = async (experimentId: string) =>
  (await mlflow.get('/experiments/get', { experiment_id: experimentId })).experiment;
const listNames = async (body: object) =>
  (await mlflow.post('/experiments/search', body)).experiments.map(({ name }: { name: string }) => name);

describe('experiments', () => {
  it('are there by default under the id 0, and are experiments of ours', async () => {
    const experiment = await getExperiment('0');
    expect(experiment).toMatchObject({ experiment_id: '0', name: 'Default', lifecycle_stage: 'active' });
    expect(experiment.artifact_location).toBe('mlflow-artifacts:/0');
    const own = await api.store.database.prisma.experiment.findFirst({ where: { name: 'Default' } });
    expect(own).toMatchObject({ datasetId: null, taskId: null });
  });

  it('are made with tags and a place for files, and found by id and by name', async () => {
    const { experiment_id: id } = await mlflow.post('/experiments/create', {
      name: 'My Experiment',
      artifact_location: 's3://bucket/place',
      tags: [{ key: 'key1', value: 'val1' }],
    });
    const experiment = await getExperiment(id);
    expect(experiment).toMatchObject({ name: 'My Experiment', artifact_location: 's3://bucket/place' });
    expect(byKey(experiment.tags)).toEqual({ key1: 'val1' });
    const byName = await mlflow.get('/experiments/get-by-name', { experiment_name: 'My Experiment' });
    expect(byName.experiment.experiment_id).toBe(id);
    const run = await mlflow.getRun(await mlflow.createRun(id));
    expect(run.info.artifact_uri).toBe(`s3://bucket/place/${run.info.run_id}/artifacts`);
  });

  it('are refused in the words that clients look for', async () => {
    const create = (body: object) => mlflow.refuse('/experiments/create', body);
    expect(await create({ name: 123 })).toMatchObject({
      status: 400,
      code: 'INVALID_PARAMETER_VALUE',
      message: expect.stringContaining("Invalid value 123 for parameter 'name' supplied"),
    });
    expect((await create({})).message).toContain("Missing value for required parameter 'name'.");
    expect((await create({ name: 'x', tags: '5' })).message).toContain(
      `Invalid value "5" for parameter 'tags'`,
    );
    const raw = await mlflow.send('/experiments/create', {
      method: 'POST',
      body: '{"name": "x", "artifact_location": 9.0}',
    });
    expect(await raw.text()).toContain("Invalid value 9.0 for parameter 'artifact_location'");
    await mlflow.createExperiment('taken');
    expect(await create({ name: 'taken' })).toMatchObject({ status: 400, code: 'RESOURCE_ALREADY_EXISTS' });
    expect(await mlflow.refuseGet('/experiments/get-by-name', { experiment_name: 'none' })).toMatchObject({
      status: 404,
      code: 'RESOURCE_DOES_NOT_EXIST',
    });
  });

  it('are deleted with their runs, and restored with them', async () => {
    const id = await mlflow.createExperiment('Deleterious');
    const [kept, archived] = [await mlflow.createRun(id), await mlflow.createRun(id)];
    await mlflow.post('/runs/delete', { run_id: archived });
    await mlflow.post('/experiments/delete', { experiment_id: id });
    expect((await getExperiment(id)).lifecycle_stage).toBe('deleted');
    expect((await mlflow.getRun(kept)).info.lifecycle_stage).toBe('deleted');
    expect((await mlflow.refuse('/runs/create', { experiment_id: id })).message).toContain('must be in');
    await mlflow.post('/experiments/restore', { experiment_id: id });
    expect((await getExperiment(id)).lifecycle_stage).toBe('active');
    expect((await mlflow.getRun(kept)).info.lifecycle_stage).toBe('active');
    expect((await mlflow.getRun(archived)).info.lifecycle_stage).toBe('deleted');
  });

  it('are renamed, unless they are deleted or the name is taken', async () => {
    const id = await mlflow.createExperiment('BadName');
    await mlflow.post('/experiments/update', { experiment_id: id, new_name: 'GoodName' });
    expect((await getExperiment(id)).name).toBe('GoodName');
    const other = await mlflow.createExperiment('Other');
    const taken = await mlflow.refuse('/experiments/update', { experiment_id: other, new_name: 'GoodName' });
    expect(taken.code).toBe('RESOURCE_ALREADY_EXISTS');
    await mlflow.post('/experiments/delete', { experiment_id: other });
    const deleted = await mlflow.refuse('/experiments/update', { experiment_id: other, new_name: 'Free' });
    expect(deleted.code).toBe('INVALID_STATE');
  });

  it('have tags of their own, which are replaced, may be empty, and are deleted', async () => {
    const [id, other] = [
      await mlflow.createExperiment('Tagged'),
      await mlflow.createExperiment('Tagged too'),
    ];
    const set = (key: string, value: string) =>
      mlflow.post('/experiments/set-experiment-tag', { experiment_id: id, key, value });
    await set('dataset', 'imagenet1K');
    await set('dataset', 'birdbike');
    await set('empty', '');
    await set('lines', 'a\nb');
    expect(byKey((await getExperiment(id)).tags)).toEqual({ dataset: 'birdbike', empty: '', lines: 'a\nb' });
    expect((await getExperiment(other)).tags).toEqual([]);
    const path = '/experiments/delete-experiment-tag';
    await mlflow.post(path, { experiment_id: id, key: 'dataset' });
    expect(byKey((await getExperiment(id)).tags)).toEqual({ empty: '', lines: 'a\nb' });
    const gone = await mlflow.refuse(path, { experiment_id: id, key: 'dataset' });
    expect(gone).toMatchObject({ status: 404, code: 'RESOURCE_DOES_NOT_EXIST' });
  });
});

describe('a search for experiments', () => {
  it('filters, sorts and pages', async () => {
    const own = await startTestApi();
    const calls = openMlflowCalls(own);
    const names = async (body: object) =>
      (await calls.post('/experiments/search', body)).experiments.map(({ name }: { name: string }) => name);
    await names({});
    for (const [name, tags] of [
      ['a', [{ key: 'key', value: 'value' }]],
      ['ab', [{ key: 'key', value: 'vaLue' }]],
      ['Abc', []],
    ] as const) {
      await calls.post('/experiments/create', { name, tags });
    }
    expect(await names({ filter: "attribute.name = 'a'" })).toEqual(['a']);
    expect(await names({ filter: "attribute.name != 'a'" })).toEqual(['Abc', 'ab', 'Default']);
    expect(await names({ filter: "name LIKE 'a%'" })).toEqual(['ab', 'a']);
    expect(await names({ filter: "tag.key = 'value'" })).toEqual(['a']);
    expect(await names({ filter: "tag.key != 'value'" })).toEqual(['ab']);
    expect(await names({ filter: "tag.key ILIKE '%alu%'" })).toEqual(['ab', 'a']);
    expect(await names({ order_by: ['name ASC'], filter: "name ILIKE 'a%'" })).toEqual(['Abc', 'a', 'ab']);
    const first = await calls.post('/experiments/search', { max_results: 2 });
    expect(first.experiments.map(({ name }: { name: string }) => name)).toEqual(['Abc', 'ab']);
    expect(await names({ page_token: first.next_page_token })).toEqual(['a', 'Default']);
    await calls.post('/experiments/delete', { experiment_id: first.experiments[1].experiment_id });
    expect(await names({ view_type: 'DELETED_ONLY' })).toEqual(['ab']);
    expect(await names({ view_type: 2 })).toEqual(['ab']);
    expect(await names({ view_type: 'ALL' })).toEqual(['Abc', 'ab', 'a', 'Default']);
    await own.close();
  });

  it('refuses what it cannot do', async () => {
    const search = (body: object) => mlflow.refuse('/experiments/search', body);
    expect((await search({ view_type: 'SOME' })).message).toContain(
      'Invalid value "SOME" for parameter \'view_type\'',
    );
    expect((await search({ page_token: 'no token' })).code).toBe('INVALID_PARAMETER_VALUE');
    expect((await search({ max_results: 0 })).message).toContain("for parameter 'max_results'");
    expect((await search({ filter: "secret = 'a'" })).message).toContain("Invalid attribute key 'secret'");
    expect(await listNames({ filter: "name = 'it''s'" })).toEqual([]);
  });
});
