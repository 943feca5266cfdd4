import { randomUUID } from 'node:crypto';
import { logMetrics } from '@microtome/store/run/metrics';
import { claimRun, releaseRun, requestCancel } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { archiveRun, updateRun } from '@microtome/store/run/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeRunCursor } from '../../../apps/api/src/graphql/paging/cursor.ts';
import { createEpochReport } from '../../fixtures/attempt.ts';
import { countStatements } from '../../fixtures/count-statements.ts';
import { type Bench, createBench, launch } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type RunNode = { id: string; name: string };
type RunPage = {
  runs: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; hasPreviousPage: boolean; endCursor: string | null };
    edges: { cursor: string; node: RunNode }[];
  };
};

const RUNS = `query ($filter: RunFilter, $orderBy: RunOrder, $first: Int, $after: String) {
  runs(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor node { id name } } } }`;

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

describe('a list of runs', () => {
  const ids: string[] = [];
  const list = async (variables: object) => (await api.ask<RunPage>(RUNS, variables)).runs;
  const idsOf = (page: RunPage['runs']) => page.edges.map(({ node }) => node.id);

  beforeAll(async () => {
    const names = ['Ada', 'bea', 'Cleo', 'dora', 'Eve'];
    for (const [position, name] of names.entries()) {
      const run = await launch(api.store, bench, { architecture: position % 2 ? 'deep' : 'shallow' });
      await updateRun(api.store, { runId: run.id, name, tags: position < 2 ? ['keep'] : [] });
      ids.push(run.id);
    }
    await trainAndRequeue(ids[0]!, [0.7, 0.6]);
    await trainAndRequeue(ids[3]!, [0.9]);
    await trainAndRequeue(ids[4]!, [0.5]);
    const forged = [{ name: 'external.validation.auc', epoch: 1, step: 0, value: 1 }];
    await logMetrics(api.store, { runId: ids[2]!, metrics: forged });
    await archiveRun(api.store, { runId: ids[4]!, archived: true });
    await requestCancel(api.store, ids[1]!);
  });

  it('is newest first by default', async () => {
    expect(idsOf(await list({}))).toEqual([...ids].reverse());
  });

  it.each([
    ['NAME', 'ASC', [0, 1, 2, 3, 4]],
    ['CREATED_AT', 'ASC', [0, 1, 2, 3, 4]],
    ['VALIDATION_AUC', 'DESC', [3, 0, 4, 2, 1]],
    ['STATUS', 'DESC', [1, 4, 3, 2, 0]],
  ])('is sorted by %s %s in the database', async (field, direction, expected) => {
    expect(idsOf(await list({ orderBy: { field, direction } }))).toEqual(expected.map((at) => ids[at]));
  });

  it.each([
    ['status', { status: ['CANCELED'] }, [1]],
    ['architecture', { architecture: ['deep'] }, [3, 1]],
    ['tag', { tag: 'keep' }, [1, 0]],
    ['text in name or tag, in any case', { search: 'E' }, [4, 2, 1, 0]],
    ['text with a wildcard taken literally', { search: '%' }, []],
    ['archived', { archived: true }, [4]],
    ['not archived', { archived: false }, [3, 2, 1, 0]],
    ['everything at once', { architecture: ['deep'], status: ['QUEUED'] }, [3]],
  ])('can be narrowed by %s', async (_name, filter, expected) => {
    const page = await list({ filter });
    expect(idsOf(page)).toEqual(expected.map((at) => ids[at]));
    expect(page.totalCount).toBe(expected.length);
  });

  it('is paged without a gap or a repetition, whatever the order', async () => {
    for (const field of ['NAME', 'STATUS', 'VALIDATION_AUC', 'DURATION', 'CREATED_AT']) {
      const orderBy = { field, direction: 'DESC' };
      const whole = idsOf(await list({ orderBy }));
      const paged: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 3; page++) {
        const part: RunPage['runs'] = await list({ orderBy, first: 2, after });
        expect(part.pageInfo.hasPreviousPage).toBe(page > 0);
        expect(part.pageInfo.hasNextPage).toBe(page < 2);
        expect(part.totalCount).toBe(5);
        paged.push(...idsOf(part));
        after = part.pageInfo.endCursor;
      }
      expect(paged, field).toEqual(whole);
    }
  });

  it('goes on where the run of the cursor stood, also when it left the list', async () => {
    const after = encodeRunCursor({ runId: randomUUID(), keys: ['c'] });
    const page = await list({ after, orderBy: { field: 'NAME', direction: 'ASC' } });
    expect(idsOf(page)).toEqual([2, 3, 4].map((at) => ids[at]));
  });

  it('pages backward through the same places', async () => {
    const orderBy = { field: 'VALIDATION_AUC', direction: 'DESC' };
    const whole = await list({ orderBy });
    const before = whole.edges[3]!.cursor;
    const document = `query ($orderBy: RunOrder, $before: String) { runs(orderBy: $orderBy, last: 2, before: $before) {
      pageInfo { hasNextPage hasPreviousPage } edges { node { id name } } } }`;
    const { runs } = await api.ask<RunPage>(document, { orderBy, before });
    expect(idsOf(runs)).toEqual(idsOf(whole).slice(1, 3));
    expect(runs.pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true });
  });

  it.each([
    ['of another order', { keys: [] }, /of a list of runs in another order/],
    ['with a text for a number', { keys: ['x'] }, /of a list of runs in another order/],
  ])('refuses a cursor %s', async (_name, { keys }, message) => {
    const variables = {
      after: encodeRunCursor({ runId: randomUUID(), keys }),
      orderBy: { field: 'STATUS', direction: 'ASC' },
    };
    const failure = await api.fail(RUNS, variables);
    expect(failure).toEqual({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
  });

  it('gives the newest events of a run, and a series thinned for a picture', async () => {
    const run = await launch(api.store, bench);
    await trainAndRequeue(run.id, [0.5, 0.7, 0.9, 0.6, 0.8]);
    type Found = {
      run: {
        lastSeq: number;
        newest: { seq: number }[];
        beyond: { seq: number }[];
        metrics: { points: { epoch: number }[]; pointCount: number }[];
      };
    };
    const { run: found } = await api.ask<Found>(
      `query ($id: ID!) { run(id: $id) { lastSeq newest: events(last: 2) { seq } beyond: events(last: 1000) { seq }
        metrics(names: ["validation.auc"]) { points(count: 4) { epoch } pointCount } } }`,
      { id: run.id },
    );
    expect(found.newest.map(({ seq }) => seq)).toEqual([found.lastSeq - 1, found.lastSeq]);
    expect(found.beyond.map(({ seq }) => seq)).toEqual(
      Array.from({ length: found.lastSeq }, (_, at) => at + 1),
    );
    expect(found.metrics).toEqual([{ points: [1, 3, 4, 5].map((epoch) => ({ epoch })), pointCount: 5 }]);
  });

  it('costs the same number of statements for one run as for many', async () => {
    const document = `query ($first: Int) { runs(first: $first) { totalCount edges { node {
      id name status epochs testSealed unsafe
      latestMetric(name: "validation.auc") best: latestMetric(name: "train.loss")
      metrics { name points { value } } events { seq kind metrics { value } } firstEvent: events(first: 1) { seq }
      lastEvent: events(last: 1) { seq } thin: metrics { points(count: 2) { value } pointCount }
      experiment { name dataset { name } } split { name testOpeningCount subsets { patients } } sweep { name }
      progress { batch } evaluations { subset } artifacts { role url bytes } attempts { number } modelVersions { number }
    } } } }`;
    const one = await countStatements(api.store, () => api.ask(document, { first: 1 }));
    const many = await countStatements(api.store, () => api.ask(document, { first: 5 }));
    expect(many).toBe(one);
    expect(many).toBeLessThan(25);
  });
});

/** Epochs with these AUCs by a worker that then stops of its own will, so that the run is QUEUED again. */
async function trainAndRequeue(runId: string, aucs: readonly number[]): Promise<void> {
  const claimed = await claimRun(api.store, { runId, workerId: 'w' });
  const key = { runId, attempt: claimed!.attempt };
  for (const [at, auc] of aucs.entries()) {
    const metrics = { 'validation.auc': auc };
    await recordEpoch(api.store, { ...createEpochReport(key, at + 1), metrics });
  }
  await releaseRun(api.store, { ...key, outcome: 'HANDED_OVER' });
}
