/** When runs that train or wait will end, by the pace of runs like them. */
import { type ExpectedRun, forecastQueue } from '@microtome/domain/run/queue-forecast';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { WORKER_SILENT_AFTER_MS } from './workers.ts';

/** So many of the queue are looked at; the end of a longer one is not told. */
const QUEUED_MAX = 5_000;
/** Of the newest runs of one network on one split. */
const RUNS_LIKE_IT = 5;

export type QueueEnd = {
  runCount: number;
  /** Until the last of them ends; null where that cannot be said. */
  secondsLeft: number | null;
  /** Of so many no run like them has finished yet, so that the end comes later. */
  unknownRunCount: number;
};

/** Of the runs of these projects (null: of all) behind all that comes before them. Archived and carried ones are left out. */
export async function forecastQueueEnd(
  store: Store,
  projectIds: readonly string[] | null,
): Promise<QueueEnd> {
  const { prisma } = store.database;
  const [running, queued, workers] = await prisma.$transaction([
    prisma.$queryRaw<Row[]>(selectRunning()),
    prisma.$queryRaw<Row[]>(selectQueued()),
    prisma.$queryRaw<{ count: number }[]>`select count(*)::int as count from worker
      where status <> 'GONE' and heartbeat_at > now() - ${WORKER_SILENT_AFTER_MS} * interval '1 millisecond'`,
  ]);
  const forecast = forecastQueue({ running, queued }, workers[0]?.count ?? 0);
  const own = [...running, ...queued].filter(
    ({ projectId }) => projectIds === null || projectIds.includes(projectId),
  );
  const ends = own.map(({ id }) => forecast?.ends.get(id) ?? 0);
  const isWhole = queued.length < QUEUED_MAX && forecast !== null;
  return {
    runCount: own.length,
    secondsLeft: isWhole && own.length > 0 ? Math.max(...ends) : null,
    unknownRunCount: own.filter(({ id }) => forecast?.unknownIds.has(id) ?? true).length,
  };
}

type Row = ExpectedRun & { projectId: string };

/** What a run has said of its time left, less the time since then. */
function selectRunning(): Prisma.Sql {
  return Prisma.sql`
    select run.id, experiment.project_id as "projectId",
      greatest(progress.seconds_left - extract(epoch from now() - progress.at), 0)::float8 as seconds
    from run join experiment on experiment.id = run.experiment_id
    left join run_progress progress on progress.run_id = run.id
    where run.status = 'RUNNING' and run.origin = 'WORKER' and run.archived_at is null`;
}

/** The epochs that are left, at the median pace of the newest runs of the same network on the same split. */
function selectQueued(): Prisma.Sql {
  return Prisma.sql`
    select run.id, experiment.project_id as "projectId",
      (pace.seconds * greatest((run.hyperparameters->>'epochs')::int - run.epochs_done, 0))::float8 as seconds
    from run join experiment on experiment.id = run.experiment_id
    left join lateral (
      select percentile_cont(0.5) within group (order by seconds) as seconds from (
        select extract(epoch from finished_at - started_at) / nullif(epochs_done, 0) as seconds from run as done
        where done.split_id = run.split_id and done.architecture = run.architecture and done.status = 'SUCCEEDED'
          and done.attempt = 1 and done.origin = 'WORKER'
        order by finished_at desc limit ${RUNS_LIKE_IT}) as newest) as pace on true
    where run.status = 'QUEUED' and run.archived_at is null and run.carried_at is null
    order by run.priority desc, run.created_at, run.id limit ${QUEUED_MAX}`;
}
