/**
 * Turns notifications into an async sequence of the newest value of each key: what comes while the reader is busy waits,
 * and a newer value takes the place of an older one of its key. So a slow reader never makes the queue longer than the
 * number of distinct things, nor than its limit, beyond which the reading fails.
 */
import { createWaker } from './waker.ts';

type EventQueue<Key, Value> = {
  push(key: Key, value: Value): void;
  /** What the reading throws once it gets there. */
  fail(error: unknown): void;
  /** Ends when `signal` aborts. */
  read(signal: AbortSignal): AsyncGenerator<Value, void>;
};

export function createEventQueue<Key, Value>(
  options: { limit: number; onFull(): Error } | null = null,
): EventQueue<Key, Value> {
  const waiting = new Map<Key, Value>();
  const waker = createWaker();
  let failure: { error: unknown } | null = null;

  async function* read(signal: AbortSignal): AsyncGenerator<Value, void> {
    while (!signal.aborted) {
      if (failure) throw failure.error;
      const [next] = waiting;
      if (!next) {
        await waker.wait(signal);
        continue;
      }
      waiting.delete(next[0]);
      yield next[1];
    }
  }

  function fail(error: unknown): void {
    failure ??= { error };
    waiting.clear();
    waker.wake();
  }

  return {
    push(key, value) {
      if (failure) return;
      waiting.set(key, value);
      if (options && waiting.size > options.limit) fail(options.onFull());
      waker.wake();
    },
    fail,
    read,
  };
}
