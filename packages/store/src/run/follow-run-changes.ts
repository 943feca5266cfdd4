/** Follows runs as they change. A notification only names the run: the content comes from its row. */
import type { RunStatus } from '@microtome/domain/run/run-status';
import { createEventQueue } from '../database/event-queue.ts';
import type { Listener } from '../database/listen.ts';
import type { Store } from '../store.ts';

/** How long back runs that settled are told again after a lost connection. */
const RECENT_MS = 10 * 60_000;

export type RunChange = { runId: string; status: RunStatus; epochsDone: number };

type FollowRequest = {
  /** Only runs of this experiment; null for all. */
  experimentId: string | null;
  listener: Listener;
  /** Ends the following. */
  signal: AbortSignal;
};

/**
 * From now on, every run that changes, or every one of an experiment. After a lost connection to the database each
 * run that is not settled, or settled lately, is told once, because its changes may have been missed.
 */
export async function* followRunChanges(
  { database: { prisma } }: Store,
  { experimentId, listener, signal }: FollowRequest,
): AsyncGenerator<RunChange, void> {
  const inScope = experimentId ? { experimentId } : {};
  const queue = createEventQueue<string>();
  const stopListening = listener.subscribe('run_changed', (runId) => queue.push(runId));
  const stopWatching = listener.onReconnect(async () => {
    const since = new Date(Date.now() - RECENT_MS);
    const missed = await prisma.run.findMany({
      where: { ...inScope, OR: [{ status: { in: ['QUEUED', 'RUNNING'] } }, { finishedAt: { gte: since } }] },
      select: { id: true },
    });
    for (const { id } of missed) queue.push(id);
  });
  try {
    for await (const runId of queue.read(signal)) {
      const run = await prisma.run.findFirst({
        where: { ...inScope, id: runId },
        select: { status: true, epochsDone: true },
      });
      if (run) yield { runId, ...run };
    }
  } finally {
    stopListening();
    stopWatching();
  }
}
