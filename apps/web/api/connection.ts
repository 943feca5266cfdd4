/**
 * Whether the API answers, as the WebSocket sees it: a small store that the banner and the navigation read.
 * connecting → connected ⇄ lost
 */

export type ConnectionState = 'connecting' | 'connected' | 'lost';

export type Connection = {
  get(): ConnectionState;
  set(next: ConnectionState): void;
  /** Calls back on every change; returns how to stop. */
  subscribe(listener: () => void): () => void;
};

export function createConnection(): Connection {
  const listeners = new Set<() => void>();
  let state: ConnectionState = 'connecting';
  return {
    get: () => state,
    set(next) {
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
