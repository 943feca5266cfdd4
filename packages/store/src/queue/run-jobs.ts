/**
 * The jobs that deliver runs: at most one live job a run. Who adds or removes a job holds the lock of the run's row, and
 * takes away what is there in any queue first; the key of each queue (pg-boss's policy `exclusive` over the run's id)
 * refuses a second one.
 */
import { BACKEND_REQUESTS, BF16_LINE, CARRIED, type RunLine } from '@microtome/domain/run/backends';
import { fromPrisma, type PgBoss } from 'pg-boss';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Database, Transaction } from '../database/database.ts';

const DEAD_LETTERS = 'run-undeliverable';
/** A job whose worker is silent this long is delivered again (pg-boss takes no less than 10). */
const JOB_SILENCE_SECONDS = 10;
/** Deliveries of one job; how often a run may fail is the run's own affair. */
const JOB_RETRIES = 5;
/** The longest that pg-boss allows one delivery; the run's lease, not the job, says who may write. */
const JOB_EXPIRE_SECONDS = 86_400;
/** Jobs that were delivered say nothing that the run's attempts do not. */
const JOB_KEPT_SECONDS = 3_600;

export type RunQueueName = `run-${RunLine}`;

/** No worker looks into the last one: a job waits there for the person who carries it. */
const RUN_QUEUES = [...BACKEND_REQUESTS, BF16_LINE, CARRIED].map((line): RunQueueName => `run-${line}`);

/** `findRunNeed` of the domain, in SQL over `run`. */
export const IS_BOUND = Prisma.sql`(epochs_done > 0 and backend is not null and carried_at is null)`;
export const LINE_NEEDED = Prisma.sql`(case when carried_at is not null then ${CARRIED}
  when hyperparameters->>'precision' = ${BF16_LINE} then ${BF16_LINE}
  when ${IS_BOUND} then backend else requested_backend end)`;

export async function createQueues(boss: PgBoss, database: Database): Promise<void> {
  const known = new Set((await boss.getQueues()).map(({ name }) => name));
  if (!known.has(DEAD_LETTERS)) {
    await boss.createQueue(DEAD_LETTERS, { retentionSeconds: JOB_KEPT_SECONDS });
  }
  for (const name of RUN_QUEUES) {
    if (known.has(name)) continue;
    await boss.createQueue(name, {
      policy: 'exclusive',
      retryLimit: JOB_RETRIES,
      retryDelay: 1,
      retryBackoff: true,
      expireInSeconds: JOB_EXPIRE_SECONDS,
      heartbeatSeconds: JOB_SILENCE_SECONDS,
      deleteAfterSeconds: JOB_KEPT_SECONDS,
      deadLetter: DEAD_LETTERS,
    });
  }
  await convertQueues(database);
}

/** Queues of an earlier version took any number of jobs a run: they begin again empty, and reconciling fills them. */
async function convertQueues({ prisma }: Database): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const converted = await tx.$queryRaw<{ name: string }[]>`
      update pgboss.queue set policy = 'exclusive', deletion_seconds = ${JOB_KEPT_SECONDS}
      where name = any(${RUN_QUEUES}::text[]) and policy <> 'exclusive' returning name`;
    const names = converted.map(({ name }) => name);
    if (names.length > 0) await tx.$executeRaw`delete from pgboss.job where name = any(${names}::text[])`;
  });
}

type Enqueueing = { runId: string; priority: number; line: RunLine };

/** The run's one job, in place of any that it has. The caller holds the lock of the run's row. */
export async function enqueueRunJob(boss: PgBoss, tx: Transaction, job: Enqueueing): Promise<void> {
  const { runId, priority, line } = job;
  await removeRunJob(tx, runId);
  const options = { priority, singletonKey: runId, db: fromPrisma(tx) };
  await boss.send(`run-${line}`, { runId }, options);
}

/** Takes the live job of this run out of every queue, also one that is being delivered: it delivers nothing more. */
export async function removeRunJob(tx: Transaction, runId: string): Promise<void> {
  // The conditions of pg-boss's unique index, so that it finds them.
  await tx.$executeRaw`
    delete from pgboss.job
    where name = any(${RUN_QUEUES}::text[]) and coalesce(singleton_key, '') = ${runId}
      and state <= 'active' and policy = 'exclusive'`;
}

/** Enqueues QUEUED runs that have no live job; gives their ids. */
export async function reconcileRunJobs(boss: PgBoss, database: Database): Promise<string[]> {
  return database.prisma.$transaction(async (tx) => {
    // One process at a time looks, and sees what the one before it enqueued.
    await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('microtome reconcile'))`;
    const runs = await tx.$queryRaw<{ id: string; priority: number; line: RunLine }[]>`
      select id::text, priority, ${LINE_NEEDED} as line from run
      where status = 'QUEUED' and not exists (
        select from pgboss.job
        where job.name = any(${RUN_QUEUES}::text[]) and job.state <= 'active' and job.policy = 'exclusive'
          and coalesce(job.singleton_key, '') = run.id::text)
      for update skip locked`;
    for (const { id: runId, priority, line } of runs) {
      await enqueueRunJob(boss, tx, { runId, priority, line });
    }
    return runs.map(({ id }) => id);
  });
}
