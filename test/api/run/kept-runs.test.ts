/**
 * What is kept of runs is never older than the last commit: each thing that lists show of a run is changed by another connection, and seen
 * by the next question and not before it is committed; also where the commit comes between the two statements of a question.
 */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';

type Shown = { graphql: unknown; mlflow: unknown };

const LIST = `query ($of: String!) { runs(first: 5) { edges { node { id name status notes tags hyperparameters startedAt finishedAt
  loss: figure(of: $of) best: figure(of: "min(loss)") lr: figure(of: "lr") archivedAt } } } }`;
const ONE = `query ($id: ID!, $of: String!) { run(id: $id) { id name status notes tags hyperparameters startedAt finishedAt
  loss: figure(of: $of) best: figure(of: "min(loss)") lr: figure(of: "lr") archivedAt } }`;

/** Each of them changes what one of the lists shows; `$1` is the run. */
const CHANGES: Record<string, string> = {
  name: `update run set name = name || '!' where id = $1`,
  notes: `update run set notes = notes || '!' where id = $1`,
  tags: `update run set tags = tags || array['t' || cardinality(tags)] where id = $1`,
  hyperparameters: `update run set hyperparameters = hyperparameters || jsonb_build_object('p' || revision, 1) where id = $1`,
  'a number': `insert into metric (run_id, owner, name, epoch, step, value, at)
    select $1, 'EXTERNAL', 'loss', 0, last_step + 1, last_value / 2, now() from metric_summary where run_id = $1 and name = 'loss'`,
  'a series': `insert into metric (run_id, owner, name, epoch, step, value, at)
    select $1, 'EXTERNAL', 'more' || count(*), 0, 0, 1, now() from metric_summary where run_id = $1`,
  'a label that is new': `insert into run_label (run_id, key, value) values ($1, 'color', 'red')`,
  'a label that changes': `update run_label set value = value || '!' where run_id = $1 and key = 'color'`,
  'a label that is deleted': `delete from run_label where run_id = $1 and key = 'color'`,
  'a data set': `insert into run_dataset_input (run_id, name, digest, source_type, source) values ($1, 'd', 'x', 'local', '/d')`,
  'a place for files': `update mlflow_experiment set artifact_location = coalesce(artifact_location, 's3://a') || '/b'
    where experiment_id = (select experiment_id from run where id = $1)`,
  'its end': `update run set status = 'FAILED', finished_at = now(), error = 'it failed' where id = $1`,
  archiving: `update run set archived_at = now() where id = $1`,
  'being shown again': `update run set archived_at = null where id = $1`,
};

let api: TestApi;
let writer: pg.Client;
let experimentId: string;
let runId: string;

beforeAll(async () => {
  api = await startTestApi();
  writer = new pg.Client({ connectionString: api.store.database.url });
  await writer.connect();
  experimentId = (await call<{ experiment_id: string }>('experiments/create', { name: 'kept' }))
    .experiment_id;
  const { run } = await call<{ run: { info: { run_id: string } } }>('runs/create', {
    experiment_id: experimentId,
  });
  runId = run.info.run_id;
  const metrics = [{ key: 'loss', value: 0.5, timestamp: 1, step: 1 }];
  await call('runs/log-batch', { run_id: runId, metrics, params: [{ key: 'lr', value: '0.1' }], tags: [] });
});
afterAll(async () => {
  await writer.end();
  await api.close();
});

async function call<Json>(path: string, body: object): Promise<Json> {
  const url = `${api.url}/mlflow/api/2.0/mlflow/${path}`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const json = (await response.json()) as Json;
  if (!response.ok) throw new Error(JSON.stringify(json));
  return json;
}

/** By the lists, which are put together of what is kept. */
async function list(): Promise<Shown> {
  const asked = await api.ask<{ runs: { edges: { node: unknown }[] } }>(LIST, { of: 'last(loss)' });
  const found = await call<{ runs: unknown[] }>('runs/search', {
    experiment_ids: [experimentId],
    run_view_type: 'ALL',
  });
  return { graphql: asked.runs.edges[0]?.node, mlflow: found.runs[0] };
}

/** Of one run, where nothing is kept. */
async function readOne(): Promise<Shown> {
  const { run } = await api.ask<{ run: unknown }>(ONE, { id: runId, of: 'last(loss)' });
  const response = await fetch(`${api.url}/mlflow/api/2.0/mlflow/runs/get?run_id=${runId}`);
  return { graphql: run, mlflow: ((await response.json()) as { run: unknown }).run };
}

beforeEach(async () => {
  expect(await list()).toEqual(await readOne());
});

it.each(Object.entries(CHANGES))(
  '%s is shown when it is committed, and not before',
  async (_what, change) => {
    const before = await list();
    await writer.query('begin');
    const { rowCount } = await writer.query(change, [runId]);
    expect(rowCount).toBe(1);
    expect(await list()).toEqual(before);
    await writer.query('commit');
    const after = await list();
    expect(after).not.toEqual(before);
    expect(after).toEqual(await readOne());
  },
);

/** The statements that one question of both lists sends, and what they give. */
async function watchLists(): Promise<{ text: string; rows: Record<string, unknown>[] }[]> {
  const { pool } = api.store.database;
  const { query } = pool;
  const sent: { text: string; rows: Record<string, unknown>[] }[] = [];
  pool.query = (async (...given: unknown[]) => {
    const result = await Reflect.apply(query, pool, given);
    sent.push({ text: (given[0] as { text: string }).text, rows: result.rows });
    return result;
  }) as never;
  try {
    await list();
  } finally {
    pool.query = query;
  }
  return sent.filter(({ text }) => / as revision\b|\bhyperparameters\b/.test(text));
}

it('is put together of what is kept, and nothing of it is read again', async () => {
  const sent = await watchLists();
  // Another database of the server may commit at any time, and then revisions are counted.
  expect(sent.length).toBeLessThanOrEqual(4);
  expect(sent.filter(({ text }) => /\bhyperparameters\b/.test(text))).toEqual([]);
});

it('is not even counted while nothing was committed', async () => {
  // A page of MLflow's is one row.
  const readRevision = (row: Record<string, unknown> = {}) =>
    'revisions' in row ? row.revisions : row.revision;
  await expect
    .poll(async () => (await watchLists()).map(({ rows }) => readRevision(rows[0])), { timeout: 45_000 })
    .toEqual([null, null]);
});

it('is counted where it was not seen to hold in the state that was told', async () => {
  const others = ['a', 'b', 'c'].map(
    (name) => `insert into run_label (run_id, key, value) values ($1, '${name}', 'x')`,
  );
  for (const change of others) {
    // Each list alone is told the new state, and then the other.
    await writer.query(change, [runId]);
    await api.ask(LIST, { of: 'max(loss)' });
    expect(await list()).toEqual(await readOne());
  }
});

it('is read again where a commit came between the revision of a run and its row', async () => {
  const { pool } = api.store.database;
  const { query } = pool;
  let left = 2;
  // Behind the statement that finds the page of each list, before the one that reads rows.
  pool.query = (async (...given: unknown[]) => {
    const result = await Reflect.apply(query, pool, given);
    if (left > 0 && /as revision/.test((given[0] as { text: string }).text)) {
      left -= 1;
      await writer.query(CHANGES.notes!, [runId]);
      await writer.query(CHANGES['a number']!, [runId]);
    }
    return result;
  }) as never;
  await writer.query(CHANGES.name!, [runId]);
  try {
    await list();
  } finally {
    pool.query = query;
  }
  expect(left).toBe(0);
  expect(await list()).toEqual(await readOne());
});

it('is as new as the last commit while many ask and another writes', async () => {
  for (let turn = 0; turn < 15; turn++) {
    const asking = [list(), list(), list()];
    await writer.query(turn % 2 === 0 ? CHANGES['a number']! : CHANGES.notes!, [runId]);
    expect(await list()).toEqual(await readOne());
    await Promise.all(asking);
  }
});
