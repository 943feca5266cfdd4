/**
 * Delivery of runs to workers: pg-boss in the same database. A job holds nothing but a run's id, and delivering it
 * twice or too late does no harm, because only claimRun says whether a run may start. Each need is a queue of its own,
 * so that a worker without a GPU never takes a run that asks for one.
 */

import { setTimeout as delay } from 'node:timers/promises';
import { listLinesFor, type RunLine, type WorkerAbilities } from '@microtome/domain/run/backends';
import { PgBoss } from 'pg-boss';
import type { Database, Transaction } from '../database/database.ts';
import { createListener } from '../database/listen.ts';
import {
  createQueues,
  enqueueRunJob,
  type RunQueueName,
  reconcileRunJobs,
  removeRunJob,
} from './run-jobs.ts';
import { type TakeWork, takeInTurns } from './take-in-turns.ts';

const JOB_TOUCH_INTERVAL_MS = 3_000;
const SUPERVISE_INTERVAL_MS = 5_000;
/** NOTIFY wakes a worker at once; this is for when one is lost. */
const POLL_INTERVAL_MS = 2_000;
const RETRY_AFTER_ERROR_MS = 1_000;

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
  /** Kinds of work that take minutes, where a run takes hours: each does one thing that waits, in turns with the runs. */
  short?: readonly TakeWork[];
  shortTurnMs?: number;
};

type QueueDepth = { queue: string; waiting: number; active: number };

export type Queue = {
  /**
   * Enqueues within the caller's transaction, which holds the run's row, in place of a job that the run still has.
   * `line`: what the run needs, as `findRunNeed` says it.
   */
  enqueueRun(tx: Transaction, runId: string, options: { priority: number; line: RunLine }): Promise<void>;
  /** Takes a run that does not wait any more out of the queue, within the caller's transaction. */
  removeRun(tx: Transaction, runId: string): Promise<void>;
  workRuns(options: WorkOptions): Promise<RunsWork>;
  /** Enqueues QUEUED runs that have no live job; gives their ids. */
  reconcileQueue(): Promise<string[]>;
  measureDepth(): Promise<QueueDepth[]>;
  close(): Promise<void>;
};

/** The queues that a worker serves, in the order in which it looks. */
export function listQueuesFor(abilities: WorkerAbilities): RunQueueName[] {
  return listLinesFor(abilities).map((line) => `run-${line}` as const);
}

/** Starts the queue; the first to do so in a database makes its tables. `onError` gets errors outside any call. */
export async function openQueue(database: Database, onError: (error: Error) => void): Promise<Queue> {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.pool.query(text, values as unknown[]) },
    supervise: false,
    schedule: false,
    registerInstance: false,
  });
  boss.on('error', (error) => onError(toError(error)));
  await boss.start();
  await createQueues(boss, database);
  return {
    enqueueRun: (tx, runId, options) => enqueueRunJob(boss, tx, { runId, ...options }),
    removeRun: (tx, runId) => removeRunJob(tx, runId),
    workRuns: (options) => workRuns({ boss, database, onError, ...options }),
    reconcileQueue: () => reconcileRunJobs(boss, database),
    measureDepth: () => measureDepth(database),
    close: () => boss.stop({ graceful: false, close: false }),
  };
}

/** pg-boss copies the fields of some of its errors into a plain object. */
function toError(error: Error): Error {
  return error instanceof Error ? error : Object.assign(new Error(), error);
}

type Work = WorkOptions & { boss: PgBoss; database: Database; onError(error: Error): void };

async function workRuns({ boss, database, onError, queues, handler, ...turns }: Work): Promise<RunsWork> {
  const take = takeInTurns({
    run: (signal) => deliverNext({ boss, queues, handler, signal }),
    short: turns.short ?? [],
    shortTurnMs: turns.shortTurnMs,
  });
  const stopping = new AbortController();
  const listener = createListener(database.url);
  const bell = createBell();
  listener.subscribe('run_changed', bell.ring);
  listener.onReconnect(bell.ring);
  const supervising = superviseUntil(boss, { signal: stopping.signal, onError });
  const working = (async () => {
    while (!stopping.signal.aborted) {
      try {
        const isTaken = await take(stopping.signal);
        if (!isTaken) await bell.wait(POLL_INTERVAL_MS, stopping.signal);
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
