/**
 * One look for all who follow something: keys that are worth reading gather, and are read together by one statement,
 * however many follow them. It listens while anything is followed and stops with the last follower. A notification only
 * says that it is time to look, and a look is taken now and then without one.
 */
import { outlastDatabaseFaults } from './database-faults.ts';
import type { Listener } from './listen.ts';
import { createWaker } from './waker.ts';

const KEYS_A_LOOK = 1_000;

type Channel = Parameters<Listener['subscribe']>[0];

type SharedLookOptions<Key> = {
  listener: Listener;
  /** What a notification on each channel says is worth reading. */
  channels: Partial<Record<Channel, (payload: string) => Key>>;
  /** Reads these keys and tells their followers; repeated while the database is away. */
  look(keys: Key[]): Promise<void>;
  /** The look failed for another reason than the database's absence. */
  onError(keys: Key[], error: unknown): void;
  /** The connection that listens is there (again): says what may have been missed. */
  listMissed(): Promise<Iterable<Key>>;
  /** How often it looks at what may have been missed without a notification; left out: never. */
  intervalMs?: number;
};

export type SharedLook<Key> = {
  /** One more follower; gives how to leave, which may be called more than once. */
  enter(): () => void;
  /** This key is worth reading. */
  mark(key: Key): void;
};

export function createSharedLook<Key>(options: SharedLookOptions<Key>): SharedLook<Key> {
  let followers = 0;
  let looking: Looking<Key> | null = null;
  return {
    enter() {
      followers++;
      looking ??= startLooking(options);
      let isIn = true;
      return () => {
        if (!isIn) return;
        isIn = false;
        followers--;
        if (followers > 0) return;
        looking?.stop();
        looking = null;
      };
    },
    mark: (key) => looking?.mark(key),
  };
}

type Looking<Key> = { mark(key: Key): void; stop(): void };

function startLooking<Key>(options: SharedLookOptions<Key>): Looking<Key> {
  const { listener, channels, look, onError, listMissed, intervalMs = Number.POSITIVE_INFINITY } = options;
  const ending = new AbortController();
  const { signal } = ending;
  const waker = createWaker();
  const marked = new Set<Key>();
  let mayHaveMissed = false;
  const mark = (key: Key) => {
    marked.add(key);
    waker.wake();
  };
  const miss = () => {
    mayHaveMissed = true;
    waker.wake();
  };
  // Listening starts before the first look, so that nothing falls between the two.
  const unsubscribes = Object.entries(channels).map(([channel, read]) =>
    listener.subscribe(channel as Channel, (payload) => mark(read(payload))),
  );
  unsubscribes.push(listener.onReconnect(miss));

  async function lookOnce(): Promise<void> {
    let keys: Key[] = [];
    try {
      if (mayHaveMissed) {
        mayHaveMissed = false;
        for (const key of await outlastDatabaseFaults(() => listMissed(), signal)) marked.add(key);
      }
      // Forgotten before the look, so that a hint during the look leads to another.
      keys = [...marked].slice(0, KEYS_A_LOOK);
      for (const key of keys) marked.delete(key);
      if (keys.length > 0) await outlastDatabaseFaults(() => look(keys), signal);
    } catch (error) {
      if (!signal.aborted) onError(keys, error);
    }
  }
  async function lookOn(): Promise<void> {
    let dueAt = performance.now() + intervalMs;
    while (!signal.aborted) {
      const leftMs = dueAt - performance.now();
      // However much is heard of others: a notification that was lost is made up for.
      if (leftMs <= 0) {
        mayHaveMissed = true;
        dueAt = performance.now() + intervalMs;
      }
      if (marked.size > 0 || mayHaveMissed) await lookOnce();
      else await waker.wait(signal, Number.isFinite(leftMs) ? leftMs : undefined);
    }
  }
  // It ends by the signal; nothing waits for it, and `lookOnce` throws nothing.
  void lookOn();
  return {
    mark,
    stop() {
      for (const unsubscribe of unsubscribes) unsubscribe();
      ending.abort();
    },
  };
}
