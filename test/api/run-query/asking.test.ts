/** Runs asked for over GraphQL: the input and the line say the same, errors have their place, and a page costs few statements. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countStatements } from '../../fixtures/count-statements.ts';
import { drawRuns, insertRuns, type SeededRun } from '../../fixtures/seeded/seeded-runs.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const LIST = `query ($filter: RunFilter, $query: String) { runs(filter: $filter, query: $query, sort: "createdAt", first: 500) {
  totalCount edges { node { name } } } }`;
type Found = { runs: { totalCount: number; edges: { node: { name: string } }[] } };

let api: TestApi;
let bench: Bench;
let runs: SeededRun[];

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  const { experiment, dataset, split } = bench;
  const places = [{ experimentId: experiment.id, datasetId: dataset.datasetId, splitId: split.id }];
  runs = drawRuns({ count: 120, seed: 9, places, epochs: 4, endsAt: new Date('2026-10-01T12:00:00Z') });
  await insertRuns(api.store, runs);
});
afterAll(() => api.close());

const list = async (variables: object) =>
  (await api.ask<Found>(LIST, variables)).runs.edges.map(({ node }) => node.name);

describe('a filter of runs', () => {
  it.each([
    [
      'architecture = deep and test.auc > 0.9 and lr < 1e-3',
      {
        architecture: ['deep'],
        figures: [{ subset: 'TEST', metric: 'auc', gt: 0.9 }],
        hyperparameters: [{ name: 'learningRate', lt: 0.001 }],
      },
    ],
    ['any(validation.auc) > 0.95', { metrics: [{ name: 'validation.auc', pick: 'ANY', gt: 0.95 }] }],
    ['at(train.loss, 2) <= 0.4', { metrics: [{ name: 'train.loss', pick: 'AT_EPOCH', epoch: 2, lte: 0.4 }] }],
    [
      'low(validation.auc) >= 0.85 or not status in (SUCCEEDED, FAILED)',
      {
        or: [
          { figures: [{ subset: 'VALIDATION', metric: 'auc', end: 'LOW', gte: 0.85 }] },
          { not: { status: ['SUCCEEDED', 'FAILED'] } },
        ],
      },
    ],
    [
      'tags has any (baseline, a_b) and tags has none ("person:ada")',
      { tags: { any: ['baseline', 'a_b'], none: ['person:ada'] } },
    ],
    [
      'name ~ "deep 1" and notes is empty',
      { name: { containing: 'deep 1' }, not: { notes: { containing: '' } } },
    ],
    [
      'createdAt >= 2026-10-01T11:00Z and finishedAt is not empty and backend = onnx',
      { createdAt: { from: '2026-10-01T11:00:00.000Z' }, backend: ['onnx'] },
    ],
    [
      'augmentFlips = true and param("their.rate") is not empty',
      {
        hyperparameters: [
          { name: 'augmentFlips', isTrue: true },
          { name: 'their.rate', isEmpty: false },
        ],
      },
    ],
    [
      'optimizer in (sgd) and experiment = "Shallow or deep?"',
      { experiment: 'Shallow or deep?', hyperparameters: [{ name: 'optimizer', is: 'sgd' }] },
    ],
  ])('means the same as the line %s', async (query, filter) => {
    const names = await list({ query });
    expect(names.length).toBeGreaterThan(0);
    expect(names.length).toBeLessThan(runs.length);
    expect(await list({ filter })).toEqual(names);
    expect(await list({ filter, query })).toEqual(names);
  });

  it.each([
    [{ query: 'test.auc > 0.9 adn lr < 1' }, /^Column 16: "and" or "or" is missing before 'adn'\.$/],
    [{ filter: { not: { groupSeeds: true } } }, /^'groupSeeds' stands within another filter/],
    [{ filter: { figures: [{ subset: 'TRAIN', metric: 'auc', gt: 0 }] } }, /^A figure is asked for on TRAIN/],
    [
      { filter: { metrics: [{ name: 'x', pick: 'AT_EPOCH', gt: 0 }] } },
      /^The series 'x' is asked for at the epoch none/,
    ],
  ])('is refused by its place: %j', async (variables, message) => {
    expect(await api.fail(LIST, variables)).toEqual({
      code: 'BAD_INPUT',
      message: expect.stringMatching(message),
    });
  });

  it('says where the error is, for a page to mark it', async () => {
    const answer = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: LIST, variables: { query: 'lr <' } }),
    });
    const { errors } = (await answer.json()) as { errors: { extensions: object }[] };
    expect(errors[0]!.extensions).toMatchObject({ column: 5, from: 4, to: 4 });
  });

  it('is completed', async () => {
    type Completed = {
      completeRunQuery: { from: number; to: number; completions: { text: string; kind: string }[] };
    };
    const { completeRunQuery } = await api.ask<Completed>(
      '{ completeRunQuery(text: "tags has pers", at: 13) { from to completions { text kind } } }',
    );
    expect(completeRunQuery.from).toBe(9);
    expect(completeRunQuery.completions.map(({ text }) => text)).toContain('"person:ada"');
  });
});

describe('any field of runs', () => {
  const VALUES = `query ($of: [String!]!) { runs(sort: "createdAt", first: 500) { edges { node { values(of: $of) } } } }`;
  type Valued = { runs: { edges: { node: { values: Record<string, unknown> } }[] } };

  it('is a value of its own type, under the name that it was asked by, in one statement for all', async () => {
    const count = (of: string[]) => countStatements(api.store, () => api.ask(VALUES, { of }));
    const of = ['lr', 'name', 'tags', 'last(train.loss)', 'param("is not there")'];
    expect(await count(of)).toBe((await count([])) + 1);
    const values = (await api.ask<Valued>(VALUES, { of })).runs.edges.map(({ node }) => node.values);
    expect(values.map(({ name }) => name)).toEqual(runs.map(({ name }) => name));
    expect(values.map((of) => of.lr)).toEqual(
      runs.map(({ hyperparameters }) => hyperparameters.learningRate ?? null),
    );
    expect(Object.keys(values[0]!)).toEqual(of);
    expect(values.every((of) => of['param("is not there")'] === null)).toBe(true);
  });

  it('is described, and listed with what the runs brought', async () => {
    type Fields = { runFields: { name: string; kind: string; type: string; isNumber: boolean }[] };
    const LISTED = 'query ($names: [String!]) { runFields(names: $names) { name kind type isNumber about } }';
    const named = await api.ask<Fields>(LISTED, { names: ['lr', 'tags', 'low(test.auc)'] });
    expect(named.runFields).toMatchObject([
      { name: 'learningRate', kind: 'HYPERPARAMETER', type: 'ANY', isNumber: true },
      { name: 'tags', kind: 'COLUMN', type: 'TAGS', isNumber: false },
      { name: 'low(test.auc)', kind: 'FIGURE', type: 'NUMBER', isNumber: true },
    ]);
    const all = await api.ask<Fields>(LISTED, {});
    expect(all.runFields.map(({ name }) => name)).toContain('best(train.loss)');
    expect((await api.fail(LISTED, { names: ['colour'] })).message).toContain("'colour' is no field of runs");
    const many = Array.from({ length: 101 }, () => 'name');
    expect(await api.fail(VALUES, { of: many })).toEqual({
      code: 'BAD_INPUT',
      message: 'There are 101 fields at once: at most 100 fit.',
    });
  });
});

describe('a page of 100 runs', () => {
  it('with everything that the run table shows costs at most 12 statements', async () => {
    const read = (name: string) =>
      readFileSync(new URL(`../../../apps/web/${name}.graphql`, import.meta.url), 'utf8');
    // Each file's first definition: the page and the fragments that it shows.
    const document = ['run/runs', 'run/run-row', 'run/run-wait', 'evaluation/learning-figure']
      .map((name) => /^(query|fragment)[\s\S]*?^}/m.exec(read(name))?.[0] ?? '')
      .join('\n');
    const ask = (first: number) =>
      countStatements(api.store, () => api.ask(document, { first, filter: { archived: false } }));
    const hundred = await ask(100);
    expect(hundred).toBeLessThanOrEqual(12);
  });
});

describe('records by name', () => {
  it('are found by their own name and that of their dataset; several of one name are told so', async () => {
    const { name: dataset } = await api.store.database.prisma.dataset.findFirstOrThrow();
    const document = `query ($dataset: String!, $split: String!) {
      dataset(name: $dataset) { name } experiment(name: "Shallow or deep?", dataset: $dataset) { name }
      split(name: $split) { name } run(name: "deep 1") { name } none: experiment(name: "x") { name } nothing: dataset { name } }`;
    const found = await api.ask(document, { dataset, split: bench.split.name });
    expect(found).toMatchObject({
      dataset: { name: dataset },
      experiment: { name: 'Shallow or deep?' },
      none: null,
      nothing: null,
    });
    await createBench(api.store, { seed: 77 });
    expect(await api.fail('{ experiment(name: "Shallow or deep?") { id } }')).toEqual({
      code: 'BAD_INPUT',
      message:
        "There is more than one experiment 'Shallow or deep?': give its id, or the name of its dataset.",
    });
  });
});

describe('what was JSON', () => {
  it('has types: figures with their intervals, and the facts of events', async () => {
    const run = await finishRun(api.store, bench);
    type Typed = {
      run: {
        evaluations: {
          metrics: Record<string, number>;
          intervals: Record<string, number[]>;
          figures: { metric: string; value: number; low: number }[];
        }[];
        events: { kind: string; fact: Record<string, unknown> }[];
      };
    };
    const { run: found } = await api.ask<Typed>(
      `query ($id: ID!) { run(id: $id) { evaluations { metrics intervals figures(names: ["auc", "macro.auc"]) { metric value low } }
        events { kind fact { __typename ... on RunStatusFact { status } ... on RunEpochFact { epoch best } ... on RunEvaluationFact { subset } } } } }`,
      { id: run.id },
    );
    const { metrics, intervals, figures } = found.evaluations[0]!;
    expect(figures.map(({ metric }) => metric)).toEqual(['auc', 'macro.auc']);
    expect(figures[0]).toEqual({ metric: 'auc', value: metrics.auc, low: intervals.auc![0] });
    const facts = found.events.map(({ fact }) => fact.__typename);
    expect(new Set(facts)).toEqual(new Set(['RunStatusFact', 'RunEpochFact', 'RunEvaluationFact']));
    expect(found.events[0]!.fact).toEqual({ __typename: 'RunStatusFact', status: 'QUEUED' });
  });
});
