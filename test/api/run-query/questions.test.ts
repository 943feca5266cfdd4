/** The questions of docs/cookbook that people ask about runs, each in one request, with answers that are known beforehand. */
import { readFileSync } from 'node:fs';
import { openTest } from '@microtome/store/evaluation/evaluations';
import type { Run } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { promoteModelVersion } from '@microtome/store/model/promotions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawRuns, giveCreator, insertRuns, type SeededRun } from '../../fixtures/seeded/seeded-runs.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const LENIENT = {
  requireColourBaseline: false,
  championAucMargin: 0.5,
  maximumEce: 1,
  minimumTestPatients: 0,
  maximumTestOpenings: 1000,
};
type Found = Record<string, number | string | null> & { name: string };
type Page = {
  totalCount: number;
  edges: { cursor: string; node: Found }[];
};

let api: TestApi;
let bench: Bench;
let runs: SeededRun[];
let champion: Run;
let rival: Run;
/** Names of the runs with predictions of their own, which are there besides the seeded ones. */
let others: string[];

beforeAll(async () => {
  api = await startTestApi();
  const { store } = api;
  bench = await createBench(store);
  champion = await finishRun(store, bench, { skill: 3, seed: 3 });
  rival = await finishRun(store, bench, { skill: 1, seed: 4 });
  others = [champion.name, rival.name];
  for (const { id: runId } of [champion, rival])
    await openTest(store, { runId, reason: 'A finalist.', openedBy: 'Grace' });
  const { id: modelId } = await createModel(store, { name: 'idc', policy: LENIENT, createdBy: 'Ada' });
  const { id: versionId } = await registerModelVersion(store, { modelId, runId: champion.id });
  await promoteModelVersion(store, { versionId, reason: 'The better one.', promotedBy: 'Ada' });
  const { experiment, dataset, split } = bench;
  const places = [{ experimentId: experiment.id, datasetId: dataset.datasetId, splitId: split.id }];
  runs = drawRuns({ count: 90, seed: 2, places, epochs: 5, endsAt: new Date() });
  await insertRuns(store, runs);
  await giveCreator(store, 'ada');
});
afterAll(() => api.close());

function read(name: string): string {
  return readFileSync(new URL(`../../../docs/cookbook/${name}.graphql`, import.meta.url), 'utf8');
}

async function list(name: string, variables: object = {}): Promise<Page> {
  return (await api.ask<{ runs: Page }>(read(name), variables)).runs;
}

const namesOf = (page: Page) => page.edges.map(({ node }) => node.name);
const named = (chosen: readonly SeededRun[]) => chosen.map(({ name }) => name).sort();
const aucOf = (run: SeededRun) => run.figures.VALIDATION?.auc?.value ?? 0;
/** Without the runs that were not drawn. */
const drawn = (names: readonly string[]) => names.filter((name) => !others.includes(name)).sort();

describe('questions about runs', () => {
  it('best deep run per split by validation AUC', async () => {
    type Found = { leaderboard: { value: number; run: { name: string } }[] };
    const { leaderboard } = await api.ask<Found>(read('01-best-deep-run-per-split'));
    const aucs = runs
      .filter(({ architecture, archivedAt }) => architecture === 'deep' && !archivedAt)
      .map(aucOf);
    expect(leaderboard).toHaveLength(1);
    expect(leaderboard[0]!.value).toBe(Math.max(...aucs, ...(await aucsOfOthers())));
  });

  it('learning rate below 0.001 and AUC above 0.9 at any epoch', async () => {
    const expected = runs.filter(
      ({ hyperparameters, series }) =>
        (hyperparameters.learningRate as number) < 0.001 &&
        series['validation.auc']?.some((auc) => auc > 0.9),
    );
    const page = await list('02-small-rate-high-auc');
    expect(drawn(namesOf(page))).toEqual(named(expected));
    expect(page.totalCount).toBe(expected.length);
    const highest = page.edges.map(({ node }) => node.highest as number);
    expect(highest).toEqual(highest.toSorted((a, b) => b - a));
  });

  it('mean and standard deviation over seeds by network', async () => {
    type Group = { keys: { value: string }[]; count: number; measures: { mean: number; sd: number }[] };
    const { aggregateRuns } = await api.ask<{ aggregateRuns: Group[] }>(
      read('03-mean-and-spread-over-seeds'),
    );
    const shallow = runs.filter(
      ({ architecture, status }) => architecture === 'shallow' && status === 'SUCCEEDED',
    );
    const group = aggregateRuns.find(({ keys }) => keys[0]!.value === 'shallow')!;
    const mean = shallow.reduce((sum, run) => sum + aucOf(run), 0) / shallow.length;
    const squares = shallow.reduce((sum, run) => sum + (aucOf(run) - mean) ** 2, 0);
    expect(group.count).toBe(shallow.length);
    expect(group.measures[0]!.mean).toBeCloseTo(mean, 10);
    expect(group.measures[0]!.sd).toBeCloseTo(Math.sqrt(squares / (shallow.length - 1)), 10);
  });

  it('series of fifty runs', async () => {
    const asked = runs.filter(({ epochsDone }) => epochsDone > 0).slice(0, 50);
    const variables = { runIds: asked.map(({ id }) => id) };
    type Found = { series: { runId: string; points: { value: number }[] }[] };
    const { series } = await api.ask<Found>(read('04-series-of-many-runs'), variables);
    expect(new Map(series.map(({ runId, points }) => [runId, points.map(({ value }) => value)]))).toEqual(
      new Map(asked.map((run) => [run.id, run.series['validation.auc']])),
    );
  });

  it('runs that had patient X in TRAIN', async () => {
    const sides = await api.store.database.prisma.splitPatient.findMany({
      where: { splitId: bench.split.id },
      select: { subset: true, patient: { select: { patient: { select: { key: true } } } } },
    });
    for (const subset of ['TRAIN', 'TEST']) {
      const { key } = sides.find((side) => side.subset === subset)!.patient.patient;
      const page = await list('05-runs-that-trained-on-a-patient', { patientKey: key });
      expect(page.totalCount).toBe(subset === 'TRAIN' ? runs.length + others.length : 0);
    }
  });

  it('runs whose TEST interval leaves out the champion’s figure', async () => {
    const evaluation = await api.store.database.prisma.runFigure.findFirstOrThrow({
      where: { runId: champion.id, subset: 'TEST', name: 'auc' },
    });
    const page = await list('06-told-apart-from-the-champion');
    const expected = runs.filter(({ figures }) => {
      const auc = figures.TEST?.auc;
      return auc && (auc.low > evaluation.value || auc.high < evaluation.value);
    });
    expect(expected.length).toBeGreaterThan(0);
    expect(drawn(namesOf(page))).toEqual(named(expected));
  });

  it('difference to the champion by patient', async () => {
    const name = '07-difference-to-the-champion-by-patient';
    type Pair = { a: { name: string }; b: { name: string }; differing: { patientKey: string }[] };
    type Found = { compareRuns: { reference: { name: string }; pairs: Pair[] } };
    const { compareRuns } = await api.ask<Found>(read(name), { runIds: [rival.id], modelName: 'idc' });
    expect(compareRuns.reference.name).toBe(champion.name);
    expect(compareRuns.pairs).toHaveLength(1);
    expect(compareRuns.pairs[0]!.differing).toHaveLength(2);
    const failure = await api.fail(read(name), { runIds: [rival.id], modelName: 'none' });
    expect(failure).toEqual({ code: 'NOT_FOUND', message: "There is no champion of a model 'none'." });
  });

  it('failed runs of last week and why', async () => {
    const page = await list('08-failed-last-week');
    const since = Date.now() - 7 * 86_400_000;
    const expected = runs.filter(
      ({ status, finishedAt }) => status === 'FAILED' && Date.parse(finishedAt!) > since,
    );
    expect(namesOf(page).sort()).toEqual(named(expected));
    expect(page.edges.every(({ node }) => /ran out of memory/.test(String(node.error)))).toBe(true);
  });

  it('training hours per experiment and person', async () => {
    type Group = { keys: { by: string; value: string | null }[]; hours: number };
    const { aggregateRuns } = await api.ask<{ aggregateRuns: Group[] }>(read('09-training-hours'));
    const ada = runs.filter(({ startedAt, tags }) => startedAt && tags.includes('person:ada'));
    const group = aggregateRuns.find(({ keys }) => keys[1]!.value === 'ada')!;
    expect(group.keys.map(({ value }) => value)).toEqual(['Shallow or deep?', 'ada']);
    const tookMs = ada.reduce(
      (sum, run) => sum + Date.parse(run.finishedAt!) - Date.parse(run.startedAt!),
      0,
    );
    expect(group.hours).toBeCloseTo(tookMs / 3_600_000, 6);
  });

  it('who opened TEST of which split', async () => {
    type Split = { testOpeningCount: number; testOpenings: { openedBy: string; runName: string }[] };
    const { splits } = await api.ask<{ splits: { edges: { node: Split }[] } }>(read('10-who-opened-test'));
    const { testOpeningCount, testOpenings } = splits.edges[0]!.node;
    expect(testOpeningCount).toBe(runs.filter(({ figures }) => figures.TEST).length + 2);
    expect(testOpenings.filter(({ openedBy }) => openedBy === 'Grace').map(({ runName }) => runName)).toEqual(
      others,
    );
  });

  it('tags A and B but not C', async () => {
    const expected = runs.filter(
      ({ tags }) =>
        tags.includes('baseline') && tags.includes('person:ada') && !tags.includes('person:grace'),
    );
    expect(namesOf(await list('11-tags-with-and-without')).sort()).toEqual(named(expected));
  });

  it('in what runs differ', async () => {
    type Found = { runDifferences: { kind: string; key: string; values: unknown[] }[] };
    const [one, other] = [runs.find(({ seed }) => seed === 1)!, runs.find(({ seed }) => seed === 2)!];
    const variables = { runIds: [one.id, other.id] };
    const { runDifferences } = await api.ask<Found>(read('12-in-what-runs-differ'), variables);
    expect(runDifferences).toContainEqual({ kind: 'HYPERPARAMETER', key: 'seed', values: [1, 2] });
  });

  it('a metric at the best epoch', async () => {
    const page = await list('13-at-the-best-epoch');
    const losses = page.edges.map(({ node }) => node.loss as number);
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    for (const { node } of page.edges) {
      const run = runs.find(({ name }) => name === node.name);
      if (run) expect(node).toMatchObject({ loss: run.series['train.loss']![run.bestEpoch! - 1] });
    }
  });

  it('worst patients under the champion, page by page', async () => {
    const name = '14-worst-patients-under-the-champion';
    type Patients = {
      totalCount: number;
      pageInfo: { endCursor: string; hasNextPage: boolean };
      edges: { node: { patientKey: string; figures: { metric: string; value: number }[] } }[];
    };
    type Found = {
      model: { champion: { run: { evaluations: { subset: string; patientPage: Patients }[] } } };
    };
    const ask = async (variables: object) => {
      const { model } = await api.ask<Found>(read(name), { modelName: 'idc', ...variables });
      return model.champion.run.evaluations.find(({ subset }) => subset === 'TEST')!.patientPage;
    };
    const whole = await ask({ first: 100 });
    const accuracies = whole.edges.map(
      ({ node }) => node.figures.find(({ metric }) => metric === 'accuracy')!.value,
    );
    expect(accuracies).toEqual(accuracies.toSorted((a, b) => a - b));
    expect(whole.totalCount).toBe(accuracies.length);
  });

  it('the champion’s history, and what it was made from, down to digests', async () => {
    type History = { model: { promotions: { act: string; promotedBy: string; reason: string }[] } };
    const { model } = await api.ask<History>(read('15-history-of-the-champion'), { modelName: 'idc' });
    expect(model.promotions).toMatchObject([
      { act: 'PROMOTE', promotedBy: 'Ada', reason: 'The better one.' },
    ]);
    type Made = {
      champion: { run: { split: { digest: string }; artifacts: { hash: string; role: string }[] } };
    };
    const made = await api.ask<{ model: Made }>(read('16-provenance-of-the-champion'), { modelName: 'idc' });
    const { split, artifacts } = made.model.champion.run;
    expect(split.digest).toBe(bench.split.digest);
    expect(artifacts.map(({ role }) => role)).toContain('MODEL_ONNX');
    for (const { hash } of artifacts) expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('runs of experiment X of dataset Y by name', async () => {
    const { name: dataset } = await api.store.database.prisma.dataset.findFirstOrThrow();
    const names = { experimentName: 'Shallow or deep?', datasetName: dataset };
    const page = await list('17-runs-of-an-experiment-by-name', names);
    expect(page.totalCount).toBe(runs.length + others.length);
    expect(
      (await list('17-runs-of-an-experiment-by-name', { ...names, datasetName: 'another' })).totalCount,
    ).toBe(0);
  });

  it('fastest, smallest, latest finished', async () => {
    type Found = Record<'fastest' | 'smallest' | 'latest', Page>;
    const { fastest, smallest, latest } = await api.ask<Found>(read('18-fastest-smallest-latest'));
    const done = runs.filter(({ status }) => status === 'SUCCEEDED');
    const most = (read: (run: SeededRun) => number) => done.toSorted((a, b) => read(b) - read(a))[0]!.name;
    expect(namesOf(fastest)).toEqual([most(({ trainPatchesPerSecond }) => trainPatchesPerSecond ?? 0)]);
    expect(smallest.edges[0]!.node.parameters).toBe(Math.min(...done.map(({ parameters }) => parameters)));
    expect(namesOf(latest)).toEqual([most(({ finishedAt }) => Date.parse(finishedAt!))]);
  });

  it('ranked by balanced accuracy, log loss and TEST AUC', async () => {
    type Board = { rank: number; value: number }[];
    type Found = Record<'byBalancedAccuracy' | 'byLogLoss' | 'byTestAuc', Board>;
    const variables = { splitId: bench.split.id };
    const found = await api.ask<Found>(read('19-ranked-three-ways'), variables);
    for (const board of Object.values(found)) expect(board.map(({ rank }) => rank)[0]).toBe(1);
    const losses = found.byLogLoss.map(({ value }) => value);
    expect(losses).toEqual(losses.toSorted((a, b) => a - b));
    expect(found.byTestAuc).toHaveLength(10);
  });

  it('influence of each hyperparameter', async () => {
    type Found = {
      hyperparameterInfluence: { key: string; varianceShare: number; groups: { count: number }[] }[];
    };
    const { hyperparameterInfluence } = await api.ask<Found>(read('20-influence-of-hyperparameters'));
    expect(hyperparameterInfluence.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['learningRate', 'architecture', 'optimizer', 'augmentFlips']),
    );
    const shares = hyperparameterInfluence.map(({ varianceShare }) => varianceShare);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  });
});

async function aucsOfOthers(): Promise<number[]> {
  const rows = await api.store.database.prisma.runFigure.findMany({
    where: { runId: { in: [champion.id, rival.id] }, subset: 'VALIDATION', name: 'auc' },
  });
  return rows.map(({ value }) => value);
}
