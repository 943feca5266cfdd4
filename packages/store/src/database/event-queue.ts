/**
 * Turns notifications into an async sequence of distinct keys: keys that arrive while the reader is busy wait, and the
 * same key waits only once. So a slow client never makes the queue longer than the number of distinct things.
 */

type EventQueue<Key> = {
  push(key: Key): void;
  /** Ends when `signal` aborts or `close` is called. */
  read(signal: AbortSignal): AsyncGenerator<Key, void>;
  close(): void;
};

export function createEventQueue<Key>(): EventQueue<Key> {
  const waiting = new Set<Key>();
  let closed = false;
  let wake: () => void = () => {};

  async function* read(signal: AbortSignal): AsyncGenerator<Key, void> {
    const stop = () => wake();
    signal.addEventListener('abort', stop);
    try {
      while (!closed && !signal.aborted) {
        const [key] = waiting;
        if (key === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (waiting.size > 0 || closed || signal.aborted) resolve();
          });
          continue;
        }
        waiting.delete(key);
        yield key;
      }
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  return {
    push(key) {
      waiting.add(key);
      wake();
    },
    read,
    close() {
      closed = true;
      wake();
    },
  };
}
