/**
 * The events of a run as they come, from any number on and without gaps, and its progress in between. The table is the
 * truth: a notification only says that it is time to look, and a look is taken now and then without one.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { RunEvent, RunProgress } from '../../generated/prisma/client.ts';
import { outlastDatabaseFaults } from '../database/database-faults.ts';
import type { Listener } from '../database/listen.ts';
import type { Store } from '../store.ts';
import { listEvents } from './run-events.ts';

const PAGE_SIZE = 500;
const LOOK_INTERVAL_MS = 5_000;

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
  // Subscribed before the first look, so that nothing falls between the look and the listening.
  const hints = createHints(listener, runId);
  let cursor = afterSeq;
  let progressAt = 0;
  try {
    while (!signal.aborted) {
      const { event, progress } = hints.take();
      const list = () => listEvents(store, { runId, afterSeq: cursor, limit: PAGE_SIZE });
      const page = event ? await outlastDatabaseFaults(list, signal) : [];
      for (const row of page) {
        yield row;
        cursor = row.seq;
      }
      if (page.length === PAGE_SIZE) {
        hints.add({ event: true, progress });
        continue;
      }
      const find = () => store.database.prisma.runProgress.findUnique({ where: { runId } });
      const row = progress ? await outlastDatabaseFaults(find, signal) : null;
      if (row && row.at.getTime() > progressAt) {
        progressAt = row.at.getTime();
        yield row;
      }
      await hints.wait(signal);
    }
  } finally {
    hints.stop();
  }
}

type Hint = { event: boolean; progress: boolean };

function createHints(listener: Listener, runId: string) {
  let pending: Hint = { event: true, progress: true };
  let wake = () => {};
  const add = (hint: Hint) => {
    pending = { event: pending.event || hint.event, progress: pending.progress || hint.progress };
    wake();
  };
  const subscriptions = [
    listener.subscribe('run_event', (payload) => {
      if (payload.startsWith(`${runId}:`)) add({ event: true, progress: false });
    }),
    listener.subscribe('run_progress', (payload) => {
      if (payload === runId) add({ event: false, progress: true });
    }),
    listener.onReconnect(() => add({ event: true, progress: true })),
  ];
  return {
    add,
    /** What there is to look at; forgotten before the look, so that a hint during the look leads to another. */
    take(): Hint {
      const taken = pending;
      pending = { event: false, progress: false };
      return taken;
    },
    async wait(signal: AbortSignal): Promise<void> {
      if (pending.event || pending.progress) return;
      const waking = new AbortController();
      wake = () => waking.abort();
      const ending = AbortSignal.any([waking.signal, signal]);
      const timedOut = await delay(LOOK_INTERVAL_MS, true, { signal: ending }).catch(() => false);
      if (timedOut) add({ event: true, progress: true });
    },
    stop() {
      for (const unsubscribe of subscriptions) unsubscribe();
    },
  };
}
