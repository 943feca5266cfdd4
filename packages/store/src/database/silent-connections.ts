/**
 * Connections that died without a word: a firewall forgot them, or a machine between is gone. Nothing arrives any more,
 * not even an error, and a statement on one would wait for a quarter of an hour. Where an answer is due for seconds, the
 * server is asked over a connection of its own whether it is at work on that statement; when it has been doing nothing
 * for a while, the connection is broken off, which every caller knows how to deal with.
 */
import type { Socket } from 'node:net';
import pg from 'pg';

const LOOK_INTERVAL_MS = 1_000;
/** An answer that is due this long makes us ask, and asking again waits as long. */
const SUSPICIOUS_AFTER_MS = 4_000;
/** A server that has been idle this long has sent what it had to say. */
const IDLE_AFTER_MS = 2_000;
const ASK_TIMEOUT_MS = 5_000;

/** What the driver has and does not declare. */
type Watched = pg.PoolClient & {
  processID: number | null;
  connection: { stream: Socket; prependListener(event: 'readyForQuery', listener: () => void): void };
};

type State = {
  /** What had been sent when the server last said that it was ready. */
  sentWhenReady: number;
  /** Since when it owes an answer; null while it owes none. */
  owingSinceMs: number | null;
  isIdle: boolean;
};

/** Watches each connection of the pool. Returns what ends it. */
export function watchForSilence(pool: pg.Pool, databaseUrl: string): () => void {
  const states = new Map<Watched, State>();
  pool.on('connect', (given) => {
    const client = given as Watched;
    const state: State = {
      sentWhenReady: client.connection.stream.bytesWritten,
      owingSinceMs: null,
      isIdle: false,
    };
    states.set(client, state);
    // Before the driver's own listener, which may send the next statement.
    client.connection.prependListener('readyForQuery', () => {
      state.sentWhenReady = client.connection.stream.bytesWritten;
      state.owingSinceMs = null;
    });
  });
  pool.on('acquire', (client) => setIdle(states.get(client as Watched), false));
  pool.on('release', (_, client) => setIdle(states.get(client as Watched), true));
  pool.on('remove', (client) => states.delete(client as Watched));
  let isAsking = false;
  const timer = setInterval(async () => {
    const suspects = findSuspects(states);
    if (suspects.length === 0 || isAsking) return;
    isAsking = true;
    const owedSince = new Map(suspects.map((client) => [client, states.get(client)?.owingSinceMs]));
    const found = await findSilent(suspects, databaseUrl).catch(() => []);
    isAsking = false;
    // A process that was stopped, or busy, reads only now what had arrived long ago.
    const silent = found.filter((client) => states.get(client)?.owingSinceMs === owedSince.get(client));
    if (silent.length > 0) breakOff(states, silent);
  }, LOOK_INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

function setIdle(state: State | undefined, isIdle: boolean): void {
  if (state) state.isIdle = isIdle;
}

function findSuspects(states: ReadonlyMap<Watched, State>): Watched[] {
  const nowMs = performance.now();
  return [...states].flatMap(([client, state]) => {
    const isOwing = client.connection.stream.bytesWritten > state.sentWhenReady;
    if (!isOwing) return [];
    state.owingSinceMs ??= nowMs;
    return nowMs - state.owingSinceMs >= SUSPICIOUS_AFTER_MS ? [client] : [];
  });
}

/**
 * Those whose process at the server is known and waits for us. What stands between (a pooler) may have given another
 * number: it is not found, and the connection is left alone.
 */
async function findSilent(suspects: readonly Watched[], connectionString: string): Promise<Watched[]> {
  const asking = new pg.Client({
    connectionString,
    connectionTimeoutMillis: ASK_TIMEOUT_MS,
    query_timeout: ASK_TIMEOUT_MS,
  });
  asking.on('error', () => undefined);
  try {
    await asking.connect();
    const { rows } = await asking.query<{ pid: number }>(
      `select pid from pg_stat_activity where pid = any($1::int[]) and state like 'idle%'
         and state_change < now() - $2 * interval '1 millisecond'`,
      [suspects.map(({ processID }) => processID), IDLE_AFTER_MS],
    );
    const idle = new Set(rows.map(({ pid }) => pid));
    return suspects.filter(({ processID }) => processID !== null && idle.has(processID));
  } finally {
    await asking.end().catch(() => undefined);
  }
}

/** And those that are not in use: they went the same way, and callers would find out one by one. */
function breakOff(states: ReadonlyMap<Watched, State>, silent: readonly Watched[]): void {
  const unused = [...states].flatMap(([client, { isIdle }]) => (isIdle ? [client] : []));
  for (const { connection } of new Set([...silent, ...unused])) {
    connection.stream.destroy(Object.assign(new Error('The connection fell silent.'), { code: 'ETIMEDOUT' }));
  }
}
