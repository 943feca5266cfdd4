/** Lists of runs by line: the SQL says of each run what the oracle says, in its order, page by page, either way. */
import { randomUUID } from 'node:crypto';
import { parseRunQuery, parseRunSort } from '@microtome/domain/run-query/parse-query';
import { printRunQuery } from '@microtome/domain/run-query/print-query';
import type { RunFilter } from '@microtome/domain/run-query/run-filter';
import { createExperiment } from '@microtome/store/experiment/experiments';
import { countSelectedRuns, listRunPage, type RunPlace } from '@microtome/store/run-query/run-pages';
import { createSplit } from '@microtome/store/split/create-split';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { conditionsOf, filtersOver } from '../../domain/run-query/run-filters.ts';
import { drawRuns, insertRuns, type SeededRun } from '../../fixtures/seeded/seeded-runs.ts';
import { openBench } from '../open-bench.ts';
import { matches, type OracleWorld } from './run-oracle.ts';

const BY_COMPARED = 'last(score) desc, validation.auc, best(train.loss) desc, high(test.auc)';
const { store, bench } = await openBench();
const { prisma } = store.database;
let runs: SeededRun[];
let world: OracleWorld;

beforeAll(async () => {
  const { datasetId, split, experimentId } = bench;
  const [unsafe] = await createSplit(store, {
    datasetId,
    strategy: 'RANDOM_PATCH',
    seed: 3,
    name: 'by patch',
  });
  const other = await createExperiment(store, { datasetId, name: 'depth "and" width' });
  const places = [
    { experimentId, datasetId, splitId: split.id },
    { experimentId: other.id, datasetId, splitId: split.id },
    { experimentId: other.id, datasetId, splitId: unsafe!.id },
  ];
  runs = drawRuns({ count: 120, seed: 5, places, epochs: 5, endsAt: new Date('2026-10-01T12:00:00Z') });
  await insertRuns(store, runs);
  world = await describeWorld();
});

describe('a line', () => {
  it.each([
    'architecture = deep and test.auc > 0.9 and lr < 1e-3',
    'any(validation.auc) > 0.95 and not best(validation.auc) >= 0.99',
    'low(test.auc) > 0.85 or high(validation.logLoss) < 0.5',
    'tags has all (baseline, "person:ada") and not tags has "person:grace"',
    'last(score) <= 5 or at(train.loss, 2) < 0.3 or at(train.loss, best) > 0.6',
    'param("their.rate") < 0.001 or augmentFlips = true',
    'status in (failed, canceled) and error ~ "MEMORY" and finishedAt > 2026-09-30',
    'experiment = \'depth "and" width\' and split ~ patch',
    'patient 10001 in TEST and patient 10002 in TEST',
    'name like "deep 1_" or notes ~ "100 %"',
    'tag(person) = ada or tag(person) is empty',
    'duration > 1h and trainPatchesPerSecond is not empty',
    'score_is_no_field = 1',
  ])('%s', async (line) => {
    if (line.startsWith('score_is')) {
      expect(() => parseRunQuery(line)).toThrow('no field');
      return;
    }
    const filter = parseRunQuery(line)!;
    const expected = namesOf(filter);
    expect(expected.length).toBeGreaterThan(0);
    expect(expected.length).toBeLessThan(runs.length);
    expect(await list(filter)).toEqual(expected);
    expect(await countSelectedRuns(store, { where: filter })).toBe(expected.length);
  });

  it('of any form finds what the oracle finds', async () => {
    const fields = [
      'name',
      'notes',
      'status',
      'experiment',
      'split',
      'sweep',
      'architecture',
      'backend',
      'seed',
      'epochsDone',
      'bestEpoch',
      'duration',
      'createdAt',
      'finishedAt',
      'archived',
      'testOpened',
      'tags',
      'error',
    ] as const;
    const columns = fields.map((name) => ({ kind: 'COLUMN' as const, name }));
    const others = [
      'learningRate',
      'param("their.rate")',
      'optimizer',
      'validation.auc',
      'high(test.auc)',
      'best(train.loss)',
      'any(score)',
      'last(score)',
      'at(validation.auc, 2)',
    ];
    const rest = others.map((text) => parseRunSort(text.replace('any(', 'last('))[0]!.field);
    const any = { kind: 'SERIES' as const, name: 'score', pick: 'ANY' as const };
    const known = fc.constantFrom(
      ...runs
        .slice(0, 20)
        .flatMap((run) => [
          run.name,
          run.architecture,
          ...run.tags,
          'onnx',
          'adam',
          'by patch',
          run.seed,
          0.001,
          0.002,
          5,
          ...Object.values(run.series).flat(),
          run.createdAt,
        ]),
    );
    const filters = filtersOver(
      fc.constantFrom(...columns, ...rest, any).chain((field) => conditionsOf(field, known)),
    );
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const expected = namesOf(filter);
        expect(await list(lookUpNobody(filter)), printRunQuery(filter)).toEqual(expected);
        // Also where the statement has the values that it compares, because it is sorted by them.
        const sorted = await list(lookUpNobody(filter), BY_COMPARED);
        expect(sorted.toSorted(), printRunQuery(filter)).toEqual(expected.toSorted());
      }),
      { numRuns: 150 },
    );
  });
});

describe('a sorted list', () => {
  it.each([
    'test.auc desc',
    'architecture, best(validation.auc) desc',
    'status desc, learningRate, name',
    'finishedAt',
    'last(score) desc',
    'min(train.loss), last(score) desc',
    'param("their.rate") desc, duration',
    'archived desc, experiment, seed desc, createdAt',
  ])('by %s has one order, and each page of it begins where the last one ended, either way', async (line) => {
    const sort = parseRunSort(line);
    const whole = (await listRunPage(store, { where: null, sort, take: 1_000 })).places;
    expect(new Set(whole.map(({ runId }) => runId)).size).toBe(runs.length);
    const keys = whole.map((place) => place.keys);
    const lacking = keys.findIndex(([first]) => first === null);
    if (lacking >= 0) expect(keys.slice(lacking).every(([first]) => first === null)).toBe(true);
    for (const fromEnd of [false, true]) {
      const paged: RunPlace[] = [];
      for (let at: RunPlace | null = null, pages = 0; pages < 20; pages++) {
        const edge: Partial<Record<'after' | 'before', RunPlace | null>> = fromEnd
          ? { before: at }
          : { after: at };
        const page = await listRunPage(store, { where: null, sort, take: 17, fromEnd, ...edge });
        paged.splice(fromEnd ? 0 : paged.length, 0, ...page.places);
        at = (fromEnd ? page.places[0] : page.places.at(-1)) ?? null;
        if (!(fromEnd ? page.hasPreviousPage : page.hasNextPage)) break;
      }
      expect(paged).toEqual(whole);
    }
  });

  it("has a run once, by its worker's number, where a series of that name is of both", async () => {
    const run = runs.find(({ series }) => series.score && series.score.length > 1)!;
    const { pool } = store.database;
    await pool.query('alter table metric disable trigger metric_worker_guard');
    await pool.query(
      `insert into metric (run_id, owner, name, epoch, step, value) values ($1, 'WORKER', 'score', 1, 1, 1e6)`,
      [run.id],
    );
    await pool.query('alter table metric enable trigger metric_worker_guard');
    const sort = parseRunSort('last(score) desc');
    for (const take of [3, 1_000]) {
      const { places } = await listRunPage(store, { where: null, sort, take });
      expect(places[0]).toMatchObject({ runId: run.id, keys: [1e6] });
      expect(new Set(places.map(({ runId }) => runId)).size).toBe(places.length);
    }
    for (const line of ['last(score) > 1e5', 'min(score) > 1e5', 'any(score) > 1e5', 'at(score, 1) > 1e5']) {
      for (const by of ['createdAt', 'last(score)', 'min(score) desc']) {
        expect(await list(parseRunQuery(line)!, by), `${line} by ${by}`).toEqual([run.name]);
        const below = parseRunQuery(line.replace('> 1e5', '<= 1e5'))!;
        expect(await list(below, by), `not ${line} by ${by}`).not.toContain(run.name);
      }
    }
  });

  it('is ranked by the better end of a figure', async () => {
    const sort = parseRunSort('test.auc desc');
    const { places } = await listRunPage(store, { where: parseRunQuery('testOpened'), sort, take: 5 });
    const best = runs
      .flatMap(({ figures }) => figures.TEST?.auc?.value ?? [])
      .sort((a, b) => b - a)
      .slice(0, 5);
    expect(places.map(({ keys }) => keys[0])).toEqual(best);
  });
});

async function list(where: RunFilter, sort = 'createdAt'): Promise<string[]> {
  const { places } = await listRunPage(store, { where, sort: parseRunSort(sort), take: 1_000 });
  const names = new Map(runs.map(({ id, name }) => [id, name]));
  return places.map(({ runId }) => names.get(runId) ?? runId);
}

function namesOf(filter: RunFilter): string[] {
  return runs.filter((run) => matches(run, filter, world)).map(({ name }) => name);
}

async function describeWorld(): Promise<OracleWorld> {
  const nouns = [
    ...(await prisma.experiment.findMany({ select: { id: true, name: true } })),
    ...(await prisma.split.findMany({ select: { id: true, name: true } })),
    ...(await prisma.dataset.findMany({ select: { id: true, name: true } })),
  ];
  const sides = new Set<string>();
  for (const { splitId, patientId, subset } of await prisma.splitPatient.findMany()) {
    const { key } = await prisma.patient.findUniqueOrThrow({ where: { id: patientId } });
    sides.add(`${splitId} ${key} ${subset}`);
  }
  const patients = await prisma.datasetPatient.findMany({ include: { patient: true } });
  for (const { id } of await prisma.split.findMany({ where: { kind: 'PATCH' } })) {
    for (const { patient } of patients) {
      for (const subset of ['TRAIN', 'VALIDATION', 'TEST']) sides.add(`${id} ${patient.key} ${subset}`);
    }
  }
  return { now: Date.now(), nameOf: new Map(nouns.map(({ id, name }) => [id, name])), sides };
}

/** Champions as they are looked up beforehand, each a run that has no figures: nothing compares with it. */
function lookUpNobody(filter: RunFilter): RunFilter {
  if (filter.kind === 'AND' || filter.kind === 'OR') {
    return { ...filter, filters: filter.filters.map(lookUpNobody) };
  }
  if (filter.kind === 'NOT') return { ...filter, filter: lookUpNobody(filter.filter) };
  if (filter.kind !== 'COMPARE' || filter.value.kind !== 'CHAMPION') return filter;
  return { ...filter, value: { ...filter.value, runId: randomUUID() } };
}
