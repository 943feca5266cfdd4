/**
 * From a Python program to a champion: on a split of ours, recorded, checked by a real worker, compared with a run of ours by
 * patients, judged and promoted, then put to the test elsewhere. The examples run where MICROTOME_TRAINING_PYTHON names a
 * Python with torch, keras, onnx and onnxscript; the same without any library runs always.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { getReferredVersion } from '@microtome/store/model/model-references';
import { getFirstTask } from '@microtome/store/task/tasks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openFileModel } from '../../../workers/train/src/prediction/open-file-model.ts';
import { type Bench, createBench, finishRun } from '../../api/run-fixtures.ts';
import { startTestApi, type TestApi } from '../../api/test-api.ts';
import { readInheritedEnv, readTrainingPython } from '../../env.ts';
import { insertDataset } from '../../fixtures/dataset.ts';
import { scorePatch, writeModel } from '../../fixtures/external-run/external-model.ts';
import { startWorker, type TestWorker } from '../worker-fixture.ts';

const TIMEOUT_MS = 600_000;
const python = readTrainingPython();
const EXAMPLES = 'clients/python/examples';

if (!python)
  console.info(
    'MICROTOME_TRAINING_PYTHON names no Python with torch, keras, onnx and onnxscript: their examples are skipped.',
  );

type Printed = {
  run: string;
  check: { status: string; error: string | null; maxDifference: number; patchesTotal: number };
};

let api: TestApi;
let bench: Bench;
let worker: TestWorker;
let folder: string;
let models = 0;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  worker = await startWorker(api.store);
  folder = await mkdtemp(join(tmpdir(), 'microtome-python-'));
  await writeFile(join(folder, 'model.onnx'), writeModel());
});
afterAll(async () => {
  await worker.close();
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

it(
  'becomes a champion from nothing but the client, and is put to the test and used like one of ours',
  async () => {
    const program = 'test/train/external-model/stain-run.py';
    const { run, check } = await runProgram('python3', program, ['--model', join(folder, 'model.onnx')]);
    expect(check).toMatchObject({ status: 'PASSED', error: null, patchesTotal: 48 });
    expect(check.maxDifference).toBeLessThan(1e-5);
    const { modelId, modelName, versionId } = await promote(run);

    const patientKeys = Array.from({ length: 6 }, (_, at) => `far-${100 + at}`);
    const far = await insertDataset(api.store, {
      patients: 6,
      patientKeys,
      patchesPerPatient: 12,
      patchSizePx: 16,
      seed: 9,
    });
    const { id: taskId } = await getFirstTask(api.store, far.datasetId);
    const { evaluateModel } = await api.ask<{ evaluateModel: { id: string } }>(
      'mutation ($input: EvaluateModelInput!) { evaluateModel(input: $input) { id } }',
      { input: { versionId, datasetId: far.datasetId, taskId } },
    );
    expect(await waitForExam(run, evaluateModel.id)).toMatchObject({ status: 'SUCCEEDED', error: null });

    const version = await getReferredVersion(api.store, `${modelName}@champion`);
    const model = await openFileModel(api.store, { version, backend: 'auto' });
    const [patch] = far.patches;
    const [probability] = await model.predictor.predict(patch!.pixels, 1);
    await model.predictor.dispose();
    expect(probability).toBeCloseTo(scorePatch(patch!.pixels), 5);

    const card = await (await api.get(`/models/${modelId}/versions/1/card.md`)).text();
    expect(card).toContain('EXTERNAL: trained and recorded by microtome.py elsewhere');
    expect(card).toContain('no worker can train it again');
    expect(card).toContain('A worker computed 48 probabilities of VALIDATION and TEST once more');
  },
  TIMEOUT_MS,
);

it.skipIf(!python).each([
  ['PyTorch', 'pytorch_run.py'],
  ['Keras', 'keras_run.py'],
])(
  'becomes a champion from the example of %s',
  async (_name, file) => {
    const { run, check } = await runProgram(python!, `${EXAMPLES}/${file}`, ['--epochs', '4']);
    expect(check).toMatchObject({ status: 'PASSED', error: null, patchesTotal: 48 });
    console.info(`${file}: largest difference ${check.maxDifference}`);
    await promote(run);
    const { run: shown } = await api.ask<{
      run: { metrics: { name: string; points: object[] }[]; evaluations: object[] };
    }>('query ($id: ID!) { run(id: $id) { metrics { name points { value } } evaluations { subset } } }', {
      id: run,
    });
    expect(shown.evaluations).toHaveLength(2);
    expect(shown.metrics.find(({ name }) => name === 'train.loss')?.points.length).toBeGreaterThan(4);
  },
  TIMEOUT_MS,
);

async function runProgram(executable: string, program: string, more: string[]): Promise<Printed> {
  const asked = ['--url', api.url, '--split', bench.split.id, '--dataset', bench.dataset.datasetId];
  const env = { ...readInheritedEnv(), KERAS_BACKEND: 'torch', OMP_NUM_THREADS: '1' };
  const { stdout } = await promisify(execFile)(executable, [program, ...asked, ...more], { env });
  return JSON.parse(stdout.slice(stdout.indexOf('{"run"')));
}

/** Compared with a run of ours on TEST, by patients; then registered, judged and promoted. */
async function promote(runId: string): Promise<{ modelId: string; modelName: string; versionId: string }> {
  const ours = await finishRun(api.store, bench, { skill: 1, seed: 3 });
  const open = 'mutation ($id: ID!) { openTest(runId: $id, reason: "the paper") { id } }';
  for (const id of [runId, ours.id]) await api.ask(open, { id });
  const { compareRuns } = await api.ask<{
    compareRuns: { pairs: { refused: string | null; patients: number }[] };
  }>('query ($ids: [ID!]!) { compareRuns(runIds: $ids) { pairs { refused patients } } }', {
    ids: [runId, ours.id],
  });
  expect(compareRuns.pairs).toEqual([{ refused: null, patients: 2 }]);
  const modelName = `from-python-${models++}`;
  const { createModel } = await api.ask<{ createModel: { id: string } }>(
    'mutation ($name: String!) { createModel(input: { name: $name }) { id } }',
    { name: modelName },
  );
  const { registerModelVersion: version } = await api.ask<{
    registerModelVersion: { id: string; gate: { rules: { rule: string; passed: boolean }[] } };
  }>(
    `mutation ($model: ID!, $run: ID!) { registerModelVersion(input: { modelId: $model, runId: $run }) {
      id gate { rules { rule passed } } } }`,
    { model: createModel.id, run: runId },
  );
  expect(version.gate.rules).toContainEqual({ rule: 'model-checked', passed: true });
  // Two patients of TEST prove nothing, so the rules of quality are overridden.
  const { promoteModelVersion } = await api.ask<{ promoteModelVersion: { allowed: boolean } }>(
    'mutation ($input: PromoteModelVersionInput!) { promoteModelVersion(input: $input) { allowed } }',
    { input: { versionId: version.id, reason: 'to see it work', override: true } },
  );
  expect(promoteModelVersion.allowed).toBe(true);
  return { modelId: createModel.id, modelName, versionId: version.id };
}

async function waitForExam(runId: string, id: string) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: string; error: string | null }>();
  const look = () =>
    api.store.database.prisma.externalEvaluation
      .findUniqueOrThrow({ where: { id } })
      .then(
        (row) => (row.status === 'SUCCEEDED' || row.status === 'FAILED' ? resolve(row) : undefined),
        reject,
      );
  const unsubscribe = api.listener.subscribe('run_changed', (changed) =>
    changed === runId ? void look() : undefined,
  );
  await look();
  return promise.finally(unsubscribe);
}
