/** The numbers of runs over time, as MLflow clients and their charts read them. */
import { sampleSteps } from '@microtome/domain/mlflow/sampled-steps';
import { Prisma } from '../../generated/prisma/client.ts';
import { selectRows } from '../run-query/select-rows.ts';
import type { Store } from '../store.ts';
import { isRunId, refuseUnknownRun, requireRun } from './mlflow-runs.ts';
import { isInScope, type ScopedStore } from './mlflow-scope.ts';
import type { MetricRow } from './run-rows.ts';
import { readPage, type SearchPage } from './search-page.ts';
import { toMilliseconds } from './search-sql.ts';

export type RunMetricRow = MetricRow & { runId: string };

/** All of a history, where the client asks for no page. */
const HISTORY_MAX = 1_000_000;
export const BULK_HISTORY_MAX = 25_000;
const COLUMNS = Prisma.sql`run_id::text as "runId", metric.name, value, step, ${toMilliseconds(Prisma.sql`at`)} as "atMs"`;

/** By moment, step and value. NOT_FOUND for the run. */
export async function readHistory(
  store: Store,
  request: { runId: string; name: string; maxResults?: number; pageToken: string },
): Promise<SearchPage<RunMetricRow>> {
  const { runId, name, maxResults = HISTORY_MAX, pageToken } = request;
  await requireRun(store, runId);
  return readPage({ maxResults, pageToken }, HISTORY_MAX, ({ limit, offset }) =>
    selectRows<RunMetricRow>(
      store,
      Prisma.sql`select ${COLUMNS} from metric where run_id = ${runId}::uuid and name = ${name}
          order by at, step, value limit ${limit}::bigint offset ${offset}::bigint`,
    ),
  );
}

/** Of several runs, by run; runs that are not there, or not seen, have none. */
export async function readHistories(
  store: ScopedStore,
  { runIds, name, limit }: { runIds: readonly string[]; name: string; limit: number },
): Promise<RunMetricRow[]> {
  const known = runIds.filter(isRunId);
  return selectRows<RunMetricRow>(
    store,
    Prisma.sql`select ${COLUMNS} from metric join run on run.id = run_id
        join experiment on experiment.id = run.experiment_id
      where ${isInScope(store.scope, Prisma.sql`experiment.project_id`)} and run_id = any(${known}::uuid[])
        and run.origin = 'EXTERNAL' and metric.name = ${name}
      order by run_id, at, step, value limit ${limit}::int`,
  );
}

/**
 * Of each run at most `limit` steps and one more, evenly spaced over the steps of all of them, with the first and the last of each run.
 * NOT_FOUND for a run.
 */
export async function readSampledHistories(
  store: Store,
  request: {
    runIds: readonly string[];
    name: string;
    limit: number;
    steps: [from: number, to: number] | null;
  },
): Promise<RunMetricRow[]> {
  const { runIds, name, limit, steps } = request;
  await requireRuns(store, runIds);
  const within = steps ? Prisma.sql`step between ${steps[0]} and ${steps[1]}` : Prisma.sql`true`;
  const logged = await selectRows<{ runId: string; step: number }>(
    store,
    Prisma.sql`select distinct run_id::text as "runId", step from metric
      where run_id = any(${[...runIds]}::uuid[]) and name = ${name} and ${within} order by step`,
  );
  const shown = new Set(
    sampleSteps(
      [...new Set(logged.map(({ step }) => step))].sort((a, b) => a - b),
      limit,
    ),
  );
  for (const [, own] of Map.groupBy(logged, ({ runId }) => runId))
    for (const { step } of [own[0]!, own.at(-1)!]) shown.add(step);
  const rows = await selectRows<RunMetricRow>(
    store,
    Prisma.sql`select ${COLUMNS} from metric where run_id = any(${[...runIds]}::uuid[]) and name = ${name}
        and step = any(${[...shown]}::int[])
      order by run_id, step, at, value limit ${BULK_HISTORY_MAX}::int`,
  );
  const byRun = Map.groupBy(rows, ({ runId }) => runId);
  return runIds.flatMap((runId) => byRun.get(runId) ?? []);
}

/** One look for all; NOT_FOUND names the first that is not there. */
async function requireRuns({ database }: Store, runIds: readonly string[]): Promise<void> {
  const found = await database.prisma.run.findMany({
    where: { id: { in: runIds.filter(isRunId) }, origin: 'EXTERNAL' },
    select: { id: true },
  });
  const known = new Set(found.map(({ id }) => id));
  for (const runId of runIds) if (!known.has(runId)) refuseUnknownRun(runId);
}
