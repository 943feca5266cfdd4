/**
 * How often what is shown of a run has changed, for who keeps what was made of it. To count it for each run of a page costs as much as to
 * find the page: a process that was told the database's state, and asks before anything is committed, is told that nothing was.
 */
import { Prisma } from '../../generated/prisma/client.ts';
import type { Database } from '../database/database.ts';
import { selectPrepared } from '../database/select-rows.ts';

type Pooled = { database: Pick<Database, 'pool'> };

/**
 * Of a statement that reads `run`. Triggers count its revision in the commit that changes its row, its labels, inputs or links, and the
 * points of a series only grow in number: what is read after this is not older than it.
 */
const REVISION = Prisma.sql`(run.revision || '.' ||
  coalesce((select sum(point_count) from metric_summary where metric_summary.run_id = run.id), 0))`;

/**
 * Which transactions a statement sees, which is all that its answer hangs on: two that have it in common see the same rows. Whatever
 * writes takes a number of its own, so that it is another one as soon as anything is committed.
 */
const STATE = Prisma.sql`pg_current_snapshot()::text`;

/** A run as it was found: `revision` is null where its state is one that was told before. */
export type RevisedRun = { id: string; revision: string | null; state: string };
/** What a statement with `revisionColumns` selects; the state only where it is another one. */
export type RevisionRow = { revision: string | null; state: string | null };

const lastStates = new WeakMap<Database['pool'], string>();

/** For one statement: the columns, and what tells of a row what they say. */
export function askRevisions({ database: { pool } }: Pooled): {
  columns: Prisma.Sql;
  read(row: RevisionRow): Omit<RevisedRun, 'id'>;
} {
  const known = lastStates.get(pool) ?? '';
  // Subqueries, because each is answered once a statement and not once a row.
  const isKnown = Prisma.sql`(select ${STATE} = ${known}::text)`;
  return {
    columns: Prisma.sql`case when ${isKnown} then null else ${REVISION} end as revision,
      case when ${isKnown} then null else (select ${STATE}) end as state`,
    read({ revision, state }) {
      if (state !== null && state !== lastStates.get(pool)) lastStates.set(pool, state);
      return { revision, state: state ?? known };
    },
  };
}

/** Of the runs that are still there. */
export async function readRevisions(store: Pooled, runIds: readonly string[]): Promise<RevisedRun[]> {
  if (runIds.length === 0) return [];
  return selectPrepared<RevisedRun>(
    store,
    Prisma.sql`select run.id::text as id, ${REVISION} as revision, (select ${STATE}) as state
      from run where run.id = any(${[...runIds]}::uuid[])`,
  );
}
