/** Which runs a list shows, and in which order: filtered, sorted and paged by one statement. */
import { AppError } from '@microtome/domain/app-error';
import { RUN_STATUSES, type RunStatus } from '@microtome/domain/run/run-status';
import { Prisma } from '../../generated/prisma/client.ts';
import { likeAnywhere } from '../database/like-pattern.ts';
import type { Store } from '../store.ts';
import { SETTING_KEY } from './run-settings.ts';

/** What runs can be sorted by: the one list of it. An order is offered by the API as soon as it stands here. */
export const RUN_ORDERS = {
  CREATED_AT: { description: 'When the run was launched.', key: Prisma.sql`run.created_at` },
  NAME: { description: 'The name of the run.', key: Prisma.sql`lower(run.name)` },
  STATUS: {
    description: 'The status, in the order QUEUED to CANCELED.',
    key: Prisma.sql`array_position(${[...RUN_STATUSES]}::text[], run.status)`,
  },
  VALIDATION_AUC: {
    description: 'The best VALIDATION AUC so far; runs without one come last.',
    key: Prisma.sql`(select max(value) from metric where run_id = run.id and owner = 'WORKER' and name = 'validation.auc')`,
  },
  DURATION: {
    description: 'Time from start to end, or to now.',
    key: Prisma.sql`coalesce(run.finished_at, now()) - run.started_at`,
  },
};

type RunOrderField = keyof typeof RUN_ORDERS;

/** Conditions that all must hold; null is no condition. */
export type RunListFilter = {
  experimentId: string | null;
  splitId: string | null;
  datasetId: string | null;
  sweepId: string | null;
  statuses: readonly RunStatus[] | null;
  architectures: readonly string[] | null;
  tag: string | null;
  /** Contained in name, notes or a tag, in any case. */
  search: string | null;
  archived: boolean | null;
  /** Of the same setting as this run: only the seed differs. */
  settingOf: string | null;
  /** One run of each setting among those that match: the newest that SUCCEEDED, else the newest. */
  groupSeeds: boolean;
  /** Only these. */
  runIds?: readonly string[];
};

export type RunListRequest = {
  filter: RunListFilter;
  order: { field: RunOrderField; direction: 'ASC' | 'DESC' };
  take: number;
  /** The page begins behind this run. */
  afterRunId: string | null;
};

type RunListPage = {
  runIds: string[];
  totalCount: number;
  hasNextPage: boolean;
  hasPreviousPage: boolean;
};

/** BAD_INPUT when the run of the cursor is gone or does not match the filter any more. */
export async function listRunIds(store: Store, request: RunListRequest): Promise<RunListPage> {
  const { filter, order, take, afterRunId } = request;
  const direction = order.direction === 'ASC' ? Prisma.sql`asc` : Prisma.sql`desc`;
  // The id settles ties, so that a page never repeats or skips a run; ids rise with time.
  const rows = await store.database.prisma.$queryRaw<
    { id: string | null; position: bigint; total: bigint }[]
  >`
    with listed as (
      select run.id,
        row_number() over (order by ${RUN_ORDERS[order.field].key} ${direction} nulls last, run.id ${direction}) as position,
        count(*) over () as total
      from run where ${matchRuns(filter)} and ${keepOneOfEachSetting(filter)}
    ), start as (
      select coalesce((select position from listed where id = ${afterRunId}::uuid),
        case when ${afterRunId}::uuid is null then 0 end) as position
    )
    select listed.id::text, start.position + row_number() over (order by listed.position) as position,
      (select coalesce(max(total), 0) from listed) as total
    from start left join listed on listed.position > start.position
    where start.position is not null
    order by listed.position limit ${Math.max(take, 1)}`;
  if (rows.length === 0) {
    throw new AppError(
      'BAD_INPUT',
      `Run '${afterRunId}' is not in this list any more: begin again without 'after'.`,
    );
  }
  const totalCount = Number(rows[0]?.total ?? 0);
  const runIds = rows.flatMap(({ id }) => (id === null ? [] : [id])).slice(0, take);
  const firstPosition = Number(rows[0]?.position ?? 1);
  return {
    runIds,
    totalCount,
    hasNextPage: firstPosition - 1 + runIds.length < totalCount,
    hasPreviousPage: firstPosition > 1,
  };
}

function keepOneOfEachSetting(filter: RunListFilter): Prisma.Sql {
  if (!filter.groupSeeds) return Prisma.sql`true`;
  return Prisma.sql`run.id in (
    select distinct on (${SETTING_KEY}) run.id from run where ${matchRuns(filter)}
    order by ${SETTING_KEY}, run.status = 'SUCCEEDED' desc, run.id desc)`;
}

/** The conditions, for a statement that reads `run`. */
export function matchRuns(filter: RunListFilter): Prisma.Sql {
  const pattern = filter.search === null ? null : likeAnywhere(filter.search);
  const conditions = [
    Prisma.sql`true`,
    filter.experimentId && Prisma.sql`run.experiment_id = ${filter.experimentId}::uuid`,
    filter.splitId && Prisma.sql`run.split_id = ${filter.splitId}::uuid`,
    filter.datasetId && Prisma.sql`run.dataset_id = ${filter.datasetId}::uuid`,
    filter.sweepId && Prisma.sql`run.sweep_id = ${filter.sweepId}::uuid`,
    filter.statuses && Prisma.sql`run.status = any(${[...filter.statuses]}::text[])`,
    filter.architectures && Prisma.sql`run.architecture = any(${[...filter.architectures]}::text[])`,
    filter.tag !== null && Prisma.sql`${filter.tag} = any(run.tags)`,
    pattern !== null &&
      Prisma.sql`(run.name ilike ${pattern} or run.notes ilike ${pattern}
        or exists (select from unnest(run.tags) as tag where tag ilike ${pattern}))`,
    filter.settingOf &&
      Prisma.sql`(${SETTING_KEY}) = (select ${SETTING_KEY} from run where run.id = ${filter.settingOf}::uuid)`,
    filter.runIds && Prisma.sql`run.id = any(${[...filter.runIds]}::uuid[])`,
    filter.archived !== null && Prisma.sql`(run.archived_at is not null) = ${filter.archived}`,
  ];
  return Prisma.join(
    conditions.filter((condition) => condition instanceof Prisma.Sql),
    ' and ',
  );
}
