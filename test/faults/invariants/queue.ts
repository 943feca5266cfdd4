/** A settled run has no job that waits for a worker. */
import type { Invariant } from './invariant.ts';

/** The job of a killed worker is noticed by pg-boss once a minute, delivered again and dropped. */
const REDELIVERY_MS = 100_000;

export const jobsFitRuns: Invariant = {
  name: 'no job waits for a run that has ended',
  holds: 'settled',
  settlesWithinMs: REDELIVERY_MS,
  async check({ bench }) {
    const { rows } = await bench.store.database.pool.query<{
      runId: string | null;
      state: string;
      jobs: number;
      status: string | null;
    }>(
      `select job.data ->> 'runId' as "runId", run.status, job.state::text as state, count(*)::int as jobs
       from pgboss.job left join run on run.id::text = job.data ->> 'runId'
       where job.name like 'run-%' and job.name <> 'run-undeliverable' and job.state in ('created', 'retry', 'active')
         and (run.id is null or run.status in ('SUCCEEDED', 'FAILED', 'CANCELED'))
       group by 1, 2, 3`,
    );
    return rows.map(({ runId, state, jobs, status }) => ({
      sentence: `${jobs} jobs in the state '${state}' are left for run ${runId}, which is ${status ?? 'deleted'}.`,
    }));
  },
};
