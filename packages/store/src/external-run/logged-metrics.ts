/**
 * Numbers that external programs record. Requests that arrive while others are being committed wait for each other and go
 * together: one statement for all of them, whatever runs they are of, and each caller is answered once its numbers
 * are committed. No run's row is locked. That there is something new is told by an event a second at most.
 */

import { AppError } from '@microtome/domain/app-error';
import {
  type CheckedPoint,
  checkPoints,
  type MetricPoint,
} from '@microtome/domain/external-run/metric-point';
import { checkStorable } from '@microtome/domain/text-rules';
import { databaseAway, isDatabaseFault } from '../database/database-faults.ts';
import type { Store } from '../store.ts';
import { refuseRun } from './external-runs.ts';

/** Groups that are committed at the same time: one, and the next while the server writes. */
const GROUPS_AT_ONCE = 2;
/** A group grows no further: what waits longer goes with the next. */
const POINTS_PER_GROUP = 20_000;
const EVENT_INTERVAL_MS = 1_000;
const KEY_LENGTH_MAX = 200;

type Batch = { runId: string; key: string | null; points: CheckedPoint[] };
type Waiting = Batch & { resolve(): void; reject(error: unknown): void };

type MetricQueue = { add(batch: Batch): Promise<void> };

const queues = new WeakMap<Store, MetricQueue>();

/**
 * Resolves once they are committed. A batch whose `key` was kept for this run before changes nothing, nor does a point that is
 * there already with all that was told of it.
 * @throws AppError BAD_INPUT for a point, or for a worker's run; NOT_FOUND
 */
export async function logExternalMetrics(
  store: Store,
  { runId, points, key = null }: { runId: string; points: readonly MetricPoint[]; key?: string | null },
): Promise<void> {
  const batch = { runId, key: key === null ? null : checkKey(key), points: checkPoints(points) };
  const queue = queues.get(store) ?? createQueue(store);
  queues.set(store, queue);
  await queue.add(batch);
}

function checkKey(key: string): string {
  checkStorable(key, 'The key of a batch');
  if (key.length > 0 && key.length <= KEY_LENGTH_MAX) return key;
  throw new AppError(
    'BAD_INPUT',
    `The key of a batch has ${key.length} characters: it takes 1 to ${KEY_LENGTH_MAX}.`,
  );
}

function createQueue(store: Store): MetricQueue {
  const waiting: Waiting[] = [];
  const announce = createAnnouncer(store);
  let committing = 0;
  const next = () => {
    if (committing >= GROUPS_AT_ONCE || waiting.length === 0) return;
    committing += 1;
    const group = takeGroup(waiting);
    commitGroup(store, group)
      .then((runIds) => announce(runIds))
      .finally(() => {
        committing -= 1;
        next();
      });
    next();
  };
  return {
    add(batch) {
      return new Promise<void>((resolve, reject) => {
        waiting.push({ ...batch, resolve, reject });
        // What this turn of the event loop brings goes together.
        setImmediate(next);
      });
    },
  };
}

/** The oldest ones that fit; never two of one run with the same key, of which the second would not see the first. */
function takeGroup(waiting: Waiting[]): Waiting[] {
  const keys = new Set<string>();
  let points = 0;
  let size = 0;
  for (const { runId, key, points: added } of waiting) {
    const name = `${runId} ${key}`;
    if (size > 0 && (points + added.length > POINTS_PER_GROUP || (key !== null && keys.has(name)))) break;
    keys.add(name);
    points += added.length;
    size += 1;
  }
  return waiting.splice(0, size);
}

/** Settles every batch of the group, and gives the runs that have something new. Never rejects. */
async function commitGroup(store: Store, group: Waiting[]): Promise<string[]> {
  try {
    const known = await insertGroup(store, group);
    for (const batch of group) {
      if (known.has(batch.runId)) batch.resolve();
      else batch.reject(await explainUnknown(store, batch.runId));
    }
    return [...known];
  } catch (error) {
    if (isDatabaseFault(error)) {
      for (const { reject } of group) reject(databaseAway(error));
      return [];
    }
    const [only] = group;
    if (only && group.length === 1) {
      only.reject(error);
      return [];
    }
    // One of them is at fault: alone, only that one fails.
    const known: string[] = [];
    for (const batch of group) known.push(...(await commitGroup(store, [batch])));
    return known;
  }
}

/** Gives those of its runs that take numbers from outside; of the others nothing was written. */
async function insertGroup({ database }: Store, group: readonly Batch[]): Promise<Set<string>> {
  const places = group.flatMap(({ points }, place) => points.map(() => place + 1));
  const points = group.flatMap((batch) => batch.points);
  const { rows } = await database.pool.query<{ runId: string }>({
    name: 'log external metrics',
    text: INSERT_GROUP,
    values: [
      group.map(({ runId }) => runId),
      group.map(({ key }) => key),
      places,
      points.map(({ name }) => name),
      points.map(({ epoch }) => epoch),
      points.map(({ step }) => step),
      points.map(({ value }) => value),
      points.map(({ atMs }) => atMs),
    ],
  });
  return new Set(rows.map(({ runId }) => runId));
}

const INSERT_GROUP = `
  with batch as materialized (
    select told.place, told.run_id, told.key
    from unnest($1::uuid[], $2::text[]) with ordinality as told (run_id, key, place)
    join run on run.id = told.run_id and run.origin = 'EXTERNAL'
  ), fresh as (
    insert into logged_batch (run_id, key) select run_id, key from batch where key is not null
    on conflict do nothing returning run_id, key
  ), heard as (
    update external_run set heard_at = now(), silent_since = null
    where run_id in (select run_id from batch)
      and (heard_at < now() - interval '5 seconds' or silent_since is not null)
  ), written as (
    insert into metric (run_id, owner, name, epoch, step, value, at)
    select batch.run_id, 'EXTERNAL', point.name, point.epoch, point.step, point.value,
      coalesce(to_timestamp(point.at_ms / 1000), now())
    from unnest($3::int[], $4::text[], $5::int[], $6::int[], $7::float8[], $8::float8[])
      as point (place, name, epoch, step, value, at_ms)
    join batch on batch.place = point.place
    where batch.key is null or exists (select from fresh where fresh.run_id = batch.run_id and fresh.key = batch.key)
    on conflict do nothing
  )
  select distinct run_id::text as "runId" from batch`;

async function explainUnknown({ database }: Store, runId: string): Promise<AppError> {
  const run = await database.prisma.run.findUnique({ where: { id: runId }, select: { name: true } });
  return refuseRun(runId, run);
}

/**
 * Tells who follows a run that it has new numbers. The event is a hint: what it is about is in the table already, so one
 * that is lost with the process costs a look.
 */
function createAnnouncer({ database }: Store): (runIds: readonly string[]) => void {
  const moved = new Set<string>();
  let isPlanned = false;
  const announce = () => {
    isPlanned = false;
    const runIds = [...moved].sort();
    moved.clear();
    database.pool
      .query(
        `insert into run_event (run_id, kind, attempt, payload)
         select id, 'METRICS', 0, '{}'::jsonb from run where id = any ($1::uuid[]) order by id`,
        [runIds],
      )
      // The database is away, or the store closed: whoever follows asks again when it is back.
      .catch(() => {});
  };
  return (runIds) => {
    for (const runId of runIds) moved.add(runId);
    if (moved.size === 0 || isPlanned) return;
    isPlanned = true;
    setTimeout(announce, EVENT_INTERVAL_MS).unref();
  };
}
