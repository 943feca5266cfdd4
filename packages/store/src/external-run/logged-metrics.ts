/**
 * Numbers that external programs record. Requests that arrive while others are being committed wait for each other and go
 * together: one statement for all of them, whatever runs they are of, and each caller is answered once its numbers
 * are committed. No run's row is locked. That there is something new is told by an event a second at most.
 */

import { AppError } from '@microtome/domain/app-error';
import { checkPoints, type MetricPoint } from '@microtome/domain/external-run/metric-point';
import { checkStorable } from '@microtome/domain/text-rules';
import type { Database } from '../database/database.ts';
import { databaseAway, isDatabaseFault } from '../database/database-faults.ts';
import type { Store } from '../store.ts';
import { refuseRun } from './external-runs.ts';
import { type CheckedBatch, createGroupInsert, type GroupInsert } from './insert-metric-group.ts';

/** A group grows no further: what waits longer goes with the next. */
const POINTS_PER_GROUP = 20_000;
/**
 * While one group is committed the next one waits and grows, because a statement costs much the same for few numbers as for
 * none. With this many it is worth a statement of its own, and is prepared while the other is written.
 */
const POINTS_WORTH_A_GROUP = 2_000;
const GROUPS_AT_ONCE = 2;
const EVENT_INTERVAL_MS = 1_000;
const KEY_LENGTH_MAX = 200;

type Waiting = CheckedBatch & { resolve(): void; reject(error: unknown): void };

type MetricQueue = { add(batch: CheckedBatch): Promise<void> };

/** By what all views of a store share: a view for each asker must not have a queue of its own, in which nothing would wait. */
const queues = new WeakMap<Database, MetricQueue>();

type MetricBatch = {
  runId: string;
  points: readonly MetricPoint[];
  key?: string | null;
  /** An archived run takes no numbers then: CONFLICT. */
  isForActive?: boolean;
};

/**
 * Resolves once they are committed. A batch whose `key` was kept for this run before changes nothing, nor does a point that is
 * there already with all that was told of it.
 * @throws AppError BAD_INPUT for a point, or for a worker's run; NOT_FOUND
 */
export async function logExternalMetrics(
  store: Store,
  { runId, points, key = null, isForActive = false }: MetricBatch,
): Promise<void> {
  const batch = {
    runId,
    isForActive,
    key: key === null ? null : checkKey(key),
    points: checkPoints(points),
  };
  const queue = queues.get(store.database) ?? createQueue(store);
  queues.set(store.database, queue);
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
  const insert = createGroupInsert(store.database);
  const announce = createAnnouncer(store);
  let committing = 0;
  const next = () => {
    if (committing >= GROUPS_AT_ONCE || waiting.length === 0) return;
    if (committing > 0 && countPoints(waiting) < POINTS_WORTH_A_GROUP) return;
    committing += 1;
    const group = takeGroup(waiting);
    commitGroup({ store, insert }, group)
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

function countPoints(batches: readonly CheckedBatch[]): number {
  return batches.reduce((sum, { points }) => sum + points.length, 0);
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
async function commitGroup(
  { store, insert }: { store: Store; insert: GroupInsert },
  group: Waiting[],
): Promise<string[]> {
  try {
    const taken = await insert(group);
    for (const [at, batch] of group.entries()) {
      if (taken.has(at)) batch.resolve();
      else batch.reject(await explainUnknown(store, batch.runId));
    }
    return group.flatMap(({ runId }, at) => (taken.has(at) ? [runId] : []));
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
    for (const batch of group) known.push(...(await commitGroup({ store, insert }, [batch])));
    return known;
  }
}

async function explainUnknown({ database }: Store, runId: string): Promise<AppError> {
  const select = { name: true, origin: true };
  const run = await database.prisma.run.findUnique({ where: { id: runId }, select });
  if (run?.origin !== 'EXTERNAL') return refuseRun(runId, run);
  return new AppError('CONFLICT', `Run '${run.name}' is archived: it takes no numbers.`);
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
