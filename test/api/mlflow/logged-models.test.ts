/** Models that MLflow clients log: with parameters, tags, the numbers that runs measure of them, and their versions. */
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

describe('a logged model', () => {
  it('is made with parameters and tags, finished, tagged and deleted', async () => {
    const experimentId = await mlflow.createExperiment('logged');
    const { model } = await mlflow.post('/logged-models', {
      experiment_id: experimentId,
      name: 'my_model',
      model_type: 'CNN',
      source_run_id: '123',
      params: [{ key: 'p', value: 'v' }],
      tags: [{ key: 't', value: 'v' }],
    });
    const id = model.info.model_id;
    const get = async () => (await mlflow.get(`/logged-models/${id}`)).model;
    expect(await get()).toEqual(model);
    expect(model.info).toMatchObject({
      name: 'my_model',
      model_type: 'CNN',
      source_run_id: '123',
      status: 'LOGGED_MODEL_PENDING',
      artifact_uri: `mlflow-artifacts:/${experimentId}/models/${id}/artifacts`,
    });
    await mlflow.patch(`/logged-models/${id}`, { status: 'LOGGED_MODEL_READY' });
    await mlflow.patch(`/logged-models/${id}/tags`, { tags: [{ key: 'u', value: 'w' }] });
    await mlflow.remove(`/logged-models/${id}/tags/t`);
    expect((await mlflow.refuse(`/logged-models/${id}/tags/t`, {}, 'DELETE')).message).toContain(
      'No tag with key',
    );
    await mlflow.post(`/logged-models/${id}/params`, { params: [{ key: 'q', value: '1' }] });
    const changed = { params: [{ key: 'q', value: '2' }] };
    expect((await mlflow.refuse(`/logged-models/${id}/params`, changed)).message).toContain('not allowed');
    const done = await get();
    expect(done.info.status).toBe('LOGGED_MODEL_READY');
    expect(byKey(done.info.tags)).toEqual({ u: 'w' });
    expect(byKey(done.data.params)).toEqual({ p: 'v', q: '1' });
    await mlflow.remove(`/logged-models/${id}`);
    expect((await mlflow.refuseGet(`/logged-models/${id}`)).message).toContain('not found');
    expect((await mlflow.post('/logged-models/search', { experiment_ids: [experimentId] })).models).toEqual(
      [],
    );
  });

  it('has the numbers that runs measure of it, by which it is found and sorted', async () => {
    const experimentId = await mlflow.createExperiment('measured');
    const runId = await mlflow.createRun(experimentId);
    const make = async (name: string, value: number) => {
      const { model } = await mlflow.post('/logged-models', { experiment_id: experimentId, name });
      const metric = {
        run_id: runId,
        key: 'auc',
        value,
        timestamp: 5,
        step: 1,
        model_id: model.info.model_id,
      };
      await mlflow.post('/runs/log-metric', { ...metric, dataset_name: name, dataset_digest: 'd' });
      return model.info.model_id;
    };
    const [low, high] = [await make('low', 0.6), await make('high', 0.9)];
    const { model } = await mlflow.get(`/logged-models/${high}`);
    expect(model.data.metrics).toEqual([
      {
        ...{ key: 'auc', value: 0.9, timestamp: 5, step: 1, model_id: high, run_id: runId },
        ...{ dataset_name: 'high', dataset_digest: 'd' },
      },
    ]);
    const search = async (body: object) => {
      const { models } = await mlflow.post('/logged-models/search', {
        experiment_ids: [experimentId],
        ...body,
      });
      return models.map(({ info }: { info: { model_id: string } }) => info.model_id);
    };
    expect(await search({ filter: 'metrics.auc > 0.7' })).toEqual([high]);
    expect(await search({ datasets: [{ dataset_name: 'low' }] })).toEqual([low]);
    expect(await search({ order_by: [{ field_name: 'metrics.auc', ascending: true }] })).toEqual([low, high]);
    expect(await search({ filter: "name = 'low'" })).toEqual([low]);
    const unknown = { run_id: runId, key: 'a', value: 1, timestamp: 1, model_id: 'm-none' };
    expect((await mlflow.refuse('/runs/log-metric', unknown)).code).toBe('RESOURCE_DOES_NOT_EXIST');
    await mlflow.post('/runs/outputs', { run_id: runId, models: [{ model_id: low, step: 1 }] });
    expect((await mlflow.getRun(runId)).outputs.model_outputs).toEqual([{ model_id: low, step: 1 }]);
  });

  it('notes the versions that are registered of it', async () => {
    await mlflow.post('/registered-models/create', { name: 'noted' });
    const createVersion = async (body: object) =>
      (await mlflow.post('/model-versions/create', { name: 'noted', ...body })).model_version;
    const { model } = await mlflow.post('/logged-models', { experiment_id: '0' });
    const { model_id: id, artifact_uri: uri } = model.info;
    await createVersion({ source: uri, model_id: id });
    const second = await createVersion({ source: `models:/${id}` });
    expect(second).toMatchObject({ model_id: id });
    const { model: noted } = await mlflow.get(`/logged-models/${id}`);
    expect(byKey(noted.info.tags)['mlflow.modelVersions']).toBe(
      '[{"name": "noted", "version": 1}, {"name": "noted", "version": 2}]',
    );
    const place = await mlflow.get('/model-versions/get-download-uri', { name: 'noted', version: '2' });
    expect(place.artifact_uri).toBe(uri);
  });
});
