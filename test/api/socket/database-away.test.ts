/** What a subscription tells while the database is away: nothing, and then everything. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseProxy, openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { type Bench, createBench, trainRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi, take } from '../test-api.ts';

type Fact = { runEvents: { seq?: number; metrics?: { name: string }[] } };

const FOLLOW = `subscription ($runId: ID!) { runEvents(runId: $runId) { ... on RunEvent { seq metrics { name } } } }`;
/** QUEUED, RUNNING, EPOCH. */
const EVENTS = 3;

let proxy: DatabaseProxy;
let directUrl: string;
let api: TestApi;
let bench: Bench;
beforeAll(async () => {
  api = await startTestApi({
    async route(databaseUrl) {
      directUrl = databaseUrl;
      proxy = await openDatabaseProxy(databaseUrl);
      return proxy.databaseUrl;
    },
  });
  bench = await createBench(api.store);
});
afterAll(async () => {
  await api.close();
  await proxy.close();
});

describe('a subscription whose database goes away', () => {
  it('begins when it is back', async () => {
    expect(await followOver('run')).toHaveLength(EVENTS);
  });

  it('leaves no event out whose metrics could not be read at once', async () => {
    const facts = await followOver('metric');
    expect(facts.map(({ runEvents }) => runEvents.seq)).toEqual([1, 2, 3]);
    expect(facts[2]?.runEvents.metrics).not.toEqual([]);
  });
});

/** The events of a run when all connections broke while a statement on that table was under way. */
async function followOver(table: string): Promise<Fact[]> {
  const { id: runId } = await trainRun(api.store, bench, { epochs: 1 });
  const lock = new pg.Client({ connectionString: directUrl });
  await lock.connect();
  await lock.query(`begin; lock table ${table} in access exclusive mode`);
  const facts = take(api.follow<Fact>(FOLLOW, { runId }), EVENTS);
  await waitUntilBlocked(lock);
  proxy.reset();
  await lock.end();
  return facts;
}

/** Until some statement waits for the lock. */
async function waitUntilBlocked(lock: pg.Client): Promise<void> {
  for (;;) {
    const { rowCount } = await lock.query('select from pg_locks where not granted');
    if (rowCount) return;
    await delay(20);
  }
}
