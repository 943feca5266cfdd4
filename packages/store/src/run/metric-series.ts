/** The numbers of many runs, each list in one statement. */
import type { SeriesOwner } from '@microtome/domain/run/series-owner';
import { type Metric, Prisma } from '../../generated/prisma/client.ts';
import { selectPrepared } from '../database/select-rows.ts';
import type { Store } from '../store.ts';

/** `names`: only these series; null for all. */
export type SeriesRequest = { runId: string; names: readonly string[] | null };

/**
 * Of the columns of Prisma's model. The table is asked run by run, by its key: asked for all runs at once, PostgreSQL reads all of it
 * where one of them is long.
 */
const COLUMNS = Prisma.sql`metric.run_id::text as "runId", metric.owner, metric.name, metric.epoch, metric.step, metric.value, metric.at`;

/** All numbers of these series, by run, name and epoch; of a name the worker's come first. */
export async function listSeries(
  store: Store,
  { runIds, names }: { runIds: readonly string[]; names: readonly string[] },
): Promise<Metric[]> {
  return selectPrepared<Metric>(
    store,
    Prisma.sql`select ${COLUMNS} from unnest(${[...runIds]}::uuid[]) as wanted (run_id) cross join lateral (
        select * from metric where metric.run_id = wanted.run_id and metric.name = any(${[...names]}::text[])
        order by name, owner desc, epoch, step, at offset 0) as metric
      order by wanted.run_id, metric.name, metric.owner desc, metric.epoch, metric.step, metric.at`,
  );
}

export type SeriesHead = { runId: string; name: string; owner: SeriesOwner; pointCount: number };

/** Which series there are, without their numbers; of a name the worker's comes first. */
export async function listSeriesHeads(
  store: Store,
  requests: readonly SeriesRequest[],
): Promise<SeriesHead[]> {
  return store.database.prisma.metricSummary.findMany({
    where: {
      OR: requests.map(({ runId, names }) => ({ runId, ...(names ? { name: { in: [...names] } } : {}) })),
    },
    select: { runId: true, name: true, owner: true, pointCount: true },
    orderBy: [{ runId: 'asc' }, { name: 'asc' }, { owner: 'desc' }],
  });
}

/** The numbers that a worker recorded with these epochs, by name. */
export async function listEpochMetrics(
  store: Store,
  epochs: readonly { runId: string; epoch: number }[],
): Promise<Metric[]> {
  return selectPrepared<Metric>(
    store,
    Prisma.sql`select ${COLUMNS}
      from unnest(${epochs.map(({ runId }) => runId)}::uuid[], ${epochs.map(({ epoch }) => epoch)}::int[]) as wanted (run_id, epoch)
        cross join lateral (select * from metric where metric.run_id = wanted.run_id and metric.epoch = wanted.epoch
          and metric.owner = 'WORKER' offset 0) as metric
      order by metric.name`,
  );
}

type LatestMetric = { runId: string; name: string; epoch: number; value: number };

/** The newest number of each run and name that has one: the worker's, where it has that series. */
export async function listLatestMetrics(
  store: Store,
  { runIds, names }: { runIds: readonly string[]; names: readonly string[] },
): Promise<LatestMetric[]> {
  return store.database.prisma.$queryRaw<LatestMetric[]>`
    select distinct on (run_id, name) run_id::text as "runId", name, last_epoch as epoch, last_value as value
    from metric_summary
    where run_id = any(${[...runIds]}::uuid[]) and name = any(${[...names]}::text[])
    order by run_id, name, owner desc`;
}
