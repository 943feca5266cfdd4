/** A run that did not learn is marked wherever the API names it, whenever it was trained. */

import type { Run } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Bench, createBench, finishRun, launch } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const TITLE = 'Did not learn: no better than chance on VALIDATION';
const REASON = 'Every patch of VALIDATION gets the same probability, 0.5.';
const LEARNING = 'learning { state title reason }';

let api: TestApi;
let bench: Bench;
let flat: Run;
let good: Run;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  flat = await finishRun(api.store, bench, { score: () => 0.5 });
  good = await finishRun(api.store, bench, { skill: 4 });
});
afterAll(() => api.close());

it('is a state of the run and of its evaluation, and is counted for the experiment', async () => {
  const asked = await api.ask<{
    flat: { status: string; learning: unknown; evaluations: unknown[]; experiment: unknown };
    good: { learning: { state: string } };
  }>(
    `query ($flat: ID!, $good: ID!) {
      flat: run(id: $flat) { status ${LEARNING} evaluations { ${LEARNING} } experiment { notLearnedRunCount } }
      good: run(id: $good) { ${LEARNING} } }`,
    { flat: flat.id, good: good.id },
  );
  const learning = { state: 'NOT_LEARNED', title: TITLE, reason: REASON };
  expect(asked.flat).toEqual({
    status: 'SUCCEEDED',
    learning,
    evaluations: [{ learning }],
    experiment: { notLearnedRunCount: 1 },
  });
  expect(asked.good.learning.state).toBe('LEARNED');
});

it('is a warning of a comparison, of the gate and of the model card', async () => {
  const model = await createModel(api.store, { name: 'flat' });
  const version = await registerModelVersion(api.store, { modelId: model.id, runId: flat.id });
  const { compareRuns, model: shown } = await api.ask<{
    compareRuns: { warnings: string[] };
    model: {
      version: {
        gate: { rules: { rule: string; kind: string; passed: boolean; sentence: string }[] };
        card: { blocks: { kind: string; text: string | null; items: string[] }[] };
      };
    };
  }>(
    `query ($runIds: [ID!]!, $modelId: ID!, $number: Int!) {
      compareRuns(runIds: $runIds) { warnings }
      model(id: $modelId) { version(number: $number) {
        gate { rules { rule kind passed sentence } } card { blocks { kind text items } } } } }`,
    { runIds: [flat.id, good.id], modelId: model.id, number: version.number },
  );
  expect(compareRuns.warnings).toContain(`Run '${flat.name}': ${TITLE}. ${REASON}`);
  expect(shown.version.gate.rules).toContainEqual({
    rule: 'has-learned',
    kind: 'warning',
    passed: false,
    sentence: `${TITLE}. ${REASON}`,
  });
  expect(shown.version.card.blocks).toContainEqual({ kind: 'notice', text: TITLE, items: [REASON] });
});

it('is said of a run that an earlier version evaluated, too', async () => {
  await api.store.database.prisma.$executeRaw`
    update evaluation set metrics = metrics - 'probabilityRange' where run_id = ${flat.id}::uuid`;
  const { run } = await api.ask<{ run: { learning: unknown } }>(
    `query ($id: ID!) { run(id: $id) { ${LEARNING} } }`,
    { id: flat.id },
  );
  expect(run.learning).toMatchObject({ state: 'NOT_LEARNED', reason: 'AUC on VALIDATION is 0.5 exactly.' });
});

it('is a filter of the list of runs, together with the others, page by page', async () => {
  const list = async (filter: object, after?: string) => {
    const { runs } = await api.ask<{
      runs: {
        totalCount: number;
        pageInfo: { hasNextPage: boolean };
        edges: { cursor: string; node: { id: string } }[];
      };
    }>(
      `query ($filter: RunFilter, $after: String) { runs(first: 1, after: $after, filter: $filter) {
        totalCount pageInfo { hasNextPage } edges { cursor node { id } } } }`,
      { filter, after },
    );
    return runs;
  };
  const second = await finishRun(api.store, bench, { score: () => 0.5, seed: 9 });
  const queued = await launch(api.store, bench);
  const notLearned = { learning: ['NOT_LEARNED'] };
  const first = await list(notLearned);
  expect(first).toMatchObject({
    totalCount: 2,
    pageInfo: { hasNextPage: true },
    edges: [{ node: { id: second.id } }],
  });
  const rest = await list(notLearned, first.edges[0]!.cursor);
  expect(rest).toMatchObject({
    totalCount: 2,
    pageInfo: { hasNextPage: false },
    edges: [{ node: { id: flat.id } }],
  });
  expect(await list({ learning: ['LEARNED'] })).toMatchObject({
    totalCount: 1,
    edges: [{ node: { id: good.id } }],
  });
  expect(await list({ ...notLearned, search: 'no such text' })).toMatchObject({ totalCount: 0, edges: [] });
  expect(await list({ learning: ['LEARNED', 'NOT_LEARNED', 'UNKNOWN'], status: ['QUEUED'] })).toMatchObject({
    totalCount: 0,
  });
  expect(await list({})).toMatchObject({ totalCount: 4, edges: [{ node: { id: queued.id } }] });
});
