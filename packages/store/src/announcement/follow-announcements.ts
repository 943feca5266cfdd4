/**
 * Announcements as they come, from any number on. Each is read once for all followers of a process; the newest stay at
 * hand, and a follower that is further behind reads on its own. A notification is only a hint: the table is the truth.
 */
import type { AnnouncementKind } from '@microtome/domain/announcement/announcement';
import type { Announcement } from '../../generated/prisma/client.ts';
import { outlastDatabaseFaults } from '../database/database-faults.ts';
import type { Listener } from '../database/listen.ts';
import { createSharedLook } from '../database/shared-look.ts';
import { createWaker } from '../database/waker.ts';
import type { Store } from '../store.ts';
import { findNewestNumber, listAnnouncements } from './announcements.ts';

const PAGE_SIZE = 500;
const PAGE_BEHIND = 100;
const RECENT_MAX = 1_000;
const LOOK_INTERVAL_MS = 5_000;

type FollowRequest = {
  kinds: readonly AnnouncementKind[];
  /** The last number that the caller has; 0 for all, null for what comes from now on. */
  afterNumber: number | null;
  listener: Listener;
  /** Ends the following. */
  signal: AbortSignal;
};

/** What is known, for all who follow by one listener. */
type Feed = {
  /** Number of the newest announcement that was read; null until the first look. */
  head: number | null;
  /** The newest up to `head`, without gaps. */
  recent: readonly Announcement[];
  failure: { error: unknown } | null;
  enter(wake: () => void): () => void;
};

const feeds = new WeakMap<Listener, Feed>();

/** Each announcement of these kinds once and in order. While the database is away nothing comes, and then all that was missed. */
export async function* followAnnouncements(
  store: Store,
  { kinds, afterNumber, listener, signal }: FollowRequest,
): AsyncGenerator<Announcement, void> {
  const start = async () => afterNumber ?? (await findNewestNumber(store));
  let cursor = await outlastDatabaseFaults(start, signal);
  const feed = shareFeed(store, listener);
  const waker = createWaker();
  const leave = feed.enter(waker.wake);
  try {
    while (!signal.aborted) {
      if (feed.failure) throw feed.failure.error;
      if (feed.head === null || cursor >= feed.head) {
        await waker.wait(signal);
        continue;
      }
      const { head } = feed;
      const read = async () => readOn(store, feed, { kinds, cursor });
      const page = await outlastDatabaseFaults(read, signal);
      for (const announcement of page.announcements) {
        cursor = announcement.number;
        yield announcement;
      }
      // Nothing of these kinds is left below what was known when the page was read.
      if (page.isLast) cursor = Math.max(cursor, head);
    }
  } finally {
    leave();
  }
}

async function readOn(
  store: Store,
  { recent, head }: Feed,
  { kinds, cursor }: { kinds: readonly AnnouncementKind[]; cursor: number },
): Promise<{ announcements: readonly Announcement[]; isLast: boolean }> {
  const first = recent[0]?.number ?? Number.POSITIVE_INFINITY;
  if (first <= cursor + 1) {
    const wanted = recent.filter(({ number, kind }) => number > cursor && kinds.includes(kind));
    return { announcements: wanted, isLast: true };
  }
  const page = await listAnnouncements(store, {
    kinds,
    afterNumber: cursor,
    untilNumber: head,
    limit: PAGE_BEHIND,
  });
  return { announcements: page, isLast: page.length < PAGE_BEHIND };
}

function shareFeed(store: Store, listener: Listener): Feed {
  const known = feeds.get(listener);
  // One that failed is read from the start for those who come now.
  if (known && !known.failure) return known;
  const feed = createFeed(store, listener);
  feeds.set(listener, feed);
  return feed;
}

function createFeed(store: Store, listener: Listener): Feed {
  const wakes = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of wakes) wake();
  };
  const look = createSharedLook<'announcements'>({
    listener,
    channels: { announcement: () => 'announcements' },
    async look() {
      feed.head ??= await findNewestNumber(store);
      const added = await listAnnouncements(store, { afterNumber: feed.head, limit: PAGE_SIZE });
      // A new list: followers may be in the middle of the old one.
      feed.recent = [...feed.recent, ...added].slice(-RECENT_MAX);
      feed.head = added.at(-1)?.number ?? feed.head;
      if (added.length === PAGE_SIZE) look.mark('announcements');
      wakeAll();
    },
    onError(_keys, error) {
      feed.failure = { error };
      wakeAll();
    },
    listMissed: async () => ['announcements'] as const,
    intervalMs: LOOK_INTERVAL_MS,
  });
  const feed: Feed = {
    head: null,
    recent: [],
    failure: null,
    enter(wake) {
      // Nothing was read while nothing followed: it begins with what is newest now.
      if (wakes.size === 0) Object.assign(feed, { head: null, recent: [] });
      wakes.add(wake);
      const leave = look.enter();
      look.mark('announcements');
      return () => {
        wakes.delete(wake);
        leave();
      };
    },
  };
  return feed;
}
