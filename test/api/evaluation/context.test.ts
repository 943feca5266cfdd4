/** What neighbours add to a run, as the API tells it: chosen on VALIDATION alone, sealed with TEST, silent without places. */
import { readInContext } from '@microtome/domain/context/context-step';
import { rocAuc } from '@microtome/domain/metrics/roc';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import type { Run } from '@microtome/store/generated/prisma/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
  ownFigures: { metric: string; value: number }[];
  figures: { metric: string; value: number }[];
};
type Evaluation = { subset: string; metrics: { auc: number; patches: number }; context: Context | null };

const CONTEXT = `evaluations { subset metrics context { radius weight temperature threshold patches leftOut auc contextAuc
  ownFigures(names: ["auc"]) { metric value } figures(names: ["auc"]) { metric value } } }`;
const PATCH_SIZE_PX = 16;

let api: TestApi;
let run: Run;

const ask = async ({ id }: Run): Promise<Evaluation[]> =>
  (
    await api.ask<{ run: { evaluations: Evaluation[] } }>(
      `query ($id: ID!) { run(id: $id) { ${CONTEXT} } }`,
      { id },
    )
  ).run.evaluations;

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
});
afterAll(() => api.close());

it('is chosen on VALIDATION, and TEST is read by what was chosen there', async () => {
  const [validation, ...sealed] = await ask(run);
  expect(sealed).toEqual([]);
  const { context, metrics } = validation!;
  expect(context).toMatchObject({ leftOut: 0, patches: metrics.patches, auc: metrics.auc });
  expect(context!.radius).toBeGreaterThan(0);
  expect(context!.contextAuc).toBeGreaterThan(metrics.auc + 0.05);
  expect(context!.ownFigures).toEqual([{ metric: 'auc', value: context!.auc }]);
  expect(context!.figures).toEqual([{ metric: 'auc', value: context!.contextAuc }]);

  await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "done", openedBy: "reviewer") { id } }', {
    id: run.id,
  });
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
  const bench = await createBench(api.store, { seed: 2, dataset: { hasPlaces: false, stripsPerPatient: 0 } });
  const silent = await finishRun(api.store, bench);
  const [validation] = await ask(silent);
  expect(validation).toMatchObject({ subset: 'VALIDATION', context: null });
  const rows = await readRows(silent);
  expect(rows.length).toBeGreaterThan(0);
  expect(new Set(rows.map((row) => row[6]))).toEqual(new Set(['']));
});
