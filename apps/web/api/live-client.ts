/**
 * The one WebSocket of a page. It connects right away, retries without limit after pauses that grow to four
 * seconds, or to half a minute where the API says that it is full, and reports to the connection store.
 */
import { type Client, createClient } from 'graphql-ws';
import { toWebSocketUrl } from './api-address.ts';
import type { Connection } from './connection.ts';
import { retryRefused } from './retry-refused.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;
const LONGEST_PAUSE_WHEN_FULL_MS = 30_000;
const KEEP_ALIVE_MS = 10_000;
/** "Try again later": the API has as many clients as it takes. */
const TOO_MANY_SOCKETS = 1013;

export function createLiveClient(request: {
  apiUrl: string;
  connection: Connection;
  onReconnect: () => void;
}): Client {
  const { apiUrl, connection, onReconnect } = request;
  let fullCount = 0;
  const client = createClient({
    url: toWebSocketUrl(apiUrl),
    lazy: false,
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait(retries) {
      const longestMs = fullCount > 0 ? LONGEST_PAUSE_WHEN_FULL_MS : LONGEST_PAUSE_MS;
      return pause(Math.min(longestMs, FIRST_PAUSE_MS * 2 ** Math.min(Math.max(retries, fullCount), 6)));
    },
    shouldRetry: () => true,
    onNonLazyError: () => connection.set('lost'),
    on: {
      connected: () => {
        fullCount = 0;
        const wasLost = connection.get() === 'lost';
        connection.set('connected');
        if (wasLost) onReconnect();
      },
      closed: (event) => {
        if (!(event instanceof CloseEvent)) return connection.set('lost');
        if (event.code === TOO_MANY_SOCKETS) fullCount++;
        if (event.code !== 1000) connection.set('lost', event.reason || null);
      },
      error: () => connection.set('lost'),
    },
  });
  const retrying = retryRefused(client, {
    onWaiting(reason) {
      if (connection.get() === 'lost') return;
      connection.set(reason === null ? 'connected' : 'limited', reason);
    },
  });
  return { ...client, ...retrying };
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
