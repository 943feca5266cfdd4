/** The numbers of runs over time, as MLflow clients and their charts read them. */
import { sampleSteps } from '@microtome/domain/mlflow/sampled-steps';
import { Prisma } from '../../generated/prisma/client.ts';
import { selectPrepared, selectTexts } from '../database/select-rows.ts';
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
    selectPrepared<RunMetricRow>(
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
  const known = await selectPrepared<{ id: string }>(
    store,
    Prisma.sql`select run.id::text as id from run join experiment on experiment.id = run.experiment_id
      where run.id = any(${runIds.filter(isRunId)}::uuid[]) and run.origin = 'EXTERNAL'
        and ${isInScope(store.scope, Prisma.sql`experiment.project_id`)} order by run.id`,
  );
  const curves = await readCurves(store, { runIds: known.map(({ id }) => id), name, limit });
  return curves.flatMap(listPoints).slice(0, limit);
}

/** The numbers of one run and name by step, moment and size, as PostgreSQL writes them: `{1,2}` has two. */
export type Curve = { runId: string; name: string; steps: string[]; moments: string[]; values: string[] };

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
): Promise<Curve[]> {
  const { runIds, name, limit, steps } = request;
  const pointCount = await requireRuns(store, runIds, name);
  const within = steps ? Prisma.sql`step between ${steps[0]}::int and ${steps[1]}::int` : Prisma.sql`true`;
  // What fits into an answer is read at once, and thinned here.
  if (pointCount <= BULK_HISTORY_MAX) {
    const curves = await readCurves(store, { runIds, name, within, limit: BULK_HISTORY_MAX });
    const shown = chooseSteps(
      curves.map((curve) => curve.steps.map(Number)),
      limit,
    );
    return shown ? curves.map((curve) => keepSteps(curve, shown)) : curves;
  }
  const logged = await selectPrepared<{ steps: number[] | null }>(
    store,
    Prisma.sql`select logged.steps from unnest(${[...runIds]}::uuid[]) as wanted (run_id) cross join lateral (
      select array_agg(distinct step) as steps from metric
      where metric.run_id = wanted.run_id and metric.name = ${name} and ${within}) as logged`,
  );
  const shown = chooseSteps(
    logged.map((own) => own.steps ?? []),
    limit,
  );
  const chosen = shown ? Prisma.sql`step = any(${[...shown]}::int[])` : Prisma.sql`true`;
  const curves = await readCurves(store, {
    runIds,
    name,
    within: Prisma.sql`${within} and ${chosen}`,
    limit: BULK_HISTORY_MAX,
  });
  return cutCurves(curves, BULK_HISTORY_MAX);
}

type CurveRequest = { runIds: readonly string[]; name: string; within?: Prisma.Sql; limit: number };

/**
 * Run by run, in the order of the ids: one look into the key of the table for each, whatever is known of its numbers. Asked for all at
 * once they are found by the size that PostgreSQL supposes the whole to have, and one long run among them makes it read the table.
 */
async function readCurves(store: Store, request: CurveRequest): Promise<Curve[]> {
  const { runIds, name, within = Prisma.sql`true`, limit } = request;
  const rows = await selectTexts(
    store,
    Prisma.sql`select wanted.run_id, curve.steps, curve.moments, curve.values
      from unnest(${[...runIds]}::uuid[]) as wanted (run_id) cross join lateral (
        select array_agg(step) as steps, array_agg(${toMilliseconds(Prisma.sql`at`)}) as moments, array_agg(value) as values
        from (select step, at, value from metric
          where metric.run_id = wanted.run_id and metric.name = ${name} and ${within}
          order by step, at, value limit ${limit}::int) as point) as curve`,
  );
  return rows.flatMap(([runId, ...lists]) => {
    const [steps = [], moments = [], values = []] = lists.map(readList);
    return steps.length > 0 ? [{ runId: runId!, name, steps, moments, values }] : [];
  });
}

/** Of numbers alone, which need no quotation marks. */
function readList(text: string | null): string[] {
  return text === null ? [] : text.slice(1, -1).split(',');
}

/** Null where all of them are shown. */
function chooseSteps(logged: readonly (readonly number[])[], limit: number): Set<number> | null {
  const all = new Set(logged.flat());
  if (all.size <= limit) return null;
  const shown = new Set(
    sampleSteps(
      [...all].sort((a, b) => a - b),
      limit,
    ),
  );
  for (const own of logged) {
    if (own.length === 0) continue;
    shown.add(own.reduce((a, b) => Math.min(a, b)));
    shown.add(own.reduce((a, b) => Math.max(a, b)));
  }
  return shown;
}

function keepSteps({ runId, name, ...curve }: Curve, shown: ReadonlySet<number>): Curve {
  const kept = curve.steps.map((step) => shown.has(Number(step)));
  const keep = (list: readonly string[]) => list.filter((_entry, at) => kept[at]);
  return { runId, name, steps: keep(curve.steps), moments: keep(curve.moments), values: keep(curve.values) };
}

/** By the ids of the runs, as many numbers as fit. */
function cutCurves(curves: readonly Curve[], limit: number): Curve[] {
  let room = limit;
  const kept = new Map<Curve, Curve>();
  for (const curve of curves.toSorted((a, b) => (a.runId < b.runId ? -1 : 1))) {
    const cut = (list: readonly string[]) => list.slice(0, room);
    const { runId, name, steps, moments, values } = curve;
    kept.set(curve, { runId, name, steps: cut(steps), moments: cut(moments), values: cut(values) });
    room = Math.max(0, room - steps.length);
  }
  return curves.map((curve) => kept.get(curve) ?? curve);
}

function listPoints({ runId, name, steps, moments, values }: Curve): RunMetricRow[] {
  return steps.map((step, at) => ({
    runId,
    name,
    step: Number(step),
    atMs: Number(moments[at]),
    value: Number(values[at]),
  }));
}

/** How many numbers of this name they have together. One look for all; NOT_FOUND names the first that is not there. */
async function requireRuns(store: Store, runIds: readonly string[], name: string): Promise<number> {
  const found = await selectPrepared<{ id: string; count: number | null }>(
    store,
    Prisma.sql`select run.id::text as id, (select sum(point_count)::float8 from metric_summary
        where metric_summary.run_id = run.id and metric_summary.name = ${name}) as count
      from run where run.id = any(${runIds.filter(isRunId)}::uuid[]) and run.origin = 'EXTERNAL'`,
  );
  const known = new Set(found.map(({ id }) => id));
  for (const runId of runIds) if (!known.has(runId.toLowerCase())) refuseUnknownRun(runId);
  return found.reduce((sum, { count }) => sum + (count ?? 0), 0);
}
