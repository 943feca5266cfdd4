/** Files of MLflow clients: uploaded, listed, downloaded and deleted by their address, and never outside of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';
import { type MlflowCalls, openMlflowCalls } from './mlflow-calls.ts';

const STORE = '/mlflow/api/2.0/mlflow-artifacts/artifacts';

let api: TestApi;
let mlflow: MlflowCalls;
beforeAll(async () => {
  api = await startTestApi();
  mlflow = openMlflowCalls(api);
});
afterAll(() => api.close());

const put = (path: string, body: string) => mlflow.send(`${STORE}/${path}`, { method: 'PUT', body });
const list = async (path: string) => (await mlflow.get(STORE, { path })).files;

describe('files of a run', () => {
  it('are put, listed by folder, read whole or in part, replaced and deleted', async () => {
    const runId = await mlflow.createRun();
    const root = `0/${runId}/artifacts`;
    expect((await put(`${root}/my.file`, 'Hello, World!')).status).toBe(200);
    expect((await put(`${root}/dir/inner/my.file`, 'inside')).status).toBe(200);
    expect(await list(root)).toEqual([
      { path: 'dir', is_dir: true },
      { path: 'my.file', is_dir: false, file_size: 13 },
    ]);
    expect(await list(`${root}/dir/inner/`)).toEqual([{ path: 'my.file', is_dir: false, file_size: 6 }]);
    expect(await list(`${root}/my.file`)).toEqual([]);
    const listed = await mlflow.get('/artifacts/list', { run_id: runId, path: 'dir/inner' });
    expect(listed).toEqual({
      root_uri: `mlflow-artifacts:/${root}`,
      files: [{ path: 'dir/inner/my.file', is_dir: false, file_size: 6 }],
    });
    const whole = await mlflow.send(`${STORE}/${root}/my.file`);
    expect(await whole.text()).toBe('Hello, World!');
    expect(whole.headers.get('content-disposition')).toContain('attachment');
    const part = await mlflow.send(`${STORE}/${root}/my.file`, { headers: { range: 'bytes=0-4' } });
    expect([part.status, await part.text()]).toEqual([206, 'Hello']);
    await put(`${root}/my.file`, 'replaced');
    const old = await mlflow.send(`/mlflow/get-artifact?run_id=${runId}&path=my.file`);
    expect(await old.text()).toBe('replaced');
    expect((await mlflow.send(`${STORE}/${root}/dir`, { method: 'DELETE' })).status).toBe(200);
    expect(await list(root)).toEqual([{ path: 'my.file', is_dir: false, file_size: 8 }]);
    expect((await mlflow.send(`${STORE}/${root}/dir/inner/my.file`)).status).toBe(404);
  });

  it('are small ones by one call of pages', async () => {
    const runId = await mlflow.createRun();
    const path = '/mlflow/ajax-api/2.0/mlflow/upload-artifact';
    const upload = async (query: string, body?: string) => {
      const response = await mlflow.send(`${path}?${query}`, { method: 'POST', ...(body ? { body } : {}) });
      return {
        status: response.status,
        ...((await response.json()) as { error_code?: string; message?: string }),
      };
    };
    expect(await upload(`run_uuid=${runId}&path=test.txt`, 'hello world')).toEqual({ status: 200 });
    const read = await mlflow.send(`/mlflow/get-artifact?run_uuid=${runId}&path=test.txt`);
    expect(await read.text()).toBe('hello world');
    const refusals = [
      ['', 'Request must specify run_uuid.'],
      [`run_uuid=${runId}`, 'Request must specify path.'],
      [`run_uuid=${runId}&path=`, 'Request must specify path.'],
      [`run_uuid=${runId}&path=../test.txt`, 'Invalid path'],
      [`run_uuid=${runId}&path=test.txt`, 'Request must specify data.'],
    ];
    for (const [query, message] of refusals) {
      expect(await upload(query!)).toMatchObject({
        status: 400,
        error_code: 'INVALID_PARAMETER_VALUE',
        message,
      });
    }
  });

  it('are at no path that leads elsewhere', async () => {
    const runId = await mlflow.createRun();
    const request_id = expect.any(String);
    const invalid = { error_code: 'INVALID_PARAMETER_VALUE', message: 'Invalid path', request_id };
    const paths = [
      `/mlflow/api/2.0/mlflow/artifacts/list?run_id=${runId}&path=../path`,
      `/mlflow/get-artifact?run_id=${runId}&path=../path`,
      '/mlflow//model-versions/get-artifact?name=model&version=1&path=../path',
      `${STORE}/0/${runId}/artifacts/..%2F..%2Fpath`,
      `${STORE}?path=0/${runId}/artifacts/../../path`,
    ];
    for (const path of paths) {
      const response = await mlflow.send(path);
      expect([path, response.status, await response.json()]).toEqual([path, 400, invalid]);
    }
    expect((await put('somewhere/else', 'x')).status).toBe(404);
    expect((await put(`0/${runId}/artifacts`, 'x')).status).toBe(400);
    const unknown = await put('0/019abc00-0000-7000-8000-000000000000/artifacts/a', 'x');
    expect([unknown.status, ((await unknown.json()) as { error_code: string }).error_code]).toEqual([
      404,
      'RESOURCE_DOES_NOT_EXIST',
    ]);
  });
});

describe('files of a logged model', () => {
  it('are kept by its address, and listed and read by its id; gone with the last that names them', async () => {
    const { model } = await mlflow.post('/logged-models', { experiment_id: '0', name: 'kept' });
    const root = String(model.info.artifact_uri).replace('mlflow-artifacts:/', '');
    await put(`${root}/MLmodel`, 'flavors: {}');
    await put(`${root}/data/weights`, 'weights of a logged model');
    const ajax = `/mlflow/ajax-api/2.0/mlflow/logged-models/${model.info.model_id}/artifacts`;
    expect((await mlflow.get(`${ajax}/directories`)).files).toEqual([
      { path: 'MLmodel', is_dir: false, file_size: 11 },
      { path: 'data', is_dir: true },
    ]);
    const read = await mlflow.send(`${ajax}/files?artifact_file_path=data/weights`);
    expect(await read.text()).toBe('weights of a logged model');
    const { prisma } = api.store.database;
    const file = await prisma.loggedModelFile.findFirstOrThrow({ where: { path: 'data/weights' } });
    await mlflow.send(`${STORE}/${root}/data`, { method: 'DELETE' });
    expect(await prisma.artifact.count({ where: { hash: file.artifactHash } })).toBe(0);
    expect(await api.store.artifacts.has(file.artifactHash)).toBe(false);
  });
});
