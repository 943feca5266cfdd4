/**
 * Whether the API answers, as the WebSocket sees it: a small store that the banner and the navigation read.
 * connecting → connected ⇄ lost, and limited while some of what the page follows has to wait. A page that needs the API no
 * longer is at rest, for good.
 */

export type ConnectionState = 'connecting' | 'connected' | 'limited' | 'lost' | 'resting';

export type Connection = {
  get(): ConnectionState;
  /** What the API said about it, if anything. */
  getReason(): string | null;
  set(next: ConnectionState, reason?: string | null): void;
  /** When the API last said anything; null before it did. A change of it calls no listener: what shows an age has a clock. */
  getHeardAtMs(): number | null;
  hear(atMs: number): void;
  /** Calls back on every change; returns how to stop. */
  subscribe(listener: () => void): () => void;
};

export function createConnection(): Connection {
  const listeners = new Set<() => void>();
  let state: ConnectionState = 'connecting';
  let stateReason: string | null = null;
  let heardAtMs: number | null = null;
  return {
    get: () => state,
    getReason: () => stateReason,
    set(next, reason = null) {
      if (state === 'resting') return;
      if (next === state && (reason === null || reason === stateReason)) return;
      state = next;
      stateReason = reason;
      for (const listener of listeners) listener();
    },
    getHeardAtMs: () => heardAtMs,
    hear(atMs) {
      heardAtMs = atMs;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
