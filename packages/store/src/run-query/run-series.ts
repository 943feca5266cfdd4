/**
 * The series of several runs by name in one request, thinned where they are long: each stretch gives its smallest and its
 * largest number, so that what is read grows with the picture and not with the history.
 */
import { thinSeries } from '@microtome/domain/metrics/thin-series';
import type { SeriesOwner } from '@microtome/domain/run/series-owner';
import { Prisma } from '../../generated/prisma/client.ts';
import { selectRows } from '../database/select-rows.ts';
import type { Store } from '../store.ts';

export type SeriesPoint = { epoch: number; step: number; value: number; at: Date };
export type RunSeries = {
  runId: string;
  name: string;
  owner: SeriesOwner;
  /** Of the whole series. */
  pointCount: number;
  points: SeriesPoint[];
};

type RunSeriesRequest = {
  runIds: readonly string[];
  names: readonly string[];
  fromEpoch: number;
  fromStep: number;
  /** The last when left out. */
  toEpoch?: number | null | undefined;
  toStep?: number | null | undefined;
  /** Most points of each. */
  points: number;
};

type Row = SeriesPoint & { runId: string; name: string; owner: SeriesOwner; pointCount: number };

/** Only numbers from the first to the last epoch and step that are asked for. */
function holdToStretch({ fromEpoch, fromStep, toEpoch, toStep }: RunSeriesRequest): Prisma.Sql {
  return Prisma.join(
    [
      Prisma.sql`metric.epoch >= ${fromEpoch}::int and metric.step >= ${fromStep}::int`,
      ...(toEpoch == null ? [] : [Prisma.sql`metric.epoch <= ${toEpoch}::int`]),
      ...(toStep == null ? [] : [Prisma.sql`metric.step <= ${toStep}::int`]),
    ],
    ' and ',
  );
}

/** By run, name and epoch; of a name the worker's series comes first. */
export async function listRunSeries(store: Store, request: RunSeriesRequest): Promise<RunSeries[]> {
  const { runIds, names, points } = request;
  const isAsked = holdToStretch(request);
  // A program of others may count in steps alone.
  const place = Prisma.sql`(case when by_step then metric.step else metric.epoch end)`;
  const number = Prisma.sql`((${place} - first_place)::bigint * ${points}::int / greatest(last_place - first_place + 1, 1))`;
  const shown = Prisma.sql`series.run_id, series.name, series.owner, point_count, metric.epoch, metric.step, metric.value, metric.at`;
  const isSame = Prisma.sql`metric.run_id = series.run_id and metric.name = series.name and metric.owner = series.owner`;
  // Series by series, and without the columns that the series itself has: what it supposes of all of them together must not make PostgreSQL read the table.
  const ofSeries = Prisma.sql`(select epoch, step, value, at from metric where ${isSame} and ${isAsked} offset 0)`;
  const rows = await selectRows<Row>(
    store,
    Prisma.sql`with series as (
      select summary.run_id, summary.name, summary.owner, point_count, asked_count, last_epoch <= first_epoch as by_step,
        case when last_epoch > first_epoch then first_epoch else first_step end as first_place,
        case when last_epoch > first_epoch then last_epoch else last_step end as last_place
      from (select run_id, name, owner, point_count from metric_summary) as summary cross join lateral (
        select min(metric.epoch) as first_epoch, min(metric.step) as first_step, count(*) as asked_count,
          max(metric.epoch) as last_epoch, max(metric.step) as last_step from metric
        where metric.run_id = summary.run_id and metric.name = summary.name and metric.owner = summary.owner
          and ${isAsked}) as stretch
      where summary.run_id = any(${[...runIds]}::uuid[]) and summary.name = any(${[...names]}::text[])
        and asked_count > 0
    ), long as (
      -- Found again by their place in a list: PostgreSQL, which knows nothing of how many they are, would join them one by one.
      select series.*, lows, highs from series cross join lateral (
        select array_agg(low order by number) as lows, array_agg(high order by number) as highs from (
          -- What is no number gives way to what is.
          select number, coalesce(min(nullif(value, 'NaN'::float8)), 'NaN') as low,
            coalesce(max(nullif(value, 'NaN'::float8)), 'NaN') as high
          from (select ${number} as number, metric.value from ${ofSeries} as metric
            union all select generate_series(0, ${points}::int), null) as numbered
          group by number) as stretch) as stretches
      where asked_count > ${points}::int
    ), kept as (
      select ${shown} from series cross join lateral ${ofSeries} as metric where asked_count <= ${points}::int
      union all
      -- The first of each lowest and highest, and both ends.
      (select distinct on (run_id, name, owner, number, value, is_last) run_id, name, owner, point_count, epoch, step, value, at
      from (select ${shown}, lows, highs, ${number} as number, ${place} as place, first_place, last_place,
          ${place} = last_place as is_last
        from long as series cross join lateral ${ofSeries} as metric) as numbered
      where value in (lows[number + 1], highs[number + 1]) or place in (first_place, last_place)
      order by run_id, name, owner, number, value, is_last, place)
    )
    select run_id::text as "runId", name, owner, point_count as "pointCount", epoch, step, value, at
    from kept order by run_id, name, owner desc, epoch, step`,
  );
  const grouped = Map.groupBy(rows, ({ runId, name, owner }) => JSON.stringify([runId, name, owner]));
  return [...grouped.values()].flatMap((ofSeries) => {
    const [first] = ofSeries;
    if (!first) return [];
    const { runId, name, owner, pointCount } = first;
    return [{ runId, name, owner, pointCount, points: thinSeries(ofSeries, points) }];
  });
}
