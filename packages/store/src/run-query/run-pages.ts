/**
 * Pages of runs, filtered and sorted by one statement, forward and backward. A cursor holds the values of the sort keys of
 * its run, so that the next page begins where that run stood, whatever became of it since.
 */
import { AppError } from '@microtome/domain/app-error';
import { printRunField } from '@microtome/domain/run-query/print-query';
import type { RunFilter, RunSortKey } from '@microtome/domain/run-query/run-filter';
import { Prisma } from '../../generated/prisma/client.ts';
import { limitToPage, selectPrepared, selectRows } from '../database/select-rows.ts';
import { askRevisions, type RevisedRun, type RevisionRow } from '../run/run-revision.ts';
import { SETTING_KEY } from '../run/run-settings.ts';
import type { Store } from '../store.ts';
import { isAlwaysThere, keptValuesSql, sortSql, sortType } from './field-sql.ts';
import { filterSql, type KnownValues } from './filter-sql.ts';

/** Which runs. All conditions hold together. */
export type RunSelection = {
  where: RunFilter | null;
  /** Of the same setting as this run: only the seed differs. */
  settingOf?: string | null;
  /** One run of each setting among those that match: the newest that SUCCEEDED, else the newest. */
  groupSeeds?: boolean;
  /** Only these. */
  runIds?: readonly string[] | null;
  /** Only of these projects; null or left out: of all. */
  projectIds?: readonly string[] | null;
};

/** The id and the values of the sort keys, one each. */
export type RunPlace = { runId: string; keys: readonly SortKeyValue[] };
/** What was asked of its revision, where it was. */
export type ListedRun = RunPlace & { revised: RevisedRun | null };
type SortKeyValue = number | string | null;

type RunPageRequest = RunSelection & {
  sort: readonly RunSortKey[];
  take: number;
  after?: RunPlace | null;
  before?: RunPlace | null;
  /** The last of them in place of the first. */
  fromEnd?: boolean;
  /** Whether all that match are counted by the same statement. */
  withTotal?: boolean;
  withRevision?: boolean;
};

/** `totalCount` is null where nothing was counted: it was not asked for, or no run is on the page. */
type RunPage = {
  places: ListedRun[];
  hasNextPage: boolean;
  hasPreviousPage: boolean;
  totalCount: number | null;
};

type SortPart = {
  key: string;
  sql: Prisma.Sql;
  type: Prisma.Sql;
  isFalling: boolean;
  isAlwaysThere: boolean;
  /** The rows that its values are kept in, which the statement joins. */
  kept: Prisma.Sql | null;
};
type SortedRow = { id: string } & Record<string, SortKeyValue>;

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const NEWEST_FIRST: readonly RunSortKey[] = [
  { field: { kind: 'COLUMN', name: 'createdAt' }, direction: 'DESC' },
];
const TYPES = {
  float8: Prisma.sql`float8`,
  text: Prisma.sql`text`,
  timestamptz: Prisma.sql`timestamptz`,
};

/** The order that a list has where none is asked for: newest first. */
function completeSort(sort: readonly RunSortKey[]): readonly RunSortKey[] {
  return sort.length > 0 ? sort : NEWEST_FIRST;
}

/** BAD_INPUT for a cursor of another order. */
export async function listRunPage(store: Store, request: RunPageRequest): Promise<RunPage> {
  const { take, after = null, before = null, fromEnd = false } = request;
  const total = request.withTotal ? countSql(request) : Prisma.sql`null`;
  const revisions = request.withRevision ? askRevisions(store) : null;
  const parts = listSortParts(request.sort);
  for (const place of [after, before]) if (place) checkPlace(place, parts);
  const conditions = [
    selectionSql(request, knownValues(request.sort, parts)),
    after ? behind(after, parts, false) : null,
    before ? behind(before, parts, true) : null,
  ].filter((condition) => condition !== null);
  const keys = parts.map(({ sql, key, type }) => Prisma.sql`${showKey(sql, type)} as ${Prisma.raw(key)}`);
  const read = (begin: Prisma.Sql, rest: readonly SortPart[], order: Prisma.Sql) =>
    selectPrepared<SortedRow>(
      store,
      Prisma.sql`select run.id::text as id, ${Prisma.join(keys)}, ${total} as total${revisions ? Prisma.sql`, ${revisions.columns}` : Prisma.empty}
        from ${begin} ${joinKept(rest)}
        where ${Prisma.join(conditions, ' and ')} order by ${order} ${limitToPage(take)}`,
    );
  const quick = before || fromEnd ? null : beginWithKept(parts);
  const first = quick ? await read(quick.begin, parts.slice(1), quick.order) : [];
  const rows = first.length > take ? first : await read(Prisma.sql`run`, parts, orderBy(parts, fromEnd));
  const places = rows.slice(0, take).map((row) => ({
    runId: row.id,
    keys: parts.map(({ key }) => keepKey(row[key] ?? null)),
    revised: revisions && { id: row.id, ...revisions.read(row as unknown as RevisionRow) },
  }));
  const hasMore = rows.length > take;
  const totalCount = (rows[0]?.total as number | null | undefined) ?? null;
  return fromEnd
    ? { places: places.reverse(), hasNextPage: before !== null, hasPreviousPage: hasMore, totalCount }
    : { places, hasNextPage: hasMore, hasPreviousPage: after !== null, totalCount };
}

export async function countSelectedRuns(store: Store, selection: RunSelection): Promise<number> {
  const [row] = await selectRows<{ count: number }>(
    store,
    Prisma.sql`select ${countSql(selection)} as count`,
  );
  return row?.count ?? 0;
}

function countSql(selection: RunSelection): Prisma.Sql {
  return Prisma.sql`(select count(*)::int from run where ${selectionSql(selection)})`;
}

/** What it is sorted by and joined with is not looked for again where it is compared, and bounds what is read of its index. */
function knownValues(sort: readonly RunSortKey[], parts: readonly SortPart[]): KnownValues {
  const keys = completeSort(sort);
  return new Map(parts.flatMap(({ kept, sql }, at) => (kept ? [[printRunField(keys[at]!.field), sql]] : [])));
}

/** The condition, for a statement that reads `run`. */
export function selectionSql(
  { where, settingOf, groupSeeds, runIds, projectIds }: RunSelection,
  known?: KnownValues,
): Prisma.Sql {
  const conditions = [
    // Seeds are grouped among all runs of a setting, by a statement of their own.
    where && Prisma.sql`(${filterSql(where, groupSeeds ? undefined : known)})`,
    projectIds &&
      Prisma.sql`run.experiment_id in
        (select id from experiment where project_id = any(${[...projectIds]}::uuid[]))`,
    runIds && Prisma.sql`run.id = any(${[...runIds]}::uuid[])`,
    settingOf &&
      Prisma.sql`(${SETTING_KEY}) = (select ${SETTING_KEY} from run where run.id = ${settingOf}::uuid)`,
  ].filter((condition) => condition instanceof Prisma.Sql);
  const matched = conditions.length > 0 ? Prisma.join(conditions, ' and ') : Prisma.sql`true`;
  if (!groupSeeds) return matched;
  return Prisma.sql`run.id in (select distinct on (${SETTING_KEY}) run.id from run where ${matched}
    order by ${SETTING_KEY}, run.status = 'SUCCEEDED' desc, run.id desc)`;
}

/** The id settles ties, in the direction of the first key; ids rise with time. */
function listSortParts(sort: readonly RunSortKey[]): SortPart[] {
  return completeSort(sort).map(({ field, direction }, at) => {
    const key = `key_${at}`;
    const kept = keptValuesSql(field);
    return {
      key,
      kept,
      sql: kept ? Prisma.sql`${keptAs(key)}.value` : sortSql(field),
      type: TYPES[sortType(field)],
      isFalling: direction === 'DESC',
      isAlwaysThere: isAlwaysThere(field),
    };
  });
}

/** Runs that lack the value are kept, and have none. */
function joinKept(parts: readonly SortPart[]): Prisma.Sql {
  const joins = parts.map(({ kept, key }) =>
    kept ? Prisma.sql`left join ${kept} as ${keptAs(key)} on ${keptAs(key)}.run_id = run.id` : Prisma.empty,
  );
  return joins.length > 0 ? Prisma.join(joins, ' ') : Prisma.empty;
}

/**
 * The runs in the order of the rows that the first key is kept in, where an index gives them: the first of many runs are found
 * without a look at the others. Runs that lack the value are not among them, and come after all that have it.
 */
function beginWithKept(parts: readonly SortPart[]): { begin: Prisma.Sql; order: Prisma.Sql } | null {
  const [first, ...rest] = parts;
  if (!first?.kept) return null;
  const name = keptAs(first.key);
  const begin = Prisma.sql`${first.kept} as ${name} join run on run.id = ${name}.run_id and ${name}.value is not null`;
  return { begin, order: orderBy([{ ...first, isAlwaysThere: true }, ...rest], false) };
}

function keptAs(key: string): Prisma.Sql {
  return Prisma.raw(`${key}_kept`);
}

/** A moment as text: its last digit is kept, and it is read again as it was. */
function showKey(sql: Prisma.Sql, type: Prisma.Sql): Prisma.Sql {
  return type === TYPES.timestamptz
    ? Prisma.sql`to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : sql;
}

/** JSON has no infinity; PostgreSQL reads its name. */
function keepKey(key: SortKeyValue): SortKeyValue {
  return typeof key === 'number' && !Number.isFinite(key) ? String(key) : key;
}

/** Runs that lack a key come last in either direction. */
function orderBy(parts: readonly SortPart[], isReversed: boolean): Prisma.Sql {
  const keys = parts.map(({ sql, isFalling, isAlwaysThere: isThere }) => {
    const direction = isFalling !== isReversed ? Prisma.sql`desc` : Prisma.sql`asc`;
    if (isThere) return Prisma.sql`${sql} ${direction}`;
    return Prisma.sql`${sql} ${direction} ${isReversed ? Prisma.sql`nulls first` : Prisma.sql`nulls last`}`;
  });
  const idFalls = (parts[0]?.isFalling ?? false) !== isReversed;
  return Prisma.join([...keys, idFalls ? Prisma.sql`run.id desc` : Prisma.sql`run.id asc`]);
}

/** Those behind a place; before it when `isReversed`. */
function behind(place: RunPlace, parts: readonly SortPart[], isReversed: boolean): Prisma.Sql {
  const idSign = (parts[0]?.isFalling ?? false) === isReversed ? Prisma.sql`>` : Prisma.sql`<`;
  const id = Prisma.sql`${place.runId}::uuid`;
  const [only] = parts;
  if (parts.length === 1 && only?.isAlwaysThere) {
    return Prisma.sql`(${only.sql}, run.id) ${idSign} (${place.keys[0]}::${only.type}, ${id})`;
  }
  const equal: Prisma.Sql[] = [];
  const steps = parts.map((part, at) => {
    const step = [...equal, beyond(part, place.keys[at] ?? null, isReversed)];
    equal.push(equals(part, place.keys[at] ?? null));
    return Prisma.sql`(${Prisma.join(step, ' and ')})`;
  });
  const tied = Prisma.sql`(${Prisma.join([...equal, Prisma.sql`run.id ${idSign} ${id}`], ' and ')})`;
  return Prisma.sql`(${Prisma.join([...steps, tied], ' or ')})`;
}

function beyond({ sql, type, isFalling }: SortPart, key: SortKeyValue, isReversed: boolean): Prisma.Sql {
  if (key === null) return isReversed ? Prisma.sql`${sql} is not null` : Prisma.sql`false`;
  const sign = isFalling === isReversed ? Prisma.sql`>` : Prisma.sql`<`;
  const larger = Prisma.sql`${sql} ${sign} ${key}::${type}`;
  return isReversed ? larger : Prisma.sql`(${larger} or ${sql} is null)`;
}

function equals({ sql, type }: SortPart, key: SortKeyValue): Prisma.Sql {
  return key === null ? Prisma.sql`${sql} is null` : Prisma.sql`${sql} = ${key}::${type}`;
}

function checkPlace({ keys }: RunPlace, parts: readonly SortPart[]): void {
  if (keys.length === parts.length && parts.every((part, at) => fitsKey(part, keys[at] ?? null))) return;
  throw new AppError(
    'BAD_INPUT',
    'The cursor is of a list of runs in another order: begin again without it.',
  );
}

function fitsKey({ type, isAlwaysThere: isThere }: SortPart, key: SortKeyValue): boolean {
  if (key === null) return !isThere;
  if (type === TYPES.float8) return typeof key === 'number' || key === 'Infinity' || key === '-Infinity';
  if (typeof key !== 'string') return false;
  return type === TYPES.text || (MOMENT.test(key) && !Number.isNaN(Date.parse(key)));
}
