/**
 * Follows runs as they change. A notification only names the run: the content comes from its row, which is read once for
 * all followers of a process, together with those of other runs that changed.
 */
import { AppError } from '@microtome/domain/app-error';
import type { RunStatus } from '@microtome/domain/run/run-status';
import { createEventQueue } from '../database/event-queue.ts';
import type { Listener } from '../database/listen.ts';
import { createSharedLook } from '../database/shared-look.ts';
import type { Store } from '../store.ts';

/** How long back runs that settled are told again after a lost connection. */
const RECENT_MS = 10 * 60_000;
/** Changed runs that wait for one follower. */
const WAITING_MAX = 10_000;

export type RunChange = { runId: string; status: RunStatus; epochsDone: number };

type FollowRequest = {
  /** Only runs of this experiment; null for all. */
  experimentId: string | null;
  listener: Listener;
  /** Ends the following. */
  signal: AbortSignal;
};

type Follower = {
  experimentId: string | null;
  tell(change: RunChange): void;
  fail(error: unknown): void;
};

type ChangeFeed = { enter(follower: Follower): () => void };

const feeds = new WeakMap<Listener, ChangeFeed>();

/**
 * From now on, every run that changes, or every one of an experiment. After a lost connection to the database each
 * run that is not settled, or settled lately, is told once, because its changes may have been missed.
 * @throws AppError UNAVAILABLE when it reads so slowly that thousands of changed runs wait
 */
export async function* followRunChanges(
  store: Store,
  { experimentId, listener, signal }: FollowRequest,
): AsyncGenerator<RunChange, void> {
  const queue = createEventQueue<string, RunChange>({
    limit: WAITING_MAX,
    onFull: () =>
      new AppError('UNAVAILABLE', `More than ${WAITING_MAX} changed runs wait to be read. Follow again.`),
  });
  const feed = feeds.get(listener) ?? createChangeFeed(store, listener);
  feeds.set(listener, feed);
  const tell = (change: RunChange) => queue.push(change.runId, change);
  const leave = feed.enter({ experimentId, tell, fail: queue.fail });
  try {
    yield* queue.read(signal);
  } finally {
    leave();
  }
}

function createChangeFeed({ database: { prisma } }: Store, listener: Listener): ChangeFeed {
  const followers = new Set<Follower>();
  const look = createSharedLook<string>({
    listener,
    channels: { run_changed: (runId) => runId },
    async look(runIds) {
      const rows = await prisma.run.findMany({
        where: { id: { in: runIds } },
        select: { id: true, experimentId: true, status: true, epochsDone: true },
      });
      for (const { id, experimentId, status, epochsDone } of rows) {
        const change = { runId: id, status, epochsDone };
        for (const follower of followers) {
          if (follower.experimentId === null || follower.experimentId === experimentId) follower.tell(change);
        }
      }
    },
    onError(_runIds, error) {
      for (const follower of followers) follower.fail(error);
    },
    async listMissed() {
      const since = new Date(Date.now() - RECENT_MS);
      const missed = await prisma.run.findMany({
        where: { OR: [{ status: { in: ['QUEUED', 'RUNNING'] } }, { finishedAt: { gte: since } }] },
        select: { id: true },
      });
      return missed.map(({ id }) => id);
    },
  });
  return {
    enter(follower) {
      followers.add(follower);
      const leave = look.enter();
      return () => {
        followers.delete(follower);
        leave();
      };
    },
  };
}
