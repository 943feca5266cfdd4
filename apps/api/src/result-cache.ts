/** Caches the newest results of a costly computation under a key that names all its inputs. */
import { LRUCache } from 'lru-cache';

export type ResultCache<Value> = { get(key: string, compute: () => Promise<Value>): Promise<Value> };

/** Simultaneous requests for the same key compute once. A failure is not cached. */
export function createResultCache<Value>(maxEntries: number): ResultCache<Value> {
  return createCache({ max: maxEntries });
}

/** The same, bounded by the bytes that results take; one that is larger than all room together is not kept. */
export function createByteCache<Value extends Uint8Array>(maxBytes: number): ResultCache<Value> {
  return createCache({ maxSize: maxBytes, sizeCalculation: ({ value }) => Math.max(1, value.byteLength) });
}

function createCache<Value>(
  bound: { max: number } | { maxSize: number; sizeCalculation: (entry: { value: Value }) => number },
): ResultCache<Value> {
  // In an object, because a result may be null.
  const entries = new LRUCache<string, { value: Value }, () => Promise<Value>>({
    ...bound,
    fetchMethod: async (_key, _stale, { context: compute }) => ({ value: await compute() }),
    // An entry evicted during its computation must still reach those who wait for it.
    ignoreFetchAbort: true,
  });
  return {
    get: async (key, compute) => (await entries.forceFetch(key, { context: compute })).value,
  };
}
