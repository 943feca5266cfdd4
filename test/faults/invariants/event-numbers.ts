/** The events of a run are numbered from 1 to its last number, without gap and without double. */
import type { Invariant } from './invariant.ts';

export const eventsAreNumbered: Invariant = {
  name: 'events are numbered without gap or double',
  holds: 'always',
  async check({ bench }) {
    const { rows } = await bench.store.database.pool.query<{
      runId: string;
      lastSeq: number;
      count: number;
      top: number;
    }>(
      `select run.id::text as "runId", run.last_seq as "lastSeq", count(distinct seq)::int as count,
         coalesce(max(seq), 0) as top
       from run left join run_event on run_id = run.id
       group by run.id having count(seq) <> run.last_seq or count(distinct seq) <> run.last_seq or coalesce(max(seq), 0) <> run.last_seq`,
    );
    return rows.map(({ runId, lastSeq, count, top }) => ({
      sentence: `Run ${runId} is at event ${lastSeq} and has ${count} numbers, the largest of them ${top}.`,
    }));
  },
};
