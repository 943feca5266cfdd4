/**
 * One connection that LISTENs to all of Microtome's channels and hands on what it hears. A notification is only a hint
 * that a row is worth reading. While the connection is down nothing is heard: after each (re)connection the listeners
 * of `onReconnect` are called, so that they read what they may have missed.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/**
 * run_event `runId:seq` · run_progress, run_changed `runId` · dataset_import `importId` · announcement its number ·
 * delivery: one is due.
 */
const CHANNELS = [
  'run_event',
  'run_progress',
  'run_changed',
  'dataset_import',
  'announcement',
  'delivery',
] as const;

/** The name of the connection in pg_stat_activity. */
export const LISTENER_NAME = 'microtome listener';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** A connection can die silently (a suspended laptop, a firewall), so it is probed with a query now and then. */
const PROBE_INTERVAL_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

type Channel = (typeof CHANNELS)[number];
type Unsubscribe = () => void;

export type Listener = {
  subscribe(channel: Channel, onNotification: (payload: string) => void): Unsubscribe;
  /** Called after the first connection too, when LISTEN has taken effect. */
  onReconnect(onReconnected: () => void): Unsubscribe;
  /** Who listens to anything: it is 0 again when nothing is followed any more. */
  countSubscribers(): number;
  /** Whether notifications are being heard now. */
  isConnected(): boolean;
  close(): Promise<void>;
};

type ListenerOptions = {
  /** Names of advisory locks that the connection shares, which tells other processes that this one is there. */
  shares?: readonly string[];
};

/** Connects in the background and keeps reconnecting until it is closed. */
export function createListener(databaseUrl: string, { shares = [] }: ListenerOptions = {}): Listener {
  const subscribers = new Map(
    CHANNELS.map((channel) => [channel as string, new Set<(payload: string) => void>()]),
  );
  const reconnected = new Set<() => void>();
  const closing = new AbortController();
  let connected = false;

  const running = keepConnected({
    databaseUrl,
    shares,
    signal: closing.signal,
    onNotification: ({ channel, payload }) => {
      for (const notify of subscribers.get(channel) ?? []) notify(payload ?? '');
    },
    onConnected: (now) => {
      connected = now;
      if (now) for (const notify of reconnected) notify();
    },
  });

  return {
    subscribe: (channel, onNotification) => addTo(subscribers.get(channel), onNotification),
    onReconnect: (onReconnected) => addTo(reconnected, onReconnected),
    countSubscribers: () => [...subscribers.values(), reconnected].reduce((sum, { size }) => sum + size, 0),
    isConnected: () => connected,
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** A wrapper of its own for each subscription, so that subscribing the same function twice counts twice. */
function addTo<T extends (payload: string) => void>(
  subscribers: Set<T> | undefined,
  subscriber: T,
): Unsubscribe {
  const own = ((payload: string) => subscriber(payload)) as T;
  subscribers?.add(own);
  return () => subscribers?.delete(own);
}

type Connecting = {
  databaseUrl: string;
  shares: readonly string[];
  signal: AbortSignal;
  onNotification(message: pg.Notification): void;
  onConnected(connected: boolean): void;
};

async function keepConnected(connecting: Connecting): Promise<void> {
  const { databaseUrl, shares, signal, onNotification, onConnected } = connecting;
  let retryMs = FIRST_RETRY_MS;
  while (!signal.aborted) {
    const client = new pg.Client({
      connectionString: databaseUrl,
      keepAlive: true,
      application_name: LISTENER_NAME,
    });
    const broken = new AbortController();
    client.on('error', () => broken.abort());
    client.on('end', () => broken.abort());
    client.on('notification', onNotification);
    try {
      await client.connect();
      for (const name of shares) await client.query('select pg_advisory_lock_shared(hashtext($1))', [name]);
      await client.query(CHANNELS.map((channel) => `listen ${channel}`).join('; '));
      retryMs = FIRST_RETRY_MS;
      onConnected(true);
      await probeUntilBroken(client, AbortSignal.any([signal, broken.signal]));
    } catch {
      // Not reachable now: retried below, and `isConnected` is false meanwhile.
    }
    onConnected(false);
    await client.end().catch(() => {});
    await pause(retryMs, signal);
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
  }
}

/** Resolves when the signal is aborted; rejects when a probe is not answered in time. */
async function probeUntilBroken(client: pg.Client, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(PROBE_INTERVAL_MS, signal);
    if (signal.aborted) return;
    await Promise.race([
      client.query('select'),
      delay(PROBE_TIMEOUT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error('no answer'))),
    ]);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
