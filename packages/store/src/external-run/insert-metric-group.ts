/**
 * A group of batches of numbers as one statement, which is a transaction of its own: all of the group is written, or nothing. It
 * is the place that knows the table, what is the same point, and what is the quickest way to write many.
 */
import type { CheckedPoint } from '@microtome/domain/external-run/metric-point';
import type { Database } from '../database/database.ts';

export type CheckedBatch = {
  runId: string;
  /** Of a batch that is kept once however often it comes. */
  key: string | null;
  /** Whether an archived run takes none. */
  isForActive: boolean;
  points: readonly CheckedPoint[];
};

/** Gives the places in the group of the batches that were taken; of the others' runs nothing was written. */
export type GroupInsert = (group: readonly CheckedBatch[]) => Promise<Set<number>>;

const UNIQUE_VIOLATION = '23505';
const POINT_KEY = 'metric_pkey';
const REPEATING_RUNS_MAX = 1_000;

/**
 * To look for each point before it is written costs as much again as to write it, and hardly any program sends one twice. So a
 * group is written as if all were new. One that is not new refuses the statement; from then on its run is looked at.
 */
export function createGroupInsert({ pool }: Pick<Database, 'pool'>): GroupInsert {
  const repeating = new Set<string>();
  const insert = async (group: readonly CheckedBatch[], isChecked: boolean) => {
    const name = `log external metrics${isChecked ? ', some known' : ''}`;
    const text = isChecked ? INSERT_UNKNOWN : INSERT_NEW;
    const { rows } = await pool.query<{ place: number }>({ name, text, values: writeValues(group) });
    return new Set(rows.map(({ place }) => place - 1));
  };
  return async (group) => {
    if (group.some(({ runId }) => repeating.has(runId))) return insert(group, true);
    try {
      return await insert(group, false);
    } catch (error) {
      if (!isKnownPoint(error)) throw error;
      if (repeating.size >= REPEATING_RUNS_MAX) repeating.clear();
      for (const runId of findRepeating(group, error.detail)) repeating.add(runId);
      return insert(group, true);
    }
  };
}

function isKnownPoint(error: unknown): error is { detail?: string } {
  const { code, constraint } = error as { code?: string; constraint?: string };
  return code === UNIQUE_VIOLATION && constraint === POINT_KEY;
}

/** The run that the refusal names: `Key (run_id, …)=(ID, …) already exists.` All of them where it names none. */
function findRepeating(group: readonly CheckedBatch[], detail = ''): string[] {
  const runIds = [...new Set(group.map(({ runId }) => runId))];
  const named = runIds.filter((runId) => detail.includes(runId.toLowerCase()));
  return named.length > 0 ? named : runIds;
}

function writeValues(group: readonly CheckedBatch[]): unknown[] {
  const points = group.flatMap((batch) => batch.points);
  // Few series have many numbers: each name is sent once.
  const names = [...new Set(points.map(({ name }) => name))];
  const placeOfName = new Map(names.map((name, at) => [name, at + 1]));
  return [
    group.map(({ runId }) => runId),
    group.map(({ key }) => key),
    group.map(({ isForActive }) => isForActive),
    names,
    writeArray(group.flatMap((batch, at) => batch.points.map(() => at + 1))),
    writeArray(points.map(({ name }) => placeOfName.get(name)!)),
    writeArray(points.map(({ epoch }) => epoch)),
    writeArray(points.map(({ step }) => step)),
    writeArray(points.map(({ value }) => value)),
    writeArray(points.map(({ atMs }) => atMs ?? 'null')),
  ];
}

/** As PostgreSQL reads an array; the driver looks for quotes in each number. */
function writeArray(numbers: readonly (number | 'null')[]): string {
  return `{${numbers.join(',')}}`;
}

const writeStatement = (onConflict: string) => `
  with batch as materialized (
    select told.place::int as place, told.run_id, told.key
    from unnest($1::uuid[], $2::text[], $3::boolean[]) with ordinality as told (run_id, key, is_for_active, place)
    join run on run.id = told.run_id and run.origin = 'EXTERNAL' and not (told.is_for_active and run.archived_at is not null)
  ), fresh as (
    insert into logged_batch (run_id, key) select run_id, key from batch where key is not null
    on conflict do nothing returning run_id, key
  ), heard as (
    update external_run set heard_at = now(), silent_since = null
    where run_id in (select run_id from batch)
      and (heard_at < now() - interval '5 seconds' or silent_since is not null)
  ), written as (
    insert into metric (run_id, owner, name, epoch, step, value, at)
    select batch.run_id, 'EXTERNAL', ($4::text[])[point.name], point.epoch, point.step, point.value,
      coalesce(to_timestamp(point.at_ms / 1000), now())
    from unnest($5::int[], $6::int[], $7::int[], $8::int[], $9::float8[], $10::float8[])
      as point (place, name, epoch, step, value, at_ms)
    join batch on batch.place = point.place
    where batch.key is null or exists (select from fresh where fresh.run_id = batch.run_id and fresh.key = batch.key)
    ${onConflict}
  )
  select place from batch`;

const INSERT_NEW = writeStatement('');
const INSERT_UNKNOWN = writeStatement('on conflict do nothing');
