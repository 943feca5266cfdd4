/** The Python client against a real API: a run from beginning to end, on a split of ours, evaluated like a worker's. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const CLIENT = fileURLToPath(new URL('../../../clients/python', import.meta.url));
const PROGRAM = fileURLToPath(new URL('record-run.py', import.meta.url));

type Recorded = {
  run: string;
  failed: string;
  refused: string;
  bytes: number;
  patchBytes: number;
  testLabels: string[];
  rows: number;
};
type Shown = {
  run: {
    origin: string;
    status: string;
    error: string | null;
    architecture: string;
    hyperparameters: object;
    seed: number;
    labels: { key: string; value: string }[];
    files: { path: string; isFolder: boolean }[];
    metrics: {
      name: string;
      owner: string;
      points: { step: number; value: number | null; notFinite: string | null }[];
    }[];
    evaluations: { subset: string; metrics: { auc: number } }[];
    testSealed: boolean;
  };
};

const LOOK = `query ($id: ID!) { run(id: $id) { origin status error architecture hyperparameters seed labels { key value }
  files { path isFolder } metrics { name owner points { step value notFinite } } evaluations { subset metrics } testSealed } }`;

let api: TestApi;
let bench: Bench;
let recorded: Recorded;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  const args = [PROGRAM, CLIENT, api.url, bench.split.id, bench.dataset.datasetId];
  const { stdout } = await promisify(execFile)('python3', args);
  recorded = JSON.parse(stdout);
});
afterAll(() => api.close());

it('records numbers, hyperparameters, tags, text and files', async () => {
  const { run } = await api.ask<Shown>(LOOK, { id: recorded.run });
  expect(run).toMatchObject({
    origin: 'EXTERNAL',
    status: 'SUCCEEDED',
    architecture: 'nearest colour',
    hyperparameters: { lr: 0.1, depth: 3 },
    seed: 7,
    labels: [{ key: 'git', value: 'abc' }],
    files: [{ path: 'notes', isFolder: true }],
  });
  const [loss] = run.metrics;
  expect(loss).toMatchObject({ name: 'train.loss', owner: 'EXTERNAL' });
  expect(loss!.points).toHaveLength(25);
  expect(loss!.points[3]).toEqual({ step: 3, value: null, notFinite: 'NAN' });
  expect(recorded.refused).toBe('CONFLICT');
  const file = await api.get(`/runs/${recorded.run}/files/notes/read%20me.txt`);
  expect(await file.text()).toBe('hello');
  expect(await api.ask<Shown>(LOOK, { id: recorded.failed })).toMatchObject({
    run: { status: 'FAILED', error: 'ValueError: no data' },
  });
});

it('sees what a worker sees: pixels in ranges, and no label of TEST', async () => {
  expect(recorded.testLabels).toEqual(['None']);
  expect(recorded.patchBytes).toBe(16 * 16 * 3);
  expect(recorded.bytes).toBe(2 * recorded.patchBytes);
  const { trainPatches, validationPatches, testPatches } = bench.split;
  expect(recorded.rows).toBe(trainPatches + validationPatches + testPatches);
});

it('is evaluated on VALIDATION, opened on TEST, compared by patients, and neither registered nor uploaded twice', async () => {
  const { run } = await api.ask<Shown>(LOOK, { id: recorded.run });
  expect(run.testSealed).toBe(true);
  // Its program knew the labels of VALIDATION and none of TEST: all of VALIDATION is right.
  expect(run.evaluations.map(({ subset, metrics }) => [subset, metrics.auc])).toEqual([['VALIDATION', 1]]);
  await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "the paper") { id } }', {
    id: recorded.run,
  });
  const opened = await api.ask<Shown>(LOOK, { id: recorded.run });
  expect(opened.run.evaluations.map(({ subset }) => subset)).toContain('TEST');
  const ours = await finishRun(api.store, bench, { skill: 1, seed: 3 });
  await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "the paper") { id } }', { id: ours.id });
  const { compareRuns } = await api.ask<{
    compareRuns: { pairs: { refused: string | null; patients: number }[] };
  }>('query ($ids: [ID!]!) { compareRuns(runIds: $ids) { pairs { refused patients } } }', {
    ids: [recorded.run, ours.id],
  });
  expect(compareRuns.pairs).toMatchObject([{ refused: null }]);
  const { createModel } = await api.ask<{ createModel: { id: string } }>(
    'mutation { createModel(input: { name: "m" }) { id } }',
  );
  const refusal = await api.fail(
    'mutation ($model: ID!, $run: ID!) { registerModelVersion(input: { modelId: $model, runId: $run }) { id } }',
    { model: createModel.id, run: recorded.run },
  );
  expect(refusal.message).toContain('is EXTERNAL: it has no model.onnx.');
  const again = await put(`/runs/${recorded.run}/predictions`, 'patch,probability\n0,0.5\n');
  expect([again.status, await again.text()]).toEqual([409, expect.stringContaining('uploaded once')]);
});

it('refuses predictions that lack a patch, have one twice, of TRAIN, or out of range, by its number', async () => {
  const start = 'mutation ($split: ID!) { startRun(input: { experiment: "wrong", splitId: $split }) { id } }';
  const { startRun } = await api
    .ask<{ startRun: { id: string } }>(start, { split: bench.split.id })
    .catch(async () => ({ startRun: { id: '' } }));
  const rows = (await (await api.get(`/splits/${bench.split.id}.csv`)).text()).trim().split('\n').slice(1);
  const asked = rows.filter((row) => !row.includes(',TRAIN,')).map((row) => row.split(',')[0]!);
  const stranger = rows.find((row) => row.includes(',TRAIN,'))!.split(',')[0]!;
  const send = async (patches: string[], probability = '0.5') => {
    const body = ['patch,probability', ...patches.map((patch) => `${patch},${probability}`)].join('\n');
    return (await put(`/runs/${startRun.id}/predictions`, body)).text();
  };
  expect(await send(asked.slice(1))).toContain(`Patch ${asked[0]} of`);
  expect(await send([...asked, asked[0]!])).toContain(`Patch ${asked[0]} is predicted twice`);
  expect(await send([...asked, stranger])).toContain(`Patch ${stranger} is predicted, and is no patch`);
  expect(await send(asked, '1.5')).toContain(`it must lie in [0, 1]`);
  expect(await send(['99999'])).toContain(`names patch '99999'`);
  expect((await put(`/runs/${startRun.id}/predictions`, 'a,b\n1,2\n')).status).toBe(400);
});

it('takes numbers as JSON or NDJSON, packed or not, and refuses anything else with a sentence', async () => {
  const post = async (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>) => {
    const response = await fetch(`${api.url}/runs/${recorded.failed}/metrics`, {
      method: 'POST',
      body,
      headers,
    });
    return [response.status, await response.text()] as const;
  };
  const json = { 'content-type': 'application/json' };
  expect(await post('[{"name":"a","value":1}]', json)).toEqual([200, '{"count":1}']);
  const lines = '{"name":"a","value":"NaN","step":1}\n{"name":"a","value":2,"step":2}\n';
  const packed = { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' };
  expect(await post(new Uint8Array(gzipSync(lines)), packed)).toEqual([200, '{"count":2}']);
  const wrong: [string, Record<string, string>, string][] = [
    ['{"metrics":1}', json, 'no list `metrics`'],
    ['[1]', json, 'Number 1 is no object'],
    ['[{"name":"a","value":"x"}]', json, "Number 1, 'a', has no value"],
    ['[{"name":"a","value":1,"step":"2"}]', json, 'has a step that is no number'],
    ['{', json, 'The body is no JSON'],
    ['{"name":"a","value":1}\n{', { 'content-type': 'application/x-ndjson' }, 'Line 2 is no JSON'],
    ['x', { 'content-type': 'text/plain' }, 'application/json'],
  ];
  for (const [body, headers, sentence] of wrong) {
    const [status, text] = await post(body, headers);
    expect([status, text]).toEqual([400, expect.stringContaining(sentence)]);
  }
});

function put(path: string, body: string): Promise<Response> {
  return fetch(`${api.url}${path}`, { method: 'PUT', body, headers: { 'content-type': 'text/csv' } });
}
