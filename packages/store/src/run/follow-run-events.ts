/**
 * The events of a run as they come, from any number on and without gaps, and its progress in between. The table is the
 * truth. What is new is read once for all followers of a process (run-feed.ts); a follower keeps nothing but the number
 * that it has reached, so that a slow one costs no memory: what it is behind by it reads itself, page by page.
 */
import type { RunEvent, RunProgress } from '../../generated/prisma/client.ts';
import { outlastDatabaseFaults } from '../database/database-faults.ts';
import type { Listener } from '../database/listen.ts';
import { createWaker } from '../database/waker.ts';
import type { Store } from '../store.ts';
import { type RunTopic, shareRunFeed } from './run-feed.ts';

type FollowRequest = {
  runId: string;
  /** The last number that the caller has; 0 for all. */
  afterSeq: number;
  listener: Listener;
  /** Ends the following. */
  signal?: AbortSignal;
};

/**
 * Replays, then follows until the caller returns or `signal` is aborted. Progress may skip, events never do; while the
 * database is away nothing comes, and then all that was missed.
 * Returning takes effect at once, also while nothing happens.
 */
export function followRunEvents(
  store: Store,
  { signal, ...request }: FollowRequest,
): AsyncGenerator<RunEvent | RunProgress, void, void> {
  const returning = new AbortController();
  const ending = signal ? AbortSignal.any([signal, returning.signal]) : returning.signal;
  const events = follow(store, { ...request, signal: ending });
  const giveUp = events.return.bind(events);
  // A generator's own `return` waits until what it awaits is over.
  events.return = (value) => {
    returning.abort();
    return giveUp(value);
  };
  return events;
}

async function* follow(
  store: Store,
  { runId, afterSeq, listener, signal }: FollowRequest & { signal: AbortSignal },
): AsyncGenerator<RunEvent | RunProgress, void, void> {
  const waker = createWaker();
  const { topic, leave } = shareRunFeed(store, listener).enter(runId, waker.wake);
  let cursor = Math.max(0, afterSeq);
  let progressAt = 0;
  try {
    while (!signal.aborted) {
      if (topic.failure) throw topic.failure.error;
      if (topic.head !== null && cursor < topic.head) {
        const events = await readOn(topic, cursor, signal);
        for (const event of events) {
          yield event;
          cursor = event.seq;
        }
        // A run that was deleted has no events any more: nothing comes.
        if (events.length > 0) continue;
      }
      const { progress } = topic;
      if (progress && progress.at.getTime() > progressAt) {
        progressAt = progress.at.getTime();
        yield progress;
        continue;
      }
      await waker.wait(signal);
    }
  } finally {
    leave();
  }
}

/** What comes after the cursor: from what is at hand, or else a page from further back. */
async function readOn(topic: RunTopic, cursor: number, signal: AbortSignal): Promise<readonly RunEvent[]> {
  const first = topic.recent[0]?.seq ?? Number.POSITIVE_INFINITY;
  if (first <= cursor + 1) return topic.recent.slice(cursor + 1 - first);
  return outlastDatabaseFaults(() => topic.readPage(cursor), signal);
}
