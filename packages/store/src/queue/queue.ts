/**
 * Delivery of runs to workers: pg-boss in the same database. A job holds nothing but a run's id, and delivering it
 * twice or too late does no harm, because only claimRun says whether a run may start. Each need is a queue of its own,
 * so that a worker without a GPU never takes a run that asks for one.
 */

import { setTimeout as delay } from 'node:timers/promises';
import {
  AUTO_BACKEND,
  BACKEND_REQUESTS,
  type BackendRequest,
  REQUESTABLE_BACKENDS,
} from '@microtome/domain/run/backends';
import { fromPrisma, PgBoss } from 'pg-boss';
import type { Database, Transaction } from '../database/database.ts';
import { createListener } from '../database/listen.ts';

const DEAD_LETTERS = 'run-undeliverable';
/** A job whose worker is silent this long is delivered again (pg-boss takes no less than 10). */
const JOB_SILENCE_SECONDS = 10;
const JOB_TOUCH_INTERVAL_MS = 3_000;
/** Deliveries of one job; how often a run may fail is the run's own affair. */
const JOB_RETRIES = 5;
/** The longest that pg-boss allows one delivery; the run's lease, not the job, says who may write. */
const JOB_EXPIRE_SECONDS = 86_400;
const SUPERVISE_INTERVAL_MS = 5_000;
/** NOTIFY wakes a worker at once; this is for when one is lost. */
const POLL_INTERVAL_MS = 2_000;
const RETRY_AFTER_ERROR_MS = 1_000;

export type RunQueueName = `run-${BackendRequest}`;

type RunDelivery = { runId: string; signal: AbortSignal };

export type RunsWork = {
  /** Takes no more runs, aborts the signal of the present one and waits for its handler. */
  stop(): Promise<void>;
};

type WorkOptions = {
  /** In order of preference; one run at a time. */
  queues: readonly RunQueueName[];
  /** Returning means delivered, whatever became of the run; throwing means to deliver it again. */
  handler(delivery: RunDelivery): Promise<void>;
};

type QueueDepth = { queue: string; waiting: number; active: number };

export type Queue = {
  /** Enqueues within the caller's transaction. `backend`: what the run asks for, or is bound to by a checkpoint. */
  enqueueRun(tx: Transaction, runId: string, options: { priority: number; backend: string }): Promise<void>;
  workRuns(options: WorkOptions): Promise<RunsWork>;
  /** Enqueues QUEUED runs that have no live job; gives their ids. */
  reconcileQueue(): Promise<string[]>;
  measureDepth(): Promise<QueueDepth[]>;
  close(): Promise<void>;
};

/** The queues that a worker with these backends serves, best fit first: what only it can do, then what any worker can. */
export function listQueuesFor(backends: readonly string[]): RunQueueName[] {
  return [...REQUESTABLE_BACKENDS.filter((backend) => backends.includes(backend)), AUTO_BACKEND].map(
    (backend) => `run-${backend}` as const,
  );
}

/** Starts the queue; the first to do so in a database makes its tables. `onError` gets errors outside any call. */
export async function openQueue(database: Database, onError: (error: Error) => void): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.pool.query(text, values as unknown[]) },
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  boss.on('error', onError);
  await boss.start();
  await createQueues(boss);
  return {
    enqueueRun: (tx, runId, options) => enqueue(boss, { tx, runId, ...options }),
    workRuns: (options) => workRuns({ boss, database, onError, ...options }),
    reconcileQueue: () => reconcile(boss, database),
    measureDepth: () => measureDepth(database),
    close: () => boss.stop({ graceful: false, close: false }),
  };
}

async function createQueues(boss: PgBoss): Promise<void> {
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  if (!known.has(DEAD_LETTERS)) await boss.createQueue(DEAD_LETTERS);
  for (const backend of BACKEND_REQUESTS) {
    if (known.has(`run-${backend}`)) continue;
    await boss.createQueue(`run-${backend}`, {
      retryLimit: JOB_RETRIES,
      retryDelay: 1,
      retryBackoff: true,
      expireInSeconds: JOB_EXPIRE_SECONDS,
      heartbeatSeconds: JOB_SILENCE_SECONDS,
      deadLetter: DEAD_LETTERS,
    });
  }
}

type Enqueueing = { tx: Transaction; runId: string; priority: number; backend: string };

async function enqueue(boss: PgBoss, { tx, runId, priority, backend }: Enqueueing): Promise<void> {
  await boss.send(`run-${backend}`, { runId }, { priority, db: fromPrisma(tx) });
}

type Work = WorkOptions & { boss: PgBoss; database: Database; onError(error: Error): void };

async function workRuns({ boss, database, onError, queues, handler }: Work): Promise<RunsWork> {
  const stopping = new AbortController();
  const listener = createListener(database.url);
  const bell = createBell();
  listener.subscribe('run_changed', bell.ring);
  listener.onReconnect(bell.ring);
  const supervising = superviseUntil(boss, { signal: stopping.signal, onError });
  const working = (async () => {
    while (!stopping.signal.aborted) {
      try {
        const delivered = await deliverNext({ boss, queues, handler, signal: stopping.signal });
        if (!delivered) await bell.wait(POLL_INTERVAL_MS, stopping.signal);
      } catch (error) {
        onError(error as Error);
        await pause(RETRY_AFTER_ERROR_MS, stopping.signal);
      }
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await Promise.all([working, supervising]);
      await listener.close();
    },
  };
}

type Delivery = {
  boss: PgBoss;
  queues: readonly RunQueueName[];
  handler: WorkOptions['handler'];
  signal: AbortSignal;
};

/** Takes one job and sees it through; false when there is none. */
async function deliverNext({ boss, queues, handler, signal }: Delivery): Promise<boolean> {
  for (const queue of queues) {
    const [job] = await boss.fetch<{ runId: string }>(queue, { includeMetadata: true });
    if (!job) continue;
    const attempt = { id: job.id, retryCount: job.retryCount };
    // If a touch fails, the next one makes up for it, or the job is delivered to another worker.
    const touching = setInterval(() => boss.touch(queue, attempt).catch(() => {}), JOB_TOUCH_INTERVAL_MS);
    try {
      await handler({ runId: job.data.runId, signal });
      await boss.complete(queue, attempt);
    } catch (error) {
      await boss.fail(queue, attempt, { message: (error as Error).message });
      throw error;
    } finally {
      clearInterval(touching);
    }
    return true;
  }
  return false;
}

/** Redelivers jobs of silent workers, and keeps pg-boss's tables in shape. */
async function superviseUntil(
  boss: PgBoss,
  { signal, onError }: { signal: AbortSignal; onError(error: Error): void },
): Promise<void> {
  while (!signal.aborted) {
    await boss.supervise().catch(onError);
    await pause(SUPERVISE_INTERVAL_MS, signal);
  }
}

async function reconcile(boss: PgBoss, database: Database): Promise<string[]> {
  return database.prisma.$transaction(async (tx) => {
    // One process at a time looks, and sees what the one before it enqueued.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('microtome reconcile'))`;
    const runs = await tx.$queryRaw<{ id: string; priority: number; backend: string }[]>`
      select id::text, priority,
        case when epochs_done > 0 and backend is not null then backend else requested_backend end as backend
      from run
      where status = 'QUEUED' and not exists (
        select from pgboss.job
        where job.name like 'run-%' and job.name <> ${DEAD_LETTERS} and job.state in ('created', 'retry', 'active')
          and job.data ->> 'runId' = run.id::text)
      for update skip locked`;
    for (const { id, priority, backend } of runs) await enqueue(boss, { tx, runId: id, priority, backend });
    return runs.map(({ id }) => id);
  });
}

async function measureDepth(database: Database): Promise<QueueDepth[]> {
  const { rows } = await database.pool.query<QueueDepth>(
    `select name as queue, count(*) filter (where state in ('created', 'retry'))::int as waiting,
       count(*) filter (where state = 'active')::int as active
     from pgboss.job where name like 'run-%' group by name order by name`,
  );
  return rows;
}

/** Remembers a notification that comes while nothing waits, so that none is lost between a check and a wait. */
function createBell() {
  let rung = false;
  let wake = () => {};
  return {
    ring() {
      rung = true;
      wake();
    },
    async wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
      if (!rung) {
        const waiting = new AbortController();
        wake = () => waiting.abort();
        await pause(timeoutMs, AbortSignal.any([signal, waiting.signal]));
      }
      rung = false;
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
