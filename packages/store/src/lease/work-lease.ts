/**
 * Work whose row is its own queue: a worker claims the oldest that waits, holds it by heartbeats, by which it hears of a
 * cancel, and writes under the number of its attempt. QUEUED → RUNNING → a verdict, which each kind of work writes itself;
 * a lost worker's goes back to QUEUED, and is given up after too many.
 */
import { AppError } from '@microtome/domain/app-error';
import { LOST_ATTEMPTS_MAX } from '@microtome/domain/external-evaluation/external-evaluation-status';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { LEASE_STALE_MS } from '../run/run-lifecycle.ts';
import type { Store } from '../store.ts';

export type WorkKey = { id: string; attempt: number };

type WorkHeartbeat = { fenced: true } | { fenced: false; cancelRequested: boolean };

export type WorkLease = {
  /** QUEUED → RUNNING, those with a lost worker first taken back. Null when there is nothing to do. */
  claim(
    store: Store,
    request: { workerId: string; staleAfterMs?: number | undefined },
  ): Promise<string | null>;
  /** Takes back what workers hold that fell silent; gives how many. */
  reap(store: Store, request?: { staleAfterMs?: number | undefined }): Promise<number>;
  /** Says how many patches there are. False when another worker has it. */
  plan(store: Store, request: WorkKey & { patchesTotal: number }): Promise<boolean>;
  /** Renews the lease, says how far it is, and hears of a cancel. Fenced: another worker has it, and the caller must stop. */
  heartbeat(store: Store, request: WorkKey & { patchesDone: number }): Promise<WorkHeartbeat>;
  /**
   * QUEUED → CANCELED at once; of a RUNNING one the worker is told by its next heartbeat.
   * @throws AppError NOT_FOUND; CONFLICT when it has settled
   */
  cancel(store: Store, id: string): Promise<void>;
  /** RUNNING → CANCELED, by the worker that was told. Says whether it won. */
  finishCanceled(store: Store, key: WorkKey): Promise<boolean>;
  /**
   * RUNNING → the verdict that `write` writes in the same transaction, with how many patches there are; CANCELED where that was
   * asked for: the last patch may be faster than the heartbeat that tells of it. Says whether `write` had its way.
   */
  finish(store: Store, key: WorkKey, write: Verdict['write']): Promise<boolean>;
  /** RUNNING → FAILED: it is at fault itself, and another attempt would not help. Says whether it won. */
  fail(store: Store, request: WorkKey & { error: string }): Promise<boolean>;
  /** RUNNING → QUEUED, CANCELED where that was asked for, FAILED when it broke down too often. Merely stopping never counts. */
  release(store: Store, request: WorkKey & { error: string | null }): Promise<void>;
};

type WorkTable = 'external_evaluation' | 'model_check' | 'slide_analysis';

/**
 * The columns of the table are those of `external_evaluation`. `keepsProgress`: what an attempt has done is there for the next
 * one, which goes on behind it.
 */
export function createWorkLease(
  tableName: WorkTable,
  noun: string,
  { keepsProgress = false }: { keepsProgress?: boolean } = {},
): WorkLease {
  const table = Prisma.raw(tableName);
  const patchesBefore = keepsProgress ? Prisma.sql`patches_done` : Prisma.sql`0`;
  const lease: WorkLease = {
    async claim(store, { workerId, staleAfterMs }) {
      await lease.reap(store, { staleAfterMs });
      const [claimed] = await store.database.prisma.$queryRaw<{ id: string }[]>`
        update ${table} set status = 'RUNNING', attempt = attempt + 1, worker_id = ${workerId},
          heartbeat_at = now(), started_at = coalesce(started_at, now()), patches_done = ${patchesBefore}
        where id = (
          select id from ${table} where status = 'QUEUED'
          order by created_at, id limit 1 for update skip locked)
        returning id::text`;
      return claimed?.id ?? null;
    },
    // A database that has just started missed heartbeats while it was down, so that silence means nothing yet.
    reap({ database: { prisma } }, { staleAfterMs = LEASE_STALE_MS } = {}) {
      const givenUp = `It was given up: ${LOST_ATTEMPTS_MAX} workers were lost with it.`;
      const error = Prisma.sql`'The worker of attempt ' || attempt || ' fell silent.'`;
      return prisma.$executeRaw`
        update ${table} set ${afterLoss({ lost: 1, error, givenUp, patchesBefore })}
        where status = 'RUNNING' and heartbeat_at < now() - ${staleAfterMs} * interval '1 millisecond'
          and pg_postmaster_start_time() < now() - ${staleAfterMs} * interval '1 millisecond'`;
    },
    async plan({ database: { prisma } }, { patchesTotal, ...key }) {
      const count = await prisma.$executeRaw`
        update ${table} set patches_total = ${patchesTotal}::int where ${held(key)}`;
      return count > 0;
    },
    async heartbeat({ database: { prisma } }, { patchesDone, ...key }) {
      const [beat] = await prisma.$queryRaw<{ cancelRequested: boolean }[]>`
        update ${table} set heartbeat_at = now(), patches_done = least(${patchesDone}::int, patches_total)
        where ${held(key)} returning cancel_requested_at is not null as "cancelRequested"`;
      return beat ? { fenced: false, cancelRequested: beat.cancelRequested } : { fenced: true };
    },
    cancel: (store, id) => cancelWork(store, { table, noun, id }),
    finishCanceled: ({ database: { prisma } }, key) => endCanceled(prisma, { table, key }),
    finish: (store, key, write) => writeVerdict(store, { table, key, write }),
    async fail({ database: { prisma } }, { error, ...key }) {
      const count = await prisma.$executeRaw`
        update ${table} set status = 'FAILED', error = ${error}, finished_at = now() where ${held(key)}`;
      return count > 0;
    },
    async release({ database: { prisma } }, { error, ...key }) {
      const lost = error === null ? 0 : 1;
      const settled = afterLoss({ lost, error: Prisma.sql`${error}::text`, givenUp: error, patchesBefore });
      await prisma.$executeRaw`update ${table} set ${settled} where ${held(key)}`;
    },
  };
  return lease;
}

function held({ id, attempt }: WorkKey): Prisma.Sql {
  return Prisma.sql`id = ${id}::uuid and attempt = ${attempt} and status = 'RUNNING'`;
}

type Held = { table: Prisma.Sql; key: WorkKey };
type Verdict = Held & { write: (tx: Transaction, patchesTotal: number) => Promise<unknown> };

/** False where another worker has it, or a cancel was asked for. */
async function writeVerdict(
  { database: { prisma } }: Store,
  { table, key, write }: Verdict,
): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const [row] = await tx.$queryRaw<{ total: number; isCanceled: boolean }[]>`
      select patches_total as total, cancel_requested_at is not null as "isCanceled"
      from ${table} where ${held(key)} for update`;
    if (!row) return false;
    if (row.isCanceled) await endCanceled(tx, { table, key });
    else await write(tx, row.total);
    return !row.isCanceled;
  });
}

async function endCanceled(tx: Pick<Transaction, '$executeRaw'>, { table, key }: Held): Promise<boolean> {
  const count = await tx.$executeRaw`
    update ${table} set status = 'CANCELED', finished_at = now(), error = null, patches_done = 0
    where ${held(key)} and cancel_requested_at is not null`;
  return count > 0;
}

async function cancelWork(
  { database: { prisma } }: Store,
  { table, noun, id }: { table: Prisma.Sql; noun: string; id: string },
): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const [found] = await tx.$queryRaw<{ status: string; isAsked: boolean }[]>`
      select status, cancel_requested_at is not null as "isAsked" from ${table} where id = ${id}::uuid for update`;
    if (!found) throw new AppError('NOT_FOUND', `There is no ${noun} ${id}.`);
    const { status, isAsked } = found;
    if (status !== 'QUEUED' && status !== 'RUNNING') {
      throw new AppError('CONFLICT', `The ${noun} cannot be canceled: it has ${status} already.`);
    }
    if (isAsked) return;
    await tx.$executeRaw`
      update ${table} set cancel_requested_at = now(),
        finished_at = case when status = 'QUEUED' then now() end,
        status = case when status = 'QUEUED' then 'CANCELED' else status end
      where id = ${id}::uuid`;
  });
}

/** What becomes of work whose attempt ended without a verdict. */
function afterLoss({
  lost,
  error,
  givenUp,
  patchesBefore,
}: {
  lost: 0 | 1;
  error: Prisma.Sql;
  givenUp: string | null;
  patchesBefore: Prisma.Sql;
}): Prisma.Sql {
  const isCanceled = Prisma.sql`cancel_requested_at is not null`;
  const isGivenUp = Prisma.sql`lost_attempts + ${lost}::int >= ${LOST_ATTEMPTS_MAX}`;
  return Prisma.sql`
    status = case when ${isCanceled} then 'CANCELED' when ${isGivenUp} then 'FAILED' else 'QUEUED' end,
    finished_at = case when ${isCanceled} or ${isGivenUp} then now() end,
    error = case when ${isCanceled} then null when ${isGivenUp} then ${givenUp}::text else ${error} end,
    lost_attempts = lost_attempts + ${lost}::int, patches_done = ${patchesBefore}`;
}
