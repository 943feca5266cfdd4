/**
 * Asks again, after pauses that grow, for subscriptions that the API cannot serve at present: too many are open, or its
 * database is away. Whoever subscribed sees nothing of it; the page is told how many wait and why.
 */
import type { Client, Sink } from 'graphql-ws';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

type Fault = { message: string; extensions?: Record<string, unknown> };
type Result = { data?: unknown; errors?: readonly Fault[] };

type RetryOptions = {
  /** The sentence of the API, or null once nothing waits any more. */
  onWaiting(reason: string | null): void;
  firstPauseMs?: number;
};

export function retryRefused(
  client: Client,
  { onWaiting, firstPauseMs = FIRST_PAUSE_MS }: RetryOptions,
): Pick<Client, 'subscribe'> {
  const waiting = new Set<object>();
  return {
    subscribe(payload, sink) {
      const own = {};
      return askUntilServed({
        ask: (watched) => client.subscribe(payload, watched as typeof sink),
        sink: sink as Sink<Result>,
        firstPauseMs,
        onRefused(message) {
          waiting.add(own);
          onWaiting(message);
        },
        onSettled() {
          if (waiting.delete(own) && waiting.size === 0) onWaiting(null);
        },
      });
    },
  };
}

type Asking = {
  ask(sink: Sink<Result>): () => void;
  sink: Sink<Result>;
  firstPauseMs: number;
  onRefused(message: string): void;
  /** It is served, or over. */
  onSettled(): void;
};

function askUntilServed({ ask, sink, firstPauseMs, onRefused, onSettled }: Asking): () => void {
  let stop = () => {};
  let refusals = 0;
  let refusal: Fault | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function askNow(): void {
    refusal = null;
    stop = ask({
      next(result) {
        // The API ends a subscription by an error of this kind: its end is awaited.
        refusal = result.data ? null : findRetryable(result.errors);
        if (refusal) return;
        refusals = 0;
        onSettled();
        sink.next(result);
      },
      error: (error) => finish(findRetryable(error), () => sink.error(error)),
      complete: () => finish(refusal, () => sink.complete()),
    });
  }

  function finish(fault: Fault | null, tell: () => void): void {
    if (!fault) {
      onSettled();
      tell();
      return;
    }
    onRefused(fault.message);
    timer = setTimeout(askNow, Math.min(LONGEST_PAUSE_MS, firstPauseMs * 2 ** refusals));
    refusals++;
  }

  askNow();
  return () => {
    clearTimeout(timer);
    onSettled();
    refusal = null;
    stop();
  };
}

function findRetryable(errors: unknown): Fault | null {
  if (!Array.isArray(errors)) return null;
  return (errors as Fault[]).find(({ extensions }) => extensions?.retryable === true) ?? null;
}
