/** Groups, leaderboards and the rows that lists are read from, against the same worked out from the runs themselves. */
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { parseRunField, parseRunQuery } from '@microtome/domain/run-query/parse-query';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { aggregateRuns } from '@microtome/store/run-query/aggregate-runs';
import { completeRunQuery } from '@microtome/store/run-query/complete-run-query';
import { listLeaderboard } from '@microtome/store/run-query/leaderboard';
import { listRunDifferences } from '@microtome/store/run-query/run-differences';
import { describe, expect, it } from 'vitest';
import { claimNewRun, createEpochReport } from '../../fixtures/attempt.ts';
import type { SeededRun } from '../../fixtures/seeded/seeded-runs.ts';
import { openSeededBench } from './seeded-bench.ts';

const { store, bench, runs } = await openSeededBench({ count: 80, epochs: 6 });
const { prisma } = store.database;

const aucOf = (run: SeededRun) => run.figures.VALIDATION?.auc?.value ?? null;
const average = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('groups of runs', () => {
  const aggregate = (by: string[], of: string[], query = '') =>
    aggregateRuns(store, {
      where: parseRunQuery(query),
      groupBy: by.map(parseRunField),
      measures: of.map(parseRunField),
      quantiles: [0.5],
      take: 100,
    });

  it('have count, mean, spread, quantiles and hours', async () => {
    const groups = await aggregate(['architecture'], ['validation.auc']);
    const byArchitecture = Map.groupBy(runs, ({ architecture }) => architecture);
    expect(groups.map(({ count }) => count)).toEqual(
      [...byArchitecture.values()].map(({ length }) => length).sort((a, b) => b - a),
    );
    for (const { keys, seconds, measures } of groups) {
      const members = byArchitecture.get(keys[0]!.value as string)!;
      const values = members.flatMap((run) => aucOf(run) ?? []).sort((a, b) => a - b);
      const mean = average(values);
      const middle = (values.length - 1) / 2;
      expect(measures[0]).toMatchObject({
        of: 'validation.auc',
        count: values.length,
        min: values[0],
        max: values.at(-1),
      });
      expect(measures[0]!.mean).toBeCloseTo(mean, 10);
      expect(measures[0]!.standardDeviation).toBeCloseTo(
        Math.sqrt(values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (values.length - 1)),
        10,
      );
      expect(measures[0]!.quantiles[0]!.value).toBeCloseTo(
        (values[Math.floor(middle)]! + values[Math.ceil(middle)]!) / 2,
        10,
      );
      expect(seconds).toBeCloseTo(
        members.reduce(
          (sum, run) => sum + (run.finishedAt ? Date.parse(run.finishedAt) - Date.parse(run.startedAt!) : 0),
          0,
        ) / 1000,
      );
    }
  });

  it('keep the type of a hyperparameter, and count a run with each of its tags', async () => {
    const rates = await aggregate(['lr'], []);
    expect(rates.map(({ keys }) => typeof keys[0]!.value)).toEqual(rates.map(() => 'number'));
    const tags = await aggregate(['tags'], [], 'status = SUCCEEDED');
    for (const { keys, count } of tags) {
      const tag = keys[0]!.value as string;
      expect(count).toBe(runs.filter((run) => run.status === 'SUCCEEDED' && run.tags.includes(tag)).length);
    }
    const [whole] = await aggregate([], ['duration']);
    expect(whole).toMatchObject({ keys: [], count: runs.length });
    const nouns = await aggregate(['experiment'], []);
    expect(nouns[0]!.keys[0]).toEqual({
      by: 'experiment',
      value: 'shallow against deep',
      id: bench.experimentId,
    });
  });

  it.each([
    [['architecture'], ['name'], /'name' is no number/],
    [['a', 'b'], [], /'a' is no field/],
    [['name', 'seed', 'lr', 'status', 'split'], [], /5 fields to group by: at most 4/],
  ])('refuse %s of %s', async (by, of, message) => {
    await expect(async () => aggregate(by, of)).rejects.toThrow(message);
  });
});

describe('a leaderboard', () => {
  it.each([
    ['VALIDATION', 'auc', -1],
    ['TEST', 'logLoss', 1],
  ] as const)('on %s by %s has the good end first', async (subset, name, sign) => {
    const entries = await listLeaderboard(store, {
      where: null,
      splitId: null,
      subset,
      name,
      perSplit: 5,
      take: 100,
    });
    const expected = runs
      .flatMap((run) => run.figures[subset]?.[name]?.value ?? [])
      .sort((a, b) => sign * (a - b))
      .slice(0, 5);
    expect(entries.map(({ value }) => value)).toEqual(expected);
    expect(entries[0]).toMatchObject({ rank: 1, splitId: bench.split.id });
  });
});

describe('the rows that lists are read from', () => {
  it('are those of the whole history, for each way in which it was written', async () => {
    const summaries = await prisma.metricSummary.findMany();
    const known = new Map(summaries.map((row) => [`${row.runId} ${row.name}`, row]));
    const expected = runs.flatMap(({ id, series }) =>
      Object.entries(series).map(([name, values]) => ({ id, name, values })),
    );
    expect(summaries.length).toBe(expected.length);
    for (const { id, name, values } of expected) {
      const [min, max] = [Math.min(...values), Math.max(...values)];
      expect(known.get(`${id} ${name}`)).toMatchObject({
        pointCount: values.length,
        lastEpoch: values.length,
        lastValue: values.at(-1),
        minValue: min,
        minEpoch: values.indexOf(min) + 1,
        maxValue: max,
        maxEpoch: values.indexOf(max) + 1,
      });
    }
  });

  it('follow each epoch, and go with their run', async () => {
    const key = await claimNewRun(store, bench);
    for (const [at, auc] of [0.6, 0.9, 0.7].entries()) {
      const report = { ...createEpochReport(key, at + 1), metrics: { 'validation.auc': auc } };
      expect(await recordEpoch(store, report)).toBe(true);
    }
    const where = { runId: key.runId, name: 'validation.auc' };
    expect(await prisma.metricSummary.findFirst({ where })).toMatchObject({
      pointCount: 3,
      lastEpoch: 3,
      lastValue: 0.7,
      minEpoch: 1,
      minValue: 0.6,
      maxEpoch: 2,
      maxValue: 0.9,
    });
    await prisma.run.delete({ where: { id: key.runId } });
    expect(await prisma.metricSummary.count({ where })).toBe(0);
  });

  it('hold the figures of evaluations with their intervals, means over patients among them', async () => {
    const run = runs.find(({ figures }) => figures.TEST)!;
    const rows = await prisma.runFigure.findMany({ where: { runId: run.id } });
    for (const subset of ['VALIDATION', 'TEST'] as const) {
      const { value, low, high } = run.figures[subset]!.auc!;
      expect(rows).toContainEqual({ runId: run.id, subset, name: 'auc', value, low, high });
    }
    expect(rows.map(({ name }) => name)).toContain('macro.accuracy');
    expect(rows.map(({ name }) => name)).not.toContain('confusion');
  });
});

describe('what runs differ in', () => {
  it('is told by kind, in the order of the runs', async () => {
    const deep = runs.find(({ architecture }) => architecture === 'deep')!;
    const shallow = runs.find(({ architecture }) => architecture === 'shallow')!;
    const differences = await listRunDifferences(store, [deep.id, shallow.id]);
    expect(differences).toContainEqual({
      kind: 'HYPERPARAMETER',
      key: 'architecture',
      values: ['deep', 'shallow'],
    });
    expect(differences.map(({ key }) => key)).not.toContain('experiment');
  });
});

describe('completion', () => {
  it.each([
    ['experiment = sh|', ['"shallow against deep"']],
    ['tags has per|', ['person:ada', 'person:grace']],
    ['last(sc|', ['score']],
    ['param(th|', ['their.rate']],
    ['optimizer = |', ['adam', 'sgd']],
    ['patient 1000|', ['10001', '10002']],
  ])('offers the names of this store at %s', async (marked, texts) => {
    const { completions } = await completeRunQuery(store, {
      line: marked.replace('|', ''),
      at: marked.length - 1,
      projectIds: null,
    });
    const plain = completions.map(({ text }) => text.replaceAll('"', ''));
    expect(plain).toEqual(expect.arrayContaining(texts.map((text) => text.replaceAll('"', ''))));
  });

  it.each([
    'experiment = sh',
    'task = ',
    'split = ',
    'dataset = ',
    'sweep = ',
    'tags has per',
    'last(sc',
    'param(th',
    'patient 1000',
    'model ',
  ])('offers no name of a project that is not seen at %s', async (line) => {
    const at = line.length;
    const own = async (projectIds: readonly string[] | null) => {
      const { completions } = await completeRunQuery(store, { line, at, projectIds });
      return completions.filter(({ kind, about }) => kind === 'VALUE' && about === '').length;
    };
    expect(await own([DEFAULT_PROJECT_ID])).toBe(await own(null));
    expect(await own([crypto.randomUUID()])).toBe(0);
  });
});
