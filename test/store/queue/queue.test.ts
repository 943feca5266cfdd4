import { AppError } from '@microtome/domain/app-error';
import { BACKEND_REQUESTS } from '@microtome/domain/run/backends';
import { listQueuesFor, type RunsWork } from '@microtome/store/queue/queue';
import type { RunQueueName } from '@microtome/store/queue/run-jobs';
import { claimRun, launchRun, releaseRun, requestCancel, retryRun } from '@microtome/store/run/run-lifecycle';
import { openStore, type Store } from '@microtome/store/store';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

let test: TestStore;
let store: Store;
let bench: Bench;
const working: RunsWork[] = [];

beforeAll(async () => {
  test = await createTestStore();
  store = test.store;
  bench = await createBench(store);
});
afterEach(async () => {
  for (const work of working.splice(0)) await work.stop();
  const queued = await store.database.prisma.run.findMany({ where: { status: 'QUEUED' } });
  for (const { id } of queued) await requestCancel(store, id);
});
afterAll(() => test.close());

describe('a worker', () => {
  it('gets runs one at a time: larger priority first, then in the order of launching', async () => {
    const launched = [];
    for (const priority of [0, 5, 0, 10]) launched.push(await launch({ priority }));
    const deliveries = await collect(4);
    expect(deliveries).toEqual([launched[3], launched[1], launched[0], launched[2]]);
  });

  it('gets a run within moments of its launch', async () => {
    const first = collect(1);
    const runId = await launch({});
    const launchedAt = Date.now();
    expect(await first).toEqual([runId]);
    expect(Date.now() - launchedAt).toBeLessThan(1_900); // sooner than it would poll
  });

  it('gets what asked for its backend before what anybody can train, and nothing that asked for another', async () => {
    const [anybody, gpu, mine] = [
      await launch({ backend: 'auto' }),
      await launch({ backend: 'tensorflow' }),
      await launch({ backend: 'onnx' }),
    ];
    expect(await collect(2, serve('onnx'))).toEqual([mine, anybody]);
    expect(await collect(1, serve('tensorflow', 'onnx'))).toEqual([gpu]);
  });

  it('can be asked for by every backend that the domain lists', async () => {
    for (const backend of BACKEND_REQUESTS) {
      const runId = await launch({ backend });
      expect(await collect(1, serve(backend))).toEqual([runId]);
    }
  });

  it('gets a run in bfloat16 if it trains in it, before all else, and none that does not', async () => {
    const [wide, narrow] = [
      await launch({ backend: 'tensorflow' }),
      await launch({ hyperparameters: { precision: 'bf16' } }),
    ];
    const both = { backends: ['tensorflow'], precisions: ['float32', 'bf16'] };
    const delivered = await collectByTwo({ float32: serve('tensorflow'), bf16: listQueuesFor(both) });
    expect(delivered.bf16).toContain(narrow);
    expect([...delivered.float32, ...delivered.bf16].toSorted()).toEqual([wide, narrow].toSorted());
    const [later, first] = [
      await launch({ backend: 'tensorflow' }),
      await launch({ hyperparameters: { precision: 'bf16' } }),
    ];
    expect(await collect(2, listQueuesFor(both))).toEqual([first, later]);
  });

  it('gets a run again when handling it failed', async () => {
    const runId = await launch({});
    const seen: string[] = [];
    await until((done) => async (delivery) => {
      seen.push(delivery);
      if (seen.length === 1) throw new Error('the worker stumbled');
      done();
    });
    expect(seen).toEqual([runId, runId]);
  });

  it('that stops waits for the run at hand and tells it so', async () => {
    await launch({});
    let told = false;
    const work = await new Promise<RunsWork>((resolve) => {
      const starting = store.queue.workRuns({
        queues: ['run-auto'],
        handler: async ({ signal }) => {
          resolve(await starting);
          await new Promise((aborted) => signal.addEventListener('abort', aborted));
          told = true;
        },
      });
    });
    await work.stop();
    expect(told).toBe(true);
  });
});

describe('cancels and retries', () => {
  it('in a flood, from several processes at once, leave one live job a run and none of a canceled one', async () => {
    const other = await openStore({ databaseUrl: test.databaseUrl, artifactUrl: test.artifactUrl });
    const runIds = await Promise.all(Array.from({ length: 8 }, () => launch({ backend: 'tensorflow' })));
    const most: number[] = [];
    const acts = Array.from({ length: 200 }, (_, act) => async () => {
      const [side, runId] = [act % 2 ? other : store, runIds[act % runIds.length]!];
      await (act % 3 ? retryRun : requestCancel)(side, runId).catch(refusedOnly);
      most.push(Math.max(0, ...(await countLiveJobs()).values()));
    });
    await Promise.all([
      ...acts.map((act) => act()),
      ...Array.from({ length: 10 }, () => other.queue.reconcileQueue()),
    ]);
    expect(Math.max(...most)).toBe(1);
    for (const runId of runIds.slice(0, 4)) await requestCancel(store, runId).catch(refusedOnly);
    for (const runId of runIds.slice(4)) await retryRun(store, runId).catch(refusedOnly);
    expect([...(await countLiveJobs()).entries()].toSorted()).toEqual(
      runIds
        .slice(4)
        .map((runId) => [runId, 1])
        .toSorted(),
    );
    expect(await countJobs()).toBe(4);
    await other.close();
  });

  it('of a run that is being delivered leave the job of its retry alone', async () => {
    const runId = await launch({});
    const seen: string[] = [];
    await until((done) => async (delivery) => {
      seen.push(delivery);
      if (seen.length === 2) return done();
      await requestCancel(store, delivery);
      await retryRun(store, delivery);
      expect(await countLiveJobs()).toEqual(new Map([[runId, 1]]));
    });
    expect(seen).toEqual([runId, runId]);
  });

  it('cannot be given a second live job, in SQL', async () => {
    const runId = await launch({ backend: 'onnx' });
    const copy = `insert into pgboss.job (name, data, singleton_key, policy, state)
      select name, data, singleton_key, policy, 'created' from pgboss.job where singleton_key = $1`;
    await expect(store.database.pool.query(copy, [runId])).rejects.toThrow(/unique/);
  });
});

describe('queues of an earlier version', () => {
  it('begin again empty, and reconciling gives each waiting run its one job', async () => {
    const runId = await launch({});
    await store.database.pool.query(`update pgboss.queue set policy = 'standard' where name = 'run-auto'`);
    await store.database.pool.query(`
      insert into pgboss.job (name, data, policy) select 'run-auto', data, 'standard' from pgboss.job, generate_series(1, 8)
      where singleton_key = '${runId}'`);
    const newer = await openStore({ databaseUrl: test.databaseUrl, artifactUrl: test.artifactUrl });
    expect(await countLiveJobs()).toEqual(new Map());
    expect(await newer.queue.reconcileQueue()).toEqual([runId]);
    expect(await countLiveJobs()).toEqual(new Map([[runId, 1]]));
    await newer.close();
  });
});

describe('reconciling', () => {
  it('enqueues queued runs whose job was lost, and no others', async () => {
    const [lost, delivered] = [await launch({}), await launch({})];
    const canceled = await launch({});
    await requestCancel(store, canceled);
    await store.database.pool.query(`delete from pgboss.job where data ->> 'runId' in ($1, $2)`, [
      lost,
      canceled,
    ]);
    expect(await store.queue.reconcileQueue()).toEqual([lost]);
    expect(await store.queue.reconcileQueue()).toEqual([]);
    expect((await collect(2)).toSorted()).toEqual([lost, delivered].toSorted());
  });

  it('by two processes at once enqueues each run once', async () => {
    const other = await openStore({ databaseUrl: test.databaseUrl, artifactUrl: test.artifactUrl });
    const runId = await launch({});
    await store.database.pool.query('delete from pgboss.job');
    const found = await Promise.all([store.queue.reconcileQueue(), other.queue.reconcileQueue()]);
    expect(found.flat()).toEqual([runId]);
    await collect(1);
    await other.close();
  });
});

describe('a released run', () => {
  it('is delivered again', async () => {
    const runId = await launch({});
    const attempts: number[] = [];
    await until((done) => async (delivery) => {
      const claimed = await claimRun(store, { runId: delivery, workerId: 'w' });
      attempts.push(claimed!.attempt);
      await releaseRun(store, { runId, attempt: claimed!.attempt, outcome: 'HANDED_OVER' });
      if (attempts.length === 2) {
        await requestCancel(store, runId);
        done();
      }
    });
    expect(attempts).toEqual([1, 2]);
  });
});

async function countLiveJobs(): Promise<Map<string, number>> {
  const { rows } = await store.database.pool.query<{ runId: string; count: number }>(
    `select data ->> 'runId' as "runId", count(*)::int as count from pgboss.job
     where name like 'run-%' and state in ('created', 'retry', 'active') group by 1`,
  );
  return new Map(rows.map(({ runId, count }) => [runId, count]));
}

async function countJobs(): Promise<number> {
  const { rows } = await store.database.pool.query(`select from pgboss.job where name = 'run-tensorflow'`);
  return rows.length;
}

/** Two of a flood may want the same: one wins. */
function refusedOnly(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'CONFLICT') throw error;
}

type LaunchOptions = { priority?: number; backend?: string; hyperparameters?: object };

async function launch({ hyperparameters, ...request }: LaunchOptions): Promise<string> {
  const place = { experimentId: bench.experimentId, splitId: bench.split.id };
  const all = { width: 0.25, ...hyperparameters };
  return (await launchRun(store, { ...place, hyperparameters: all, ...request })).id;
}

/** The queues of a worker without bfloat16. */
function serve(...backends: string[]): RunQueueName[] {
  return listQueuesFor({ backends, precisions: ['float32'] });
}

/** Who of two workers got what, once everything that waits was delivered. */
async function collectByTwo<Name extends string>(
  queues: Record<Name, RunQueueName[]>,
): Promise<Record<Name, string[]>> {
  const names = Object.keys(queues) as Name[];
  const delivered = Object.fromEntries(names.map((name) => [name, [] as string[]])) as Record<Name, string[]>;
  let waiting = await store.database.prisma.run.count({ where: { status: 'QUEUED' } });
  const all = Promise.withResolvers<void>();
  for (const name of names) {
    const handler = async ({ runId }: { runId: string }) => {
      delivered[name].push(runId);
      await requestCancel(store, runId);
      waiting -= 1;
      if (waiting === 0) all.resolve();
    };
    working.push(await store.queue.workRuns({ queues: queues[name], handler }));
  }
  await all.promise;
  for (const work of working.splice(0)) await work.stop();
  return delivered;
}

/** The next `count` deliveries to one worker, each canceled at once, so that it is not in the way afterwards. */
async function collect(count: number, queues: RunQueueName[] = ['run-auto']): Promise<string[]> {
  const seen: string[] = [];
  await until(
    (done) => async (runId) => {
      seen.push(runId);
      await requestCancel(store, runId).catch(() => {});
      if (seen.length === count) done();
    },
    queues,
  );
  return seen;
}

type Handle = (done: () => void) => (runId: string) => Promise<void>;

async function until(handle: Handle, queues: RunQueueName[] = ['run-auto']): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const handler = handle(resolve);
    store.queue
      .workRuns({ queues, handler: ({ runId }) => handler(runId) })
      .then((work) => working.push(work), reject);
  });
  for (const work of working.splice(0)) await work.stop();
}
