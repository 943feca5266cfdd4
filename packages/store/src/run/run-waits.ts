/**
 * Why runs wait, from the workers that are alive, the order of the queue and what stopped workers report: three
 * statements for any number of runs. A worker is alive by the database's clock, whatever its row says.
 */
import type { BackendRequest, RunLine } from '@microtome/domain/run/backends';
import { type Precision, requestBackend } from '@microtome/domain/run/precision';
import {
  explainQueuedRun,
  explainStoppedRun,
  findRunNeed,
  type LiveWorker,
  type RunNeed,
  type RunWait,
} from '@microtome/domain/run/run-wait';
import { Prisma, type Run } from '../../generated/prisma/client.ts';
import { IS_BOUND, LINE_NEEDED } from '../queue/run-jobs.ts';
import type { Store } from '../store.ts';
import { WORKER_SILENT_AFTER_MS } from './workers.ts';

/** Jobs that wait for a worker; one whose run is at work already delivers nothing. */
const WAITING_JOBS = Prisma.sql`pgboss.job join run on run.id = job.singleton_key::uuid and run.status = 'QUEUED'
  where job.name like 'run-%' and job.state < 'active' and job.policy = 'exclusive'`;

type WaitingRun = Pick<
  Run,
  'id' | 'status' | 'requestedBackend' | 'backend' | 'epochsDone' | 'carriedAt' | 'hyperparameters'
>;

/** Whether there may be something that it waits for. */
export function mayWait({ status }: WaitingRun): boolean {
  return status === 'QUEUED' || status === 'RUNNING';
}

/** By the run's id; a run that does not wait is left out. */
export async function explainWaits(store: Store, runs: readonly WaitingRun[]): Promise<Map<string, RunWait>> {
  const waits = new Map<string, RunWait>();
  const queued = runs.filter(({ status }) => status === 'QUEUED');
  if (queued.length > 0) {
    const [workers, ahead, waitingFor] = [
      await listLiveWorkers(store),
      await countRunsAhead(
        store,
        queued.map(({ id }) => id),
      ),
      await countWaiting(store),
    ];
    for (const run of queued) {
      const aheadOfSameNeed = ahead.get(run.id) ?? 0;
      waits.set(run.id, explainQueuedRun({ need: findRunNeed(run), workers, aheadOfSameNeed, waitingFor }));
    }
  }
  const running = runs.filter(({ status }) => status === 'RUNNING').map(({ id }) => id);
  if (running.length === 0) return waits;
  const stopped = await store.database.prisma.runProgress.findMany({
    where: { runId: { in: running }, waitingFor: { not: null } },
    select: { runId: true, waitingFor: true },
  });
  for (const { runId, waitingFor } of stopped) {
    if (waitingFor) waits.set(runId, explainStoppedRun(waitingFor));
  }
  return waits;
}

/** What a run launched now would wait for, at priority 0. */
export async function explainLaunch(
  store: Store,
  request: { backend: BackendRequest; precision: Precision },
): Promise<RunWait> {
  const { precision } = request;
  const requestedBackend = requestBackend(precision, request.backend);
  const need = findRunNeed({
    requestedBackend,
    hyperparameters: { precision },
    backend: null,
    epochsDone: 0,
    carriedAt: null,
  });
  const [workers, waitingFor] = [await listLiveWorkers(store), await countWaiting(store)];
  const aheadOfSameNeed = waitingFor.get(need.line) ?? 0;
  return explainQueuedRun({ need, workers, aheadOfSameNeed, waitingFor });
}

/** Runs of one need that wait until a person does something. */
export type StuckRuns = { need: RunNeed; wait: RunWait; runCount: number; firstRunId: string };

/** Queued runs that no live worker can take, by what they need; archived ones are not listed. */
export async function listStuckRuns(
  store: Store,
  projectIds: readonly string[] | null,
): Promise<StuckRuns[]> {
  const ofProjects = projectIds
    ? Prisma.sql`experiment_id in (select id from experiment where project_id = any(${[...projectIds]}::uuid[]))`
    : Prisma.sql`true`;
  const groups = await store.database.prisma.$queryRaw<
    { line: RunLine; isBound: boolean; runCount: number; firstRunId: string }[]
  >`
    select ${LINE_NEEDED} as line, ${IS_BOUND} as "isBound",
      count(*)::int as "runCount", min(id::text) as "firstRunId"
    from run where status = 'QUEUED' and archived_at is null and ${ofProjects} group by 1, 2 order by 1, 2`;
  if (groups.length === 0) return [];
  const workers = await listLiveWorkers(store);
  return groups
    .map(({ runCount, firstRunId, ...need }) => {
      const wait = explainQueuedRun({ need, workers, aheadOfSameNeed: 0, waitingFor: new Map() });
      return { need, wait, runCount, firstRunId };
    })
    .filter(({ wait }) => wait.needsAttention);
}

/** Work that takes minutes is told by the rows that a worker holds: its own row names runs alone. */
export async function listLiveWorkers({ database }: Store): Promise<LiveWorker[]> {
  return database.prisma.$queryRaw<LiveWorker[]>`
    select hostname, backends, precisions, (status = 'BUSY'
      or exists (select from slide_analysis where slide_analysis.status = 'RUNNING' and worker_id = worker.id)
      or exists (select from external_evaluation as exam where exam.status = 'RUNNING' and worker_id = worker.id)
      or exists (select from model_check where model_check.status = 'RUNNING' and worker_id = worker.id)
    ) as "isBusy" from worker
    where status <> 'GONE' and heartbeat_at > now() - ${WORKER_SILENT_AFTER_MS} * interval '1 millisecond'
    order by hostname, started_at`;
}

/** How many runs come first in the queue of each of these runs. */
async function countRunsAhead({ database }: Store, runIds: string[]): Promise<Map<string, number>> {
  const rows = await database.prisma.$queryRaw<{ runId: string; ahead: number }[]>`
    select "runId", ahead from (
      select job.singleton_key as "runId",
        (row_number() over (partition by job.name order by job.priority desc, job.created_on, job.id) - 1)::int as ahead
      from ${WAITING_JOBS}) as queued
    where "runId" = any(${runIds}::text[])`;
  return new Map(rows.map(({ runId, ahead }) => [runId, ahead]));
}

async function countWaiting({ database }: Store): Promise<Map<RunLine, number>> {
  const rows = await database.prisma.$queryRaw<{ line: RunLine; count: number }[]>`
    select substr(job.name, 5) as line, count(*)::int as count from ${WAITING_JOBS} group by job.name`;
  return new Map(rows.map(({ line, count }) => [line, count]));
}
