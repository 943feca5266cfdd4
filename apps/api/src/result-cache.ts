/** Remembers the newest results of a costly computation under a key that names all that goes into it. */
import { LRUCache } from 'lru-cache';

export type ResultCache<Value> = { get(key: string, compute: () => Promise<Value>): Promise<Value> };

/** Two requests for the same key at once compute once. A failure is not remembered. */
export function createResultCache<Value>(maxEntries: number): ResultCache<Value> {
  // In an object, because a result may be null.
  const entries = new LRUCache<string, { value: Value }, () => Promise<Value>>({
    max: maxEntries,
    fetchMethod: async (_key, _stale, { context: compute }) => ({ value: await compute() }),
    // One that is pushed out while it is computed is still owed to those who wait for it.
    ignoreFetchAbort: true,
  });
  return {
    get: async (key, compute) => (await entries.forceFetch(key, { context: compute })).value,
  };
}
