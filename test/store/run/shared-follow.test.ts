/** Many followers of a few runs in one process: what each gets, what it costs, and what they leave behind. */
import { createListener, LISTENER_NAME, type Listener } from '@microtome/store/database/listen';
import { followDatasetImport } from '@microtome/store/dataset/follow-dataset-import';
import type { RunEvent } from '@microtome/store/generated/prisma/client';
import { followRunChanges } from '@microtome/store/run/follow-run-changes';
import { followRunEvents } from '@microtome/store/run/follow-run-events';
import { openStore, type Store } from '@microtome/store/store';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countStatements } from '../../fixtures/count-statements.ts';
import { type DatabaseProxy, openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { type Bench, createBench, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

let test: TestStore;
let proxy: DatabaseProxy;
/** By way of the proxy; the test's own store writes past it. */
let store: Store;
let listener: Listener;
let bench: Bench;

beforeAll(async () => {
  test = await createTestStore();
  proxy = await openDatabaseProxy(test.databaseUrl);
  store = await openStore({ databaseUrl: proxy.databaseUrl, artifactUrl: test.artifactUrl });
  listener = createListener(proxy.databaseUrl);
  bench = await createBench(test.store);
});
afterAll(async () => {
  await listener.close();
  await store.close();
  await proxy.close();
  await test.close();
});

const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('followers of one run', () => {
  it('are told each event by one reading of it, and leave nothing behind', async () => {
    const runId = await launch();
    const followers = Array.from({ length: 50 }, () =>
      followRunEvents(store, { runId, afterSeq: 0, listener }),
    );
    await Promise.all(followers.map((events) => take(events, 1)));
    const statements = await countStatements(store, async () => {
      for (let round = 0; round < 10; round++) {
        const taking = followers.map((events) => take(events, 1));
        await log(runId, 1);
        const [first, ...others] = (await Promise.all(taking)).map(([event]) => event);
        expect(first).toMatchObject({ seq: round + 2 });
        for (const other of others) expect(other).toBe(first);
      }
    });
    // One for each event; the looks that come by the clock are a few more, however many follow.
    expect(statements).toBeLessThan(30);
    await Promise.all(followers.map((events) => events.return()));
    expect(listener.countSubscribers()).toBe(0);
  });

  it('of fifty runs are told by a few statements for all of them', async () => {
    const runIds = await Promise.all(count(1, 50).map(launch));
    const followers = runIds.map((runId) => followRunEvents(store, { runId, afterSeq: 1, listener }));
    const taking = followers.map((events) => take(events, 1));
    const statements = await countStatements(store, async () => {
      await test.store.database.pool.query(
        `insert into run_event (run_id, kind, attempt, payload)
         select id, 'LOG', 0, '{"line": "x"}' from unnest($1::uuid[]) as id`,
        [runIds],
      );
      await Promise.all(taking);
    });
    expect(statements).toBeLessThan(20);
    await Promise.all(followers.map((events) => events.return()));
    expect(listener.countSubscribers()).toBe(0);
  });

  it('get every event once and in order, whenever they come, read and leave', async () => {
    const follower = fc.record({
      afterSeq: fc.integer({ min: 0, max: 700 }),
      joinsAt: fc.integer({ min: 0, max: 5 }),
      readsAtATime: fc.integer({ min: 1, max: 400 }),
      leavesEarly: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(follower, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 0, max: 11 }),
        async (followers, batches, cutAt) => {
          const runId = await launch();
          const total = 1 + batches.reduce((sum, size) => sum + size, 0);
          const reading: Promise<void>[] = [];
          for (const [at, size] of batches.entries()) {
            for (const one of followers) {
              if (one.joinsAt === at) reading.push(readAndCheck({ runId, total, ...one }));
            }
            const writing = log(runId, size);
            if (cutAt === at) await cutListener();
            await writing;
          }
          await Promise.all(reading);
          expect(listener.countSubscribers()).toBe(0);
        },
      ),
      { numRuns: 12, interruptAfterTimeLimit: 20_000 },
    );
  });

  it('lose nothing while the database is away, and hear on when it is back', async () => {
    const runId = await launch();
    const followers = [0, 1].map((afterSeq) => followRunEvents(store, { runId, afterSeq, listener }));
    expect(await take(followers[0]!, 1)).toMatchObject([{ seq: 1 }]);
    const taking = followers.map((events) => take(events, 40));
    proxy.cut();
    await log(runId, 40);
    proxy.mend();
    for (const taken of await Promise.all(taking)) {
      expect(taken.map(({ seq }) => seq)).toEqual(count(2, 41));
    }
    await Promise.all(followers.map((events) => events.return()));
  });

  it('are not held up by one that does not read', async () => {
    const runId = await launch();
    const idle = followRunEvents(store, { runId, afterSeq: 0, listener });
    await take(idle, 1);
    const busy = followRunEvents(store, { runId, afterSeq: 1, listener });
    const taking = take(busy, 1500);
    await log(runId, 1500);
    expect(await taking).toHaveLength(1500);
    expect((await take(idle, 1500)).map(({ seq }) => seq)).toEqual(count(2, 1501));
    await Promise.all([idle, busy].map((events) => events.return()));
  });
});

describe('followers of the list of runs and of an import', () => {
  it('share one reading of what changed, and leave nothing behind', async () => {
    const ending = new AbortController();
    const { signal } = ending;
    const changes = Array.from({ length: 30 }, () =>
      followRunChanges(store, { experimentId: bench.experimentId, listener, signal }),
    );
    const elsewhere = followRunChanges(store, { experimentId: crypto.randomUUID(), listener, signal });
    const unheard = elsewhere.next();
    const taking = changes.map((events) => events.next());
    await expect.poll(() => listener.isConnected(), { timeout: 20_000 }).toBe(true);
    const runId = await launch();
    const [first, ...others] = (await Promise.all(taking)).map(({ value }) => value);
    expect(first).toMatchObject({ runId, status: 'QUEUED' });
    for (const other of others) expect(other).toBe(first);
    ending.abort();
    expect(await unheard).toMatchObject({ done: true });
    await Promise.all(changes.map((events) => events.return()));
    expect(listener.countSubscribers()).toBe(0);
  });

  it('get the state of an import also when they come late, and its end', async () => {
    const { prisma } = test.store.database;
    const { id: importId } = await prisma.datasetImport.create({ data: { name: 'set', sourcePath: '/set' } });
    const { signal } = new AbortController();
    const follow = () => followDatasetImport(store, { importId, listener, signal });
    const early = follow();
    expect((await early.next()).value).toMatchObject({ status: 'RUNNING' });
    const late = follow();
    expect((await late.next()).value).toMatchObject({ status: 'RUNNING' });
    const ends = [early.next(), late.next()];
    const data = { status: 'FAILED' as const, error: 'No patch could be read.', finishedAt: new Date() };
    await prisma.datasetImport.update({ where: { id: importId }, data });
    for (const { value } of await Promise.all(ends)) expect(value).toMatchObject({ status: 'FAILED' });
    expect(await Promise.all([early.next(), late.next()])).toMatchObject([{ done: true }, { done: true }]);
    expect(listener.countSubscribers()).toBe(0);
  });
});

async function launch(): Promise<string> {
  return (await launchTestRun(test.store, bench)).id;
}

async function log(runId: string, amount: number): Promise<void> {
  await test.store.database.pool.query(
    `insert into run_event (run_id, kind, attempt, payload)
     select $1, 'LOG', 0, '{"line": "x"}' from generate_series(1, $2::int)`,
    [runId, amount],
  );
}

type Events = ReturnType<typeof followRunEvents>;

async function take(events: Events, amount: number): Promise<RunEvent[]> {
  const taken: RunEvent[] = [];
  while (taken.length < amount) {
    const { value, done } = await events.next();
    if (done) break;
    if ('seq' in value) taken.push(value);
  }
  return taken;
}

async function readAndCheck(reader: {
  runId: string;
  total: number;
  afterSeq: number;
  readsAtATime: number;
  leavesEarly: boolean;
}): Promise<void> {
  const { runId, total, afterSeq, readsAtATime, leavesEarly } = reader;
  const events = followRunEvents(store, { runId, afterSeq, listener });
  const wanted = Math.max(0, leavesEarly ? Math.floor((total - afterSeq) / 2) : total - afterSeq);
  const seen: unknown[] = [];
  while (seen.length < wanted) {
    const taken = await take(events, Math.min(readsAtATime, wanted - seen.length));
    seen.push(...taken.map(({ seq }) => seq));
    // Others have their turn, and new events come meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await events.return();
  expect(seen).toEqual(count(afterSeq + 1, afterSeq + wanted));
}

async function cutListener(): Promise<void> {
  await test.store.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = $1`,
    [LISTENER_NAME],
  );
}
