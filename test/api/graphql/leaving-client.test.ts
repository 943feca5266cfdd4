/** A query over HTTP ends with its client: what it has not begun when the client leaves is not asked of the database. */
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listStatements } from '../../fixtures/count-statements.ts';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const QUERY = '{ runs(first: 5) { edges { node { id slides { slide { id } } events { seq } } } } }';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  await finishRun(api.store, await createBench(api.store));
});
afterAll(() => api.close());

/** Asks while the table of runs is locked; `during` runs when the query waits for it. */
async function askLocked(during: (leaving: AbortController) => void): Promise<void> {
  const lock = new pg.Client({ connectionString: api.store.database.url });
  await lock.connect();
  await lock.query('begin; lock table run in access exclusive mode');
  const leaving = new AbortController();
  const answered = fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
    signal: leaving.signal,
  }).then(
    (response) => response.text(),
    () => null,
  );
  const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await lock.query(waiting)).rowCount === 0);
  const logged = api.logged.length;
  during(leaving);
  // The log of requests has a line when the connection is closed; the query still waits then.
  if (leaving.signal.aborted) await expect.poll(() => api.logged.length).toBeGreaterThan(logged);
  await lock.query('commit');
  await answered;
  await lock.end();
}

it('nothing more is asked for a client that left', async () => {
  const whole = await listStatements(api.store, () => askLocked(() => {}));
  const left = await listStatements(api.store, async () => {
    await askLocked((leaving) => leaving.abort());
    // Whatever the query would still ask comes before this.
    await api.ask('{ runs(first: 1) { totalCount } }');
  });
  for (const table of ['slide', 'run_event']) {
    const isOn = (text: string) => new RegExp(`"?${table}"?\\b`).test(text);
    expect(whole.filter(isOn), table).not.toEqual([]);
    expect(left.filter(isOn), table).toEqual([]);
  }
});
