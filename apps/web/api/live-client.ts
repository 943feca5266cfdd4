/**
 * The one WebSocket of a page. It connects right away, retries without limit after pauses that grow to four
 * seconds, and reports to the connection store.
 */
import { type Client, createClient } from 'graphql-ws';
import { toWebSocketUrl } from './api-address.ts';
import type { Connection } from './connection.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;
const KEEP_ALIVE_MS = 10_000;

export function createLiveClient(request: {
  apiUrl: string;
  connection: Connection;
  onReconnect: () => void;
}): Client {
  const { apiUrl, connection, onReconnect } = request;
  return createClient({
    url: toWebSocketUrl(apiUrl),
    lazy: false,
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => pause(Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(retries, 4))),
    shouldRetry: () => true,
    onNonLazyError: () => connection.set('lost'),
    on: {
      connected: () => {
        const wasLost = connection.get() === 'lost';
        connection.set('connected');
        if (wasLost) onReconnect();
      },
      closed: (event) => {
        if (!(event instanceof CloseEvent) || event.code !== 1000) connection.set('lost');
      },
      error: () => connection.set('lost'),
    },
  });
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
