/**
 * A client that follows one run over the WebSocket and asks again, from the last number that it saw, whenever its
 * connection is lost. It keeps every number that it got, in the order in which it got them.
 */
import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

const RECONNECT_DELAY_MS = 250;
const FOLLOW = `subscription ($runId: ID!, $after: Int!) { runEvents(runId: $runId, after: $after) {
  ... on RunEvent { seq kind payload metrics { name value } } } }`;

export type HeardEvent = { seq: number; digest: string };

export type Subscriber = {
  readonly heard: readonly HeardEvent[];
  /** How often it was connected again. */
  readonly reconnects: number;
  /** What the API answered in place of events: nothing, whatever happens to what stands behind it. */
  readonly refusals: readonly string[];
  /** Resolves when it has this number, or rejects when `signal` is aborted. */
  waitFor(seq: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

type EventMetric = { name: string; value: number };
type Fact = { runEvents: { seq?: number; kind: string; payload: unknown; metrics: EventMetric[] } };

/** Of all that an event tells. */
export function digestEvent(kind: string, payload: unknown, metrics: readonly EventMetric[]): string {
  const values = metrics.map(({ name, value }) => `${name}=${value}`).sort();
  return createHash('sha256')
    .update([kind, sortedJson(payload), ...values].join(' '))
    .digest('hex');
}

export function subscribe(apiUrl: string, runId: string): Subscriber {
  const heard: HeardEvent[] = [];
  const refusals: string[] = [];
  const closing = new AbortController();
  let reconnects = -1;
  let wake = Promise.withResolvers<void>();
  const client = createClient({
    url: `${apiUrl.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    // A server that is stopped keeps its sockets open: only a ping tells.
    keepAlive: 2_000,
  });
  const listen = async () => {
    const after = heard.at(-1)?.seq ?? 0;
    for await (const answer of client.iterate<Fact>({ query: FOLLOW, variables: { runId, after } })) {
      for (const { message } of answer.errors ?? []) refusals.push(message);
      const fact = answer.data?.runEvents;
      if (fact?.seq === undefined) continue;
      heard.push({ seq: fact.seq, digest: digestEvent(fact.kind, fact.payload, fact.metrics) });
      wake.resolve();
      wake = Promise.withResolvers();
    }
  };
  const following = (async () => {
    while (!closing.signal.aborted) {
      reconnects += 1;
      await listen().catch(() => undefined);
      await delay(RECONNECT_DELAY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  })();
  return {
    heard,
    refusals,
    get reconnects() {
      return reconnects;
    },
    async waitFor(seq, signal) {
      const aborted = Promise.withResolvers<never>();
      aborted.promise.catch(() => undefined);
      signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
      while ((heard.at(-1)?.seq ?? 0) < seq) await Promise.race([wake.promise, aborted.promise]);
    },
    async close() {
      closing.abort();
      await client.dispose();
      await following;
    },
  };
}

/** The database keeps JSON with its keys in an order of its own. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
