/** The registry of MLflow clients: models, versions, stages, aliases, and the gate that keeps its champion. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { byKey, type MlflowCalls, openMlflowCalls } from './mlflow-calls.ts';

let api: TestApi;
let mlflow: MlflowCalls;
beforeAll(async () => {
  api = await startTestApi();
  mlflow = openMlflowCalls(api);
});
afterAll(() => api.close());

const createModel = (name: string, body: object = {}) =>
  mlflow.post('/registered-models/create', { name, ...body });
const createVersion = async (name: string, body: object = {}) =>
  (await mlflow.post('/model-versions/create', { name, source: 's3://bucket/m', ...body })).model_version;
const getModel = async (name: string) =>
  (await mlflow.get('/registered-models/get', { name })).registered_model;

describe('a registered model', () => {
  it('is made, described, tagged, renamed and deleted', async () => {
    await createModel('rm', { description: 'first', tags: [{ key: 'a', value: '1' }] });
    expect(await mlflow.refuse('/registered-models/create', { name: 'rm' })).toMatchObject({
      status: 400,
      code: 'RESOURCE_ALREADY_EXISTS',
      message: 'Registered Model (name=rm) already exists.',
    });
    expect((await mlflow.refuse('/registered-models/create', { name: 'a/b' })).message).toContain(
      "Names cannot contain '/' or ':'",
    );
    await mlflow.patch('/registered-models/update', { name: 'rm', description: 'second' });
    await mlflow.post('/registered-models/set-tag', { name: 'rm', key: 'b', value: '2' });
    await mlflow.remove('/registered-models/delete-tag', { name: 'rm', key: 'a' });
    await createVersion('rm');
    await mlflow.post('/registered-models/rename', { name: 'rm', new_name: 'renamed' });
    const model = await getModel('renamed');
    expect(model).toMatchObject({
      description: 'second',
      latest_versions: [{ name: 'renamed', version: '1' }],
    });
    expect(byKey(model.tags)).toEqual({ b: '2' });
    await mlflow.remove('/registered-models/delete', { name: 'renamed' });
    const gone = await mlflow.refuseGet('/registered-models/get', { name: 'renamed' });
    expect(gone).toMatchObject({ status: 404, code: 'RESOURCE_DOES_NOT_EXIST' });
  });

  it('has versions that are numbered, staged, tagged and found', async () => {
    await createModel('staged');
    const numbers = await Promise.all(Array.from({ length: 5 }, () => createVersion('staged')));
    expect(numbers.map(({ version }) => version).sort()).toEqual(['1', '2', '3', '4', '5']);
    const key = { name: 'staged', version: '2' };
    const move = (version: string, archives = false) =>
      mlflow.post('/model-versions/transition-stage', {
        ...key,
        version,
        stage: 'production',
        archive_existing_versions: archives,
      });
    await move('2');
    await move('4', true);
    expect((await mlflow.get('/model-versions/get', key)).model_version.current_stage).toBe('Archived');
    const latest = await mlflow.post('/registered-models/get-latest-versions', {
      name: 'staged',
      stages: ['Production'],
    });
    expect(latest.model_versions).toMatchObject([{ version: '4', current_stage: 'Production' }]);
    await mlflow.patch('/model-versions/update', { ...key, description: 'described' });
    await mlflow.post('/model-versions/set-tag', { ...key, key: 't', value: 'v' });
    const found = await mlflow.get('/model-versions/search', { filter: "name = 'staged' and tags.t = 'v'" });
    expect(found.model_versions).toMatchObject([{ version: '2', description: 'described' }]);
    await mlflow.remove('/model-versions/delete-tag', { ...key, key: 't' });
    await mlflow.remove('/model-versions/delete', key);
    expect((await mlflow.refuseGet('/model-versions/get', key)).code).toBe('RESOURCE_DOES_NOT_EXIST');
    const all = await mlflow.get('/model-versions/search', {
      filter: "name='staged'",
      order_by: ['version_number ASC'],
    });
    expect(all.model_versions.map(({ version }: { version: string }) => version)).toEqual([
      '1',
      '3',
      '4',
      '5',
    ]);
    expect(await mlflow.get('/model-versions/get-download-uri', { name: 'staged', version: '3' })).toEqual({
      artifact_uri: 's3://bucket/m',
    });
    const stage = await mlflow.refuse('/model-versions/transition-stage', {
      ...key,
      version: '1',
      stage: 'Best',
    });
    expect(stage.message).toContain('Invalid Model Version stage: Best');
    expect(
      (await mlflow.refuseGet('/model-versions/get', { name: 'staged', version: 'x' })).message,
    ).toContain("Parameter 'version' must be an integer");
  });

  it('takes no version whose files lie where no client may look', async () => {
    await createModel('placed');
    const refuse = async (source: string) =>
      (await mlflow.refuse('/model-versions/create', { name: 'placed', source })).message;
    for (const source of ['/tmp', 'file:///tmp', 'file://123.456.789.123/path/to/source', '../up']) {
      expect(await refuse(source)).toContain('To use a local path as a model version');
    }
    for (const source of [
      'mlflow-artifacts://host:9000/models/../../../',
      'http://host:9000/models/../../../',
      's3a://my_bucket/api/2.0/mlflow-artifacts/artifacts/../../../',
      'mlflow-artifacts://host:9000/models/..%2f..%2fartifacts',
      'mlflow-artifacts://host:9000/models/%252e%252e/artifacts',
      'mlflow-artifacts://host:9000/models/artifact%00',
    ]) {
      expect(await refuse(source)).toContain('If supplying a source as an http, https,');
    }
    for (const source of [
      'mlflow-artifacts:/models/foo///bar',
      'mlflow-artifacts://host:9000/models/artifact/..../',
    ]) {
      expect((await createVersion('placed', { source })).source).toBe(source);
    }
  });

  it('has aliases for its versions, each for one', async () => {
    await createModel('named');
    await createVersion('named');
    await createVersion('named');
    const set = (alias: string, version: string) => ({ name: 'named', alias, version });
    await mlflow.post('/registered-models/alias', set('best', '1'));
    await mlflow.post('/registered-models/alias', set('best', '2'));
    await mlflow.post('/registered-models/alias', set('champion', '1'));
    const byAlias = await mlflow.get('/registered-models/alias', { name: 'named', alias: 'best' });
    expect(byAlias.model_version).toMatchObject({ version: '2', aliases: ['best'] });
    expect((await getModel('named')).aliases).toEqual([
      { alias: 'best', version: '2' },
      { alias: 'champion', version: '1' },
    ]);
    await mlflow.remove('/registered-models/alias', { name: 'named', alias: 'best' });
    const gone = await mlflow.refuseGet('/registered-models/alias', { name: 'named', alias: 'best' });
    expect(gone).toMatchObject({
      code: 'INVALID_PARAMETER_VALUE',
      message: 'Registered model alias best not found.',
    });
    const latest = await mlflow.refuse('/registered-models/alias', set('latest', '1'));
    expect(latest.message).toContain('reserved');
  });

  it('is searched by name and tag, in pages', async () => {
    for (const name of ['search-b', 'search-a', 'search-c']) {
      await createModel(name, { tags: [{ key: 'kind', value: name }] });
    }
    const search = async (query: object) => {
      const { registered_models: models, ...rest } = await mlflow.get('/registered-models/search', {
        ...query,
      });
      return { names: models.map(({ name }: { name: string }) => name), ...rest };
    };
    const first = await search({ filter: "name LIKE 'search-%'", max_results: 2 });
    expect(first.names).toEqual(['search-a', 'search-b']);
    const next = { filter: "name LIKE 'search-%'", max_results: 2, page_token: first.next_page_token };
    expect(await search(next)).toEqual({ names: ['search-c'] });
    expect((await search({ filter: "tags.kind = 'search-b'" })).names).toEqual(['search-b']);
    expect((await search({ filter: "name IN ('search-c', 'x')" })).names).toEqual(['search-c']);
    expect((await mlflow.refuseGet('/registered-models/search', { max_results: 1_001 })).status).toBe(400);
  });
});

describe('the champion of a model with a gate', () => {
  it('is the version of the run that the gate put there, and is moved by the gate alone', async () => {
    const run = await finishRun(api.store, await createBench(api.store));
    const { createModel: gated } = await api.ask<{ createModel: { id: string } }>(
      'mutation { createModel(input: { name: "gated" }) { id } }',
    );
    const { registerModelVersion: version } = await api.ask<{ registerModelVersion: { id: string } }>(
      'mutation ($input: RegisterModelVersionInput!) { registerModelVersion(input: $input) { id } }',
      { input: { modelId: gated.id, runId: run.id } },
    );
    await createModel('gated');
    await createVersion('gated');
    await createVersion('gated', { run_id: run.id });
    const alias = { name: 'gated', alias: 'champion' };
    const refused = await mlflow.refuse('/registered-models/alias', { ...alias, version: '1' });
    expect(refused).toEqual({
      status: 403,
      code: 'PERMISSION_DENIED',
      message:
        "The alias 'champion' of model 'gated' is moved by its gate alone: promote a version of it, and the alias follows.",
    });
    expect((await mlflow.refuse('/registered-models/alias', alias, 'DELETE')).status).toBe(403);
    expect((await mlflow.refuseGet('/registered-models/alias', alias)).message).toContain('not found');
    await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "A finalist.") { id } }', {
      id: run.id,
    });
    await api.ask(
      'mutation ($input: PromoteModelVersionInput!) { promoteModelVersion(input: $input) { allowed } }',
      { input: { versionId: version.id, reason: 'The first.', override: true } },
    );
    const champion = await mlflow.get('/registered-models/alias', alias);
    expect(champion.model_version).toMatchObject({ version: '2', run_id: run.id, aliases: ['champion'] });
    expect((await getModel('gated')).aliases).toEqual([{ alias: 'champion', version: '2' }]);
  });
});

it('tells what it is, and answers a call that it does not have in the protocol', async () => {
  expect(await (await mlflow.send('/mlflow/version')).text()).toMatch(/^3\.\d+\.\d+$/);
  expect(await (await mlflow.send('/mlflow/health')).text()).toBe('OK');
  const info = await mlflow.get('/mlflow/api/3.0/mlflow/server-info');
  expect(info).toMatchObject({ workspaces_enabled: false, multipart_uploads_enabled: false });
  expect(await mlflow.refuse('/traces/search', {})).toMatchObject({
    status: 404,
    code: 'ENDPOINT_NOT_FOUND',
  });
});
