/**
 * The one WebSocket of a page. It connects right away, retries without limit after pauses that grow to four
 * seconds, or to half a minute where the API says that it is full, and reports to the connection store. A socket on which
 * the API no longer answers is given up.
 */
import { type Client, createClient, TerminatedCloseEvent } from 'graphql-ws';
import { toWebSocketUrl } from './api-address.ts';
import type { Connection } from './connection.ts';
import { createHeartbeat } from './heartbeat.ts';
import { retryRefused } from './retry-refused.ts';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 4_000;
const LONGEST_PAUSE_WHEN_FULL_MS = 30_000;
/** From an answer to the next question whether the API is there. */
const ASK_INTERVAL_MS = 3_000;
const ANSWER_WITHIN_MS = 5_000;
/** "Try again later": the API has as many clients as it takes. */
const TOO_MANY_SOCKETS = 1013;

export function createLiveClient(request: {
  apiUrl: string;
  connection: Connection;
  onReconnect: () => void;
  askIntervalMs?: number;
  answerWithinMs?: number;
}): Client {
  const { apiUrl, connection, onReconnect } = request;
  const { askIntervalMs = ASK_INTERVAL_MS, answerWithinMs = ANSWER_WITHIN_MS } = request;
  let fullCount = 0;
  const heartbeat = createHeartbeat({ answerWithinMs, onSilent: () => client.terminate() });
  const client = createClient({
    url: toWebSocketUrl(apiUrl),
    lazy: false,
    keepAlive: askIntervalMs,
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
      ping: (isReceived) => {
        if (!isReceived) heartbeat.ask();
      },
      message: () => {
        heartbeat.hear();
        connection.hear(Date.now());
      },
      closed: (event) => {
        heartbeat.stop();
        if (!isCloseEvent(event)) return connection.set('lost');
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

/** The server or the network closed it, not this client. */
function isCloseEvent(event: unknown): event is { code: number; reason: string } {
  if (typeof event !== 'object' || event === null || event instanceof TerminatedCloseEvent) return false;
  return 'code' in event && 'reason' in event;
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
