/** Runs that differ in their seed alone are one setting, with mean and spread, wherever runs are listed. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let bench: Bench;
const ids: string[] = [];

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  const seeds = [
    { seed: 1, auc: 0.8 },
    { seed: 2, auc: 0.9 },
    { seed: 2, auc: 0.9 },
    { seed: 3, auc: null },
  ];
  for (const { seed, auc } of seeds) {
    const run = await launchTestRun(api.store, bench, { seed });
    if (auc !== null) await finishTestRun(api.store, run, { auc });
    ids.push(run.id);
  }
  ids.push((await launchTestRun(api.store, bench, { batchSize: 8 })).id);
});
afterAll(() => api.close());

const RUNS = `query ($filter: RunFilter) { runs(filter: $filter) { totalCount edges { node {
  id setting { seeds finishedCount meanValidationAuc sdValidationAuc } } } } }`;
type Node = { id: string; setting: { meanValidationAuc: number | null; sdValidationAuc: number | null } };

async function list(filter: object): Promise<Node[]> {
  const { runs } = await api.ask<{ runs: { edges: { node: Node }[] } }>(RUNS, { filter });
  return runs.edges.map(({ node }) => node);
}

it('each run tells of its setting; a seed that ran twice counts once', async () => {
  const [alone, ...together] = await list({});
  expect(alone).toMatchObject({
    setting: { seeds: [1], finishedCount: 0, meanValidationAuc: null, sdValidationAuc: null },
  });
  for (const { setting } of together) {
    expect(setting).toMatchObject({ seeds: [1, 2, 3], finishedCount: 2 });
    expect(setting.meanValidationAuc).toBeCloseTo(0.85, 12);
    expect(setting.sdValidationAuc).toBeCloseTo(0.1 / Math.sqrt(2), 12);
  }
});

it('a list can show one run of each setting, and the runs of one setting', async () => {
  expect((await list({ groupSeeds: true })).map(({ id }) => id)).toEqual([ids[4], ids[2]]);
  expect((await list({ groupSeeds: true, status: ['QUEUED'] })).map(({ id }) => id)).toEqual([
    ids[4],
    ids[3],
  ]);
  expect((await list({ settingOf: ids[0] })).map(({ id }) => id)).toEqual(ids.slice(0, 4).reverse());
});
