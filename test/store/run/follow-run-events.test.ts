import { createListener, LISTENER_NAME, type Listener } from '@microtome/store/database/listen';
import { followRunEvents } from '@microtome/store/run/follow-run-events';
import { listEvents, listEventsOfRanges } from '@microtome/store/run/run-events';
import { claimRun } from '@microtome/store/run/run-lifecycle';
import { recordLog, setProgress } from '@microtome/store/run/run-recording';
import type { Store } from '@microtome/store/store';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

let test: TestStore;
let store: Store;
let listener: Listener;
let bench: Bench;

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
  listener = createListener(test.databaseUrl);
  bench = await createBench(store);
});
afterAll(async () => {
  await listener.close();
  await test.close();
});

describe('following a run', () => {
  it('replays what was and goes on with what comes, each event once and in order', async () => {
    const runId = await launch();
    await log(runId, 40);
    const events = followRunEvents(store, { runId, afterSeq: 10, listener });
    const seen = await take(events, 31);
    const writing = log(runId, 700);
    seen.push(...(await take(events, 700)));
    await writing;
    expect(seen).toEqual(Array.from({ length: 731 }, (_, at) => at + 11));
    await events.return();
  });

  it('tells several followers the same, wherever they begin', async () => {
    const runId = await launch();
    const followers = [0, 1, 5].map((afterSeq) => followRunEvents(store, { runId, afterSeq, listener }));
    const writing = log(runId, 60);
    const seen = await Promise.all(followers.map((events, at) => take(events, 61 - [0, 1, 5][at]!)));
    await writing;
    expect(seen.map((seqs) => [seqs[0], seqs.at(-1)])).toEqual([
      [1, 61],
      [2, 61],
      [6, 61],
    ]);
    await Promise.all(followers.map((events) => events.return()));
  });

  it('misses nothing while the listening connection is cut again and again', async () => {
    const runId = await launch();
    const events = followRunEvents(store, { runId, afterSeq: 1, listener });
    const seen: number[] = [];
    const startedAt = Date.now();
    for (let round = 0; round < 4; round++) {
      await expect.poll(() => listener.isConnected(), { timeout: 20_000 }).toBe(true);
      await cutListeners();
      await log(runId, 5);
      seen.push(...(await take(events, 5)));
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => at + 2));
    // It looked when it was connected again, not at the next of its looks every five seconds.
    expect(Date.now() - startedAt).toBeLessThan(12_000);
    await events.return();
  });

  it('carries progress without a number, between the events', async () => {
    const run = await launchTestRun(store, bench);
    const { attempt } = (await claimRun(store, { runId: run.id, workerId: 'w' }))!;
    const events = followRunEvents(store, { runId: run.id, afterSeq: 2, listener });
    const next = events.next();
    const rates = { patchesPerSecond: 100, secondsLeft: 3, loss: 0.4, waitingFor: null };
    const place = { phase: 'training' as const, epoch: 1, epochs: 3, batch: 2, batches: 9 };
    await setProgress(store, { runId: run.id, attempt, ...place, ...rates });
    const { value } = await next;
    expect(value).toMatchObject({ runId: run.id, batch: 2, loss: 0.4 });
    expect(value).not.toHaveProperty('seq');
    await recordLog(store, { runId: run.id, attempt, line: 'hello' });
    expect((await events.next()).value).toMatchObject({ seq: 3, payload: { line: 'hello' } });
    await events.return();
  });

  it('ends at once when it is given up or aborted, also while nothing happens', async () => {
    const runId = await launch();
    const events = followRunEvents(store, { runId, afterSeq: 1, listener });
    const waiting = events.next();
    await events.return();
    expect(await waiting).toMatchObject({ done: true });
    const abort = new AbortController();
    const aborted = followRunEvents(store, { runId, afterSeq: 1, listener, signal: abort.signal });
    const pending = aborted.next();
    abort.abort();
    expect(await pending).toMatchObject({ done: true });
  });
});

describe('a listener', () => {
  it('says each time that it hears again, and whether it hears now', async () => {
    await expect.poll(() => listener.isConnected(), { timeout: 20_000 }).toBe(true);
    const heard: string[] = [];
    const unsubscribe = listener.subscribe('run_changed', (payload) => heard.push(payload));
    const reconnected = new Promise<void>((resolve) => {
      const stop = listener.onReconnect(() => {
        stop();
        resolve();
      });
    });
    await cutListeners();
    await reconnected;
    const runId = await launch();
    await expect.poll(() => heard, { timeout: 20_000 }).toContain(runId);
    unsubscribe();
  });
});

describe('listing events', () => {
  it('pages after a number', async () => {
    const runId = await launch();
    await log(runId, 9);
    const page = await listEvents(store, { runId, afterSeq: 4, limit: 3 });
    expect(page.map(({ seq }) => seq)).toEqual([5, 6, 7]);
    expect(await listEvents(store, { runId, afterSeq: 2 ** 31 - 1, limit: 1000 })).toEqual([]);
  });

  it('gives of each run what was asked of it, in one list', async () => {
    const [first, second] = [await launch(), await launch()];
    for (const runId of [first, second]) await log(runId, 5);
    const events = await listEventsOfRanges(store, [
      { runId: second, afterSeq: 3, limit: 10 },
      { runId: first, afterSeq: 0, limit: 2 },
    ]);
    expect(events.map(({ runId, seq }) => [runId, seq])).toEqual([
      [first, 1],
      [first, 2],
      [second, 4],
      [second, 5],
      [second, 6],
    ]);
  });
});

async function launch(): Promise<string> {
  return (await launchTestRun(store, bench)).id;
}

async function log(runId: string, count: number): Promise<void> {
  for (let at = 0; at < count; at++) {
    await store.database.pool.query(
      `insert into run_event (run_id, kind, attempt, payload) values ($1, 'LOG', 0, '{"line": "x"}')`,
      [runId],
    );
  }
}

async function take(events: ReturnType<typeof followRunEvents>, count: number): Promise<number[]> {
  const seqs: number[] = [];
  while (seqs.length < count) {
    const { value, done } = await events.next();
    if (done) break;
    if ('seq' in value) seqs.push(value.seq);
  }
  return seqs;
}

/** As a network or a database that restarts would. */
async function cutListeners(): Promise<void> {
  const client = new pg.Client({ connectionString: test.databaseUrl });
  await client.connect();
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = $1`,
    [LISTENER_NAME],
  );
  await client.end();
  expect(rowCount).toBeGreaterThan(0);
}
