import {
  claimExternalEvaluation,
  examLease,
} from '@microtome/store/external-evaluation/external-evaluation-lease';
import type { Run } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { type OnSplit, requireSplit } from '@microtome/store/run/split-run';
import { listPatientsOfSide } from '@microtome/store/split/split-sides';
import { getFirstTask } from '@microtome/store/task/tasks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';
import { EVALUATE, type Exam, evaluate, finish } from './exam-worker.ts';

const LOOK = `query ($id: ID!) { externalEvaluation(id: $id) {
  status error metrics intervals confusion { tp } home { subset metrics intervals }
  operatingPoints { threshold isFrozen rules } roc { x } reliability { count } patients { patientKey }
  askedSites sites { site patients metrics } rivals { id } slides { heatmapUrl patches auc slide { patient { key } } }
  run { id externalEvaluations { id } } } }`;

let api: TestApi;
let run: OnSplit<Run>;
let other: Run;
let datasetId: string;
let taskId: string;

beforeAll(async () => {
  api = await startTestApi();
  const bench = await createBench(api.store);
  run = requireSplit(await finishRun(api.store, bench, { skill: 1, seed: 1 }));
  other = await finishRun(api.store, bench, { skill: 0.5, seed: 2 });
  const patientKeys = ['u1', 'u2', 'u3', 'u4', 'u5'];
  const exam = await insertDataset(api.store, {
    patients: 5,
    patientKeys,
    patchesPerPatient: 12,
    patchSizePx: 16,
    seed: 40,
    name: 'Utrecht',
    siteOf: (patient) => (patient < 3 ? 'A' : 'B'),
  });
  datasetId = exam.datasetId;
  taskId = (await getFirstTask(api.store, datasetId)).id;
});
afterAll(() => api.close());

const exam = (): Exam => ({ api, datasetId, taskId });

it('waits, is given up after three lost workers, and asked for again waits once more', async () => {
  const input = { runId: other.id, datasetId };
  const { evaluateModel: asked } = await api.ask<{ evaluateModel: { id: string; status: string } }>(
    EVALUATE,
    { input },
  );
  expect(asked).toMatchObject({ status: 'QUEUED', threshold: 0.5, requestedBy: 'unknown' });
  for (let lost = 0; lost < 3; lost++) {
    const claimed = (await claimExternalEvaluation(api.store, { workerId: 'w' }))!;
    expect(claimed.id).toBe(asked.id);
    expect(await claimExternalEvaluation(api.store, { workerId: 'x' })).toBeNull();
    await examLease.release(api.store, {
      id: claimed.id,
      attempt: claimed.attempt,
      error: 'It fell over.',
    });
  }
  expect(await claimExternalEvaluation(api.store, { workerId: 'w' })).toBeNull();
  const { externalEvaluation } = await api.ask<{ externalEvaluation: object }>(LOOK, { id: asked.id });
  expect(externalEvaluation).toMatchObject({
    status: 'FAILED',
    error: 'It fell over.',
    metrics: null,
    roc: [],
  });
  const { evaluateModel: again } = await api.ask<{ evaluateModel: object }>(EVALUATE, { input });
  expect(again).toMatchObject({ id: asked.id, status: 'QUEUED' });
  const fenced = { id: asked.id, attempt: 2, patchesTotal: 1 };
  expect(await examLease.plan(api.store, fenced)).toBe(false);
  await finish(exam(), async () => null);
});

it('shows the figures next to those at home, what other thresholds would have given, and the rows as CSV', async () => {
  const id = await evaluate(exam(), run, (label, at) => 0.2 + 0.5 * label + (at % 7) / 30);
  const { externalEvaluation: found } = await api.ask<{ externalEvaluation: Record<string, never> }>(LOOK, {
    id,
  });
  expect(found).toMatchObject({
    status: 'SUCCEEDED',
    metrics: { patients: 5, patches: 60, threshold: 0.5, auc: 1, calibrationIntercept: expect.any(Number) },
    home: { subset: 'VALIDATION', metrics: { calibrationSlope: expect.any(Number) } },
    run: { id: run.id },
  });
  expect((found.patients as unknown as unknown[]).length).toBe(5);
  expect(found.sites).toMatchObject([
    { site: 'A', patients: 3, metrics: { patches: 36, threshold: 0.5 } },
    { site: 'B', patients: 2, metrics: { patches: 24, threshold: 0.5 } },
  ]);
  const points = found.operatingPoints as unknown as {
    isFrozen: boolean;
    threshold: number;
    rules: string[];
  }[];
  expect(points.find(({ isFrozen }) => isFrozen)?.threshold).toBe(0.5);
  const csv = await (await api.get(`/external-evaluations/${id}/predictions.csv`)).text();
  const [header, first, ...rest] = csv.trim().split('\n');
  expect(header?.trim()).toBe('patient,x,y,label,subset,probability,contextProbability');
  expect(first).toMatch(/^u1,1,1,[01],EXTERNAL,0\./);
  expect(rest).toHaveLength(59);
  const patients = (await (await api.get(`/external-evaluations/${id}/patients.csv`)).text())
    .trim()
    .split('\n');
  expect(patients.slice(1).map((line) => line.split(',').slice(0, 2))).toEqual(
    ['u1', 'u2', 'u3', 'u4', 'u5'].map((key) => ['EXTERNAL', key]),
  );
  const sites = (await (await api.get(`/external-evaluations/${id}/sites.csv`)).text()).trim().split('\n');
  expect(sites[0]).toMatch(/^subset,site,patients,patches,tp,fp,tn,fn,auc,auc_low,auc_high,/);
  expect(sites.slice(1).map((line) => line.split(',').slice(0, 4))).toEqual([
    ['EXTERNAL', 'A', '3', '36'],
    ['EXTERNAL', 'B', '2', '24'],
  ]);
  const parquet = await api.get(`/external-evaluations/${id}/predictions.parquet`);
  expect(
    Buffer.from(await parquet.arrayBuffer())
      .subarray(0, 4)
      .toString(),
  ).toBe('PAR1');
});

it('compares two models that were put to the same test, paired', async () => {
  const idA = await evaluate(exam(), run, (label) => 0.2 + 0.5 * label);
  const idB = await evaluate(exam(), other, (label, at) => (at % 10) / 10 + 0.05 * label);
  const { compareExternalEvaluations: pair } = await api.ask<{
    compareExternalEvaluations: Record<string, never>;
  }>(
    `query ($idA: ID!, $idB: ID!) { compareExternalEvaluations(idA: $idA, idB: $idB) {
      sharedPatients patches a { id } metrics { metric: name difference } caution } }`,
    { idA, idB },
  );
  expect(pair).toMatchObject({
    sharedPatients: 5,
    patches: 60,
    a: { id: run.id },
    caution: expect.any(String),
  });
  const { externalEvaluation: found } = await api.ask<{ externalEvaluation: object }>(LOOK, { id: idA });
  expect(found).toMatchObject({ rivals: [{ id: idB }] });
});

it('stands on the card of the model, and is what the gate asks for where a policy does', async () => {
  await evaluate(exam(), run, (label, at) => 0.2 + 0.5 * label + (at % 7) / 30);
  const { id: modelId } = await createModel(api.store, { name: 'examined' });
  await registerModelVersion(api.store, { modelId, runId: run.id });
  const card = await (await api.get(`/models/${modelId}/versions/1/card.md`)).text();
  const section = card.slice(card.indexOf('## On other patients'), card.indexOf('## Limits'));
  expect(section).toContain('5 patients, 60 patches, task IDC');
  expect(section).toMatch(/\| Calibration intercept \| [-0-9.]+ \(.*\) \| [-0-9.]+/);
  expect(section).toMatch(/\| A \| 3 \| 36 \|/);
  expect(card).toContain("Elsewhere it was put to the test on 'Utrecht'");
  const policy = { minimumExternalPatients: 5, minimumExternalBalancedAccuracy: 0.4 };
  await api.ask(
    'mutation ($input: ChangePromotionPolicyInput!) { changePromotionPolicy(input: $input) { id } }',
    {
      input: { modelId, policy, fromVersion: 1, reason: 'Other centres count.' },
    },
  );
  const { model } = await api.ask<{ model: { versions: { gate: { rules: object[] } }[] } }>(
    'query ($id: ID!) { model(id: $id) { versions { gate { rules { rule passed sentence } } } } }',
    { id: modelId },
  );
  expect(model.versions[0]?.gate.rules).toContainEqual({
    rule: 'external-validation',
    passed: true,
    sentence: expect.stringMatching(
      /^Its balanced accuracy at the carried threshold is .* on 'Utrecht', 5 patients/,
    ),
  });
});

it('is asked of named sites too, and says before it is asked what speaks against it', async () => {
  const CHECK = `query ($input: ExamInput!) { checkExam(input: $input) {
    refusal patients patches threshold tasks { task { id } refusal } evaluations { id } } }`;
  const check = async (input: object) =>
    (await api.ask<{ checkExam: Record<string, never> }>(CHECK, { input: { datasetId, ...input } }))
      .checkExam;
  const free = { refusal: null, threshold: 0.5, tasks: [{ task: { id: taskId }, refusal: null }] };
  expect(await check({ runId: run.id, sites: ['B'] })).toMatchObject({
    ...free,
    patients: 2,
    patches: 24,
    evaluations: [],
  });
  const input = { runId: run.id, datasetId, taskId: null, sites: ['B', 'B'] };
  const { evaluateModel: asked } = await api.ask<{ evaluateModel: { id: string } }>(EVALUATE, { input });
  const waiting = await check({ runId: run.id, sites: ['B'] });
  expect(waiting.evaluations).toEqual([{ id: asked.id }]);
  await finish(exam(), async () => null);
  const { externalEvaluation: found } = await api.ask<{ externalEvaluation: Record<string, never> }>(LOOK, {
    id: asked.id,
  });
  expect(found).toMatchObject({ askedSites: ['B'], metrics: null, sites: [], rivals: [] });
  const slides = found.slides as unknown as { heatmapUrl: string; patches: number; auc: null }[];
  expect(slides.map(({ patches, auc }) => [patches, auc])).toEqual([
    [12, null],
    [12, null],
  ]);
  const rows = (await (await api.get(`/external-evaluations/${asked.id}/predictions.csv`)).text()).trim();
  expect(rows.split('\n').map((row) => row.split(',')[0])).toEqual([
    'patient',
    ...Array.from({ length: 24 }, (_, at) => (at < 12 ? 'u4' : 'u5')),
  ]);
  const picture = await api.get(slides[0]!.heatmapUrl);
  expect(picture.headers.get('content-type')).toBe('image/png');
  const labels = await api.get(`${slides[0]!.heatmapUrl}?layer=label`);
  expect([labels.status, await labels.text()]).toEqual([
    404,
    expect.stringContaining("no labels, and so no layer 'label'"),
  ]);
  const unknown = { runId: run.id, datasetId, sites: ['C'] };
  expect((await api.fail(EVALUATE, { input: unknown })).message).toBe(
    "Dataset 'Utrecht' has no site 'C': its sites are 'A', 'B'.",
  );
  const { refusal } = await check({ runId: run.id, datasetId: run.datasetId });
  expect(refusal).toMatch(/of its patients were in TRAIN or VALIDATION of the run/);
});

it('refuses an unknown task, a run that has not succeeded and both or neither of run and version', async () => {
  const ask = async (input: object) => (await api.fail(EVALUATE, { input: { datasetId, ...input } })).message;
  expect(await ask({ runId: run.id, taskId: run.id })).toBe(`Dataset 'Utrecht' has no task ${run.id}.`);
  expect(await ask({})).toBe('Give either a run or a model version.');
  expect(await ask({ versionId: run.id })).toBe(`There is no model version ${run.id}.`);
  const message = await ask({ runId: run.id, datasetId: run.datasetId });
  expect(message).toMatch(/were in TRAIN or VALIDATION of the run/);
});

it('may be asked of the sites of a dataset whose patients the model does not know, where another site holds a patient of TRAIN', async () => {
  const side = await listPatientsOfSide(api.store, { splitIds: [run.splitId], subset: 'TRAIN' });
  const [known] = side.get(run.splitId)!;
  const mixed = await insertDataset(api.store, {
    patients: 2,
    patientKeys: [known!, 'new'],
    patchesPerPatient: 12,
    patchSizePx: 16,
    seed: 41,
    name: 'mixed',
    siteOf: (patient) => (patient === 0 ? 'old' : 'new'),
  });
  const check = async (sites: string[]) => {
    const input = { runId: run.id, datasetId: mixed.datasetId, sites };
    const CHECK = 'query ($input: ExamInput!) { checkExam(input: $input) { refusal patients } }';
    return (await api.ask<{ checkExam: { refusal: string | null; patients: number } }>(CHECK, { input }))
      .checkExam;
  };
  const who = `1 of its patients was in TRAIN or VALIDATION of the run (${known}).`;
  expect((await check([])).refusal).toBe(`'mixed' cannot test run '${run.name}': ${who}`);
  expect((await check(['old'])).refusal).toBe(`'mixed' (site old) cannot test run '${run.name}': ${who}`);
  expect(await check(['new'])).toEqual({ refusal: null, patients: 1 });
});

it('keeps its dataset and its task from being deleted, and frees its predictions with its run', async () => {
  const message = (document: string, id: string) => api.fail(document, { id }).then((error) => error.message);
  expect(await message('mutation ($id: ID!) { deleteDataset(id: $id) { id } }', datasetId)).toMatch(
    /^Dataset 'Utrecht' cannot be deleted: \d models? (was|were) put to the test on it\.$/,
  );
  const { prisma } = api.store.database;
  const hashes = await prisma.externalEvaluation.findMany({ where: { runId: other.id } });
  await api.ask('mutation ($id: ID!) { deleteRun(id: $id) { id } }', { id: other.id });
  const named = hashes.flatMap(({ artifactHash }) => artifactHash ?? []);
  expect(named.length).toBeGreaterThan(0);
  expect(await prisma.artifact.count({ where: { hash: { in: named } } })).toBe(0);
  expect(await prisma.deletionFile.count({ where: { hash: { in: named } } })).toBe(named.length);
});
