/** What neighbours add to a run, as the API tells it: chosen on VALIDATION alone, sealed with TEST, silent without places. */
import { readInContext } from '@microtome/domain/context/context-step';
import { rocAuc } from '@microtome/domain/metrics/roc';
import { createRandom } from '@microtome/domain/seeded-random';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import type { Run } from '@microtome/store/generated/prisma/client';
import { getFirstTask } from '@microtome/store/task/tasks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { evaluate } from '../external-evaluation/exam-worker.ts';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type Context = {
  radius: number;
  weight: number;
  temperature: number;
  threshold: number;
  patches: number;
  leftOut: number;
  auc: number;
  contextAuc: number;
  ownFigures: Figure[];
  figures: Figure[];
  gains: { own: number; inContext: number; difference: number; low: number; high: number; verdict: string }[];
  caution: string | null;
};
type Figure = { metric: string; value: number; low: number; high: number };
type Evaluation = {
  subset: string;
  metrics: { auc: number; patches: number };
  context: Context | null;
  contextSilence: string | null;
};

const FIELDS = `contextSilence context { radius weight temperature threshold patches leftOut auc contextAuc caution
  ownFigures(names: ["auc"]) { metric value low high } figures(names: ["auc"]) { metric value low high }
  gains(names: ["auc"]) { own inContext difference low high verdict } }`;
const CONTEXT = `evaluations { subset metrics ${FIELDS} }`;
const COMPARE = `query ($runIds: [ID!]!) { compareRuns(runIds: $runIds) { contextPairs {
  a { id } patches silence caution contextAuc { name a b difference low high verdict { kind text } } metrics { name } } } }`;
const PATCH_SIZE_PX = 16;

let api: TestApi;
let run: Run;
let other: Run;
let silent: Run;
/** Its TEST stays sealed. */
let third: Run;

const ask = async ({ id }: Run): Promise<Evaluation[]> =>
  (
    await api.ask<{ run: { evaluations: Evaluation[] } }>(
      `query ($id: ID!) { run(id: $id) { ${CONTEXT} } }`,
      { id },
    )
  ).run.evaluations;

const open = ({ id }: Run) =>
  api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "done", openedBy: "reviewer") { id } }', {
    id,
  });

/** The cells of its predictions as a table. */
async function readRows({ id }: Run): Promise<string[][]> {
  const text = await (await api.get(`/runs/${id}/predictions.csv`)).text();
  const [header, ...lines] = text.trimEnd().split('\n');
  expect(header).toMatch(/,probability,contextProbability$/);
  return lines.map((line) => line.split(','));
}

beforeAll(async () => {
  api = await startTestApi();
  // The positive patches of a slide lie together, so that neighbours say more than a weak network.
  const bench = await createBench(api.store, {
    dataset: { patchesPerPatient: 100, patchSizePx: PATCH_SIZE_PX },
  });
  run = await finishRun(api.store, bench, { skill: 0.8, seed: 3 });
  other = await finishRun(api.store, bench, { skill: 0.4, seed: 4 });
  const nowhere = await createBench(api.store, {
    seed: 2,
    dataset: { hasPlaces: false, stripsPerPatient: 0 },
  });
  silent = await finishRun(api.store, nowhere);
  third = await finishRun(api.store, bench, { skill: 0.8, seed: 6 });
});
afterAll(() => api.close());

it('is chosen on VALIDATION, and TEST is read by what was chosen there', async () => {
  const [validation, ...sealed] = await ask(run);
  expect(sealed).toEqual([]);
  const { context, metrics } = validation!;
  expect(context).toMatchObject({ leftOut: 0, patches: metrics.patches, auc: metrics.auc });
  expect(context!.radius).toBeGreaterThan(0);
  expect(context!.contextAuc).toBeGreaterThan(metrics.auc + 0.05);
  expect(context!.ownFigures).toMatchObject([{ metric: 'auc', value: context!.auc }]);
  const [{ low, high, value }] = context!.figures as [Figure];
  expect(value).toBe(context!.contextAuc);
  expect(low).toBeLessThanOrEqual(value);
  expect(high).toBeGreaterThanOrEqual(value);
  const [gain] = context!.gains;
  expect(gain!.difference).toBeCloseTo(context!.contextAuc - context!.auc, 12);
  expect(gain!.low).toBeGreaterThan(0);
  expect(gain!.verdict).toMatch(/in context leads, on few patients, where it was chosen$/);
  expect(context!.caution).toMatch(/^Only 2 patients/);

  await open(run);
  const test = (await ask(run)).find(({ subset }) => subset === 'TEST')!;
  const step = ({ radius, weight, temperature, threshold }: Context) => ({
    radius,
    weight,
    temperature,
    threshold,
  });
  expect(step(test.context!)).toEqual(step(context!));
  const { scored, patches } = await loadScored(api.store, { runId: run.id, subset: 'TEST' });
  const { inContext } = readInContext(
    { scored, places: { ...patches, patchSizePx: PATCH_SIZE_PX } },
    step(context!),
  );
  expect(test.context!.contextAuc).toBe(rocAuc(inContext));
  expect(test.context!.contextAuc).toBeGreaterThan(test.metrics.auc + 0.05);
  const rows = (await readRows(run)).filter(([, , , , subset]) => subset === 'TEST');
  expect(rows.map((row) => Number(row[6]))).toEqual([...inContext.probabilities]);
});

it('has nothing to say of patches without places', async () => {
  const [validation] = await ask(silent);
  expect(validation).toMatchObject({ subset: 'VALIDATION', context: null });
  expect(validation!.contextSilence).toMatch(/^Nothing to say with neighbours: the source tells no places/);
  const table = await api.get(`/runs/${silent.id}/context.csv`);
  expect(table.status).toBe(404);
  expect(await table.text()).toContain('Nothing to say with neighbours');
  const rows = await readRows(silent);
  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows.map((row) => row[6]))).toEqual(new Set(['']));
});

it('is a table of every metric with both figures, the difference and its verdict, TEST once it is open', async () => {
  const response = await api.get(`/runs/${run.id}/context.csv`);
  const [header, ...lines] = (await response.text()).trimEnd().split('\n');
  const names = header!.trim().split(',');
  expect(names.slice(0, 6)).toEqual(['subset', 'metric', 'own', 'own_low', 'own_high', 'in_context']);
  const rows = lines.map((line) => line.split(','));
  expect(new Set(rows.map(([subset]) => subset))).toEqual(new Set(['VALIDATION', 'TEST']));
  const test = (await ask(run)).find(({ subset }) => subset === 'TEST')!;
  const auc = rows.find(([subset, metric]) => subset === 'TEST' && metric === 'auc')!;
  const cell = (name: string) => Number(auc[names.indexOf(name)]);
  expect([cell('own'), cell('in_context')]).toEqual([test.context!.auc, test.context!.contextAuc]);
  expect([cell('difference_low'), cell('difference_high')]).toEqual([
    test.context!.gains[0]!.low,
    test.context!.gains[0]!.high,
  ]);
  const sealed = await (await api.get(`/runs/${other.id}/context.csv`)).text();
  expect(sealed).not.toContain('TEST');
});

type ContextPair = {
  patches: number;
  silence: string | null;
  contextAuc: { a: number; b: number; difference: number; verdict: { kind: string } } | null;
};
type Comparison = { compareRuns: { contextPairs: ContextPair[] } };

it('is compared between two runs on what both read in context, once both are open', async () => {
  const compare = async () =>
    (await api.ask<Comparison>(COMPARE, { runIds: [run.id, other.id] })).compareRuns.contextPairs;
  const [sealed] = await compare();
  expect(sealed).toMatchObject({ contextAuc: null, patches: 0 });
  expect(sealed!.silence).toMatch(/is sealed: open it first/);
  await open(other);
  const [pair] = await compare();
  const figures = await Promise.all(
    [run, other].map(async (one) => (await ask(one)).find(({ subset }) => subset === 'TEST')!.context!),
  );
  expect(pair).toMatchObject({ silence: null, patches: figures[0]!.patches });
  expect([pair!.contextAuc!.a, pair!.contextAuc!.b]).toEqual(figures.map(({ contextAuc }) => contextAuc));
});

it('is read in an exam by the step that was frozen at home', async () => {
  const { datasetId } = await insertDataset(api.store, {
    patients: 4,
    patchesPerPatient: 36,
    patchSizePx: PATCH_SIZE_PX,
    seed: 40,
    patientKeys: ['u1', 'u2', 'u3', 'u4'],
  });
  const taskId = (await getFirstTask(api.store, datasetId)).id;
  const random = createRandom(9);
  const id = await evaluate({ api, datasetId, taskId }, run, (label) => 0.2 * label + 0.8 * random.next());
  const { externalEvaluation } = await api.ask<{ externalEvaluation: Pick<Evaluation, 'context'> }>(
    `query ($id: ID!) { externalEvaluation(id: $id) { ${FIELDS} } }`,
    { id },
  );
  const [validation] = await ask(run);
  const { radius, weight, threshold, contextAuc, auc, gains } = externalEvaluation.context!;
  expect({ radius, weight, threshold }).toEqual({
    radius: validation!.context!.radius,
    weight: validation!.context!.weight,
    threshold: validation!.context!.threshold,
  });
  expect(contextAuc).toBeGreaterThan(auc);
  expect(gains[0]!.verdict).not.toContain('where it was chosen');
  const csv = await (await api.get(`/external-evaluations/${id}/context.csv`)).text();
  expect(csv).toContain('EXTERNAL,auc,');
  await expectCompared({ datasetId, taskId }, { id, contextAuc });
});

/** Beside another run's in the same exam, and beside one that has no context. */
async function expectCompared(
  exam: { datasetId: string; taskId: string },
  { id: idA, contextAuc }: { id: string; contextAuc: number },
): Promise<void> {
  const random = createRandom(10);
  const compare = async (idB: string) =>
    (
      await api.ask<{ compareExternalEvaluations: { context: ContextPair } }>(
        `query ($idA: ID!, $idB: ID!) { compareExternalEvaluations(idA: $idA, idB: $idB) { context {
          patches silence contextAuc { a b difference verdict { kind } } } } }`,
        { idA, idB },
      )
    ).compareExternalEvaluations.context;
  const idB = await evaluate({ api, ...exam }, other, (label) => 0.1 * label + 0.9 * random.next());
  const { externalEvaluation } = await api.ask<{ externalEvaluation: Pick<Evaluation, 'context'> }>(
    `query ($id: ID!) { externalEvaluation(id: $id) { ${FIELDS} } }`,
    { id: idB },
  );
  const pair = await compare(idB);
  expect(pair.silence).toBeNull();
  expect(pair.patches).toBe(externalEvaluation.context!.patches);
  expect([pair.contextAuc!.a, pair.contextAuc!.b]).toEqual([
    contextAuc,
    externalEvaluation.context!.contextAuc,
  ]);
  const idSilent = await evaluate({ api, ...exam }, silent, (label) => 0.5 + 0.1 * label);
  expect(await compare(idSilent)).toMatchObject({
    patches: 0,
    contextAuc: null,
    silence: expect.stringMatching(/neighbours/),
  });
}

it('is a layer on each slide, of the same probabilities as in the table, and sealed with it', async () => {
  type Slides = { run: { slides: { subset: string; slide: { id: string; patient: { key: string } } }[] } };
  const { run: found } = await api.ask<Slides>(
    'query ($id: ID!) { run(id: $id) { slides { subset slide { id patient { key } } } } }',
    { id: third.id },
  );
  const [shown, sealed] = ['VALIDATION', 'TEST'].map(
    (subset) => found.slides.find((one) => one.subset === subset)!.slide,
  );
  type Grid = {
    probabilities: (number | null)[];
    context: { threshold: number; probabilities: (number | null)[] } | null;
    own: object | null;
  };
  const { run: read } = await api.ask<{ run: { slideGrid: Grid; hidden: Grid | null } }>(
    `query ($id: ID!, $shown: ID!, $sealed: ID!) { run(id: $id) { hidden: slideGrid(slideId: $sealed) { threshold }
      slideGrid(slideId: $shown) { probabilities context { threshold probabilities } own { threshold } } } }`,
    { id: third.id, shown: shown!.id, sealed: sealed!.id },
  );
  const { context } = (await ask(third))[0]!;
  const rows = (await readRows(third)).filter(([patient]) => patient === shown!.patient.key);
  expect(rows.length).toBeGreaterThan(0);
  // A strip has no prediction, and no row.
  const told = (probabilities: readonly (number | null)[]) => probabilities.filter((one) => one !== null);
  const { slideGrid: grid } = read;
  expect(grid.own).toBeNull();
  expect(told(grid.probabilities)).toEqual(rows.map((row) => Number(row[5])));
  expect(told(grid.context!.probabilities)).toEqual(rows.map((row) => Number(row[6])));
  expect(grid.context!.threshold).toBe(context!.threshold);
  expect(read.hidden).toBeNull();
  const heatmap = (slideId: string, layer: string) =>
    api.get(`/runs/${third.id}/slides/${slideId}/heatmap.png?layer=${layer}`);
  const [own, inContext] = await Promise.all(
    ['probability', 'context'].map(async (layer) => (await heatmap(shown!.id, layer)).arrayBuffer()),
  );
  expect(Buffer.from(own!).equals(Buffer.from(inContext!))).toBe(false);
  expect((await heatmap(sealed!.id, 'context')).status).toBe(403);
});
