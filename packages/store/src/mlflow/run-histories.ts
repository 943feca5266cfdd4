/** The numbers of runs over time, as MLflow clients and their charts read them. */
import { sampleSteps } from '@microtome/domain/mlflow/sampled-steps';
import { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { requireRun } from './mlflow-runs.ts';
import type { MetricRow } from './run-rows.ts';
import { readPage, type SearchPage } from './search-page.ts';

/** All of a history, where the client asks for no page. */
const HISTORY_MAX = 1_000_000;
export const BULK_HISTORY_MAX = 25_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const COLUMNS = Prisma.sql`run_id as "runId", name, value, step, at`;

/** By moment, step and value. NOT_FOUND for the run. */
export async function readHistory(
  store: Store,
  request: { runId: string; name: string; maxResults?: number; pageToken: string },
): Promise<SearchPage<MetricRow>> {
  const { runId, name, maxResults = HISTORY_MAX, pageToken } = request;
  await requireRun(store, runId);
  return readPage(
    { maxResults, pageToken },
    HISTORY_MAX,
    ({ limit, offset }) => store.database.prisma.$queryRaw<MetricRow[]>`
      select ${COLUMNS} from metric where run_id = ${runId}::uuid and name = ${name}
      order by at, step, value limit ${limit} offset ${offset}`,
  );
}

/** Of several runs, by run; runs that are not there have none. */
export async function readHistories(
  store: Store,
  { runIds, name, limit }: { runIds: readonly string[]; name: string; limit: number },
): Promise<MetricRow[]> {
  const known = runIds.filter((runId) => UUID.test(runId));
  return store.database.prisma.$queryRaw<MetricRow[]>`
    select run_id as "runId", metric.name, value, step, at from metric join run on run.id = run_id
    where run_id = any(${known}::uuid[]) and run.origin = 'EXTERNAL' and metric.name = ${name}
    order by run_id, at, step, value limit ${limit}`;
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
): Promise<MetricRow[]> {
  const { runIds, name, limit, steps } = request;
  for (const runId of runIds) await requireRun(store, runId);
  const within = steps ? Prisma.sql`step between ${steps[0]} and ${steps[1]}` : Prisma.sql`true`;
  const { prisma } = store.database;
  const logged = await prisma.$queryRaw<{ runId: string; step: number }[]>`
    select distinct run_id as "runId", step from metric
    where run_id = any(${[...runIds]}::uuid[]) and name = ${name} and ${within} order by step`;
  const shown = new Set(
    sampleSteps(
      [...new Set(logged.map(({ step }) => step))].sort((a, b) => a - b),
      limit,
    ),
  );
  for (const [, own] of Map.groupBy(logged, ({ runId }) => runId))
    for (const { step } of [own[0]!, own.at(-1)!]) shown.add(step);
  const rows = await prisma.$queryRaw<MetricRow[]>`
    select ${COLUMNS} from metric where run_id = any(${[...runIds]}::uuid[]) and name = ${name}
      and step = any(${[...shown]}::int[])
    order by run_id, step, at, value limit ${BULK_HISTORY_MAX}`;
  const byRun = Map.groupBy(rows, ({ runId }) => runId);
  return runIds.flatMap((runId) => byRun.get(runId) ?? []);
}
