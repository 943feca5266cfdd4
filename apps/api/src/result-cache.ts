/** Remembers the newest results of a costly computation under a key that names all that goes into it. */

export type ResultCache<Value> = { get(key: string, compute: () => Promise<Value>): Promise<Value> };

/** Two requests for the same key at once compute once. A failure is not remembered. */
export function createResultCache<Value>(maxEntries: number): ResultCache<Value> {
  const entries = new Map<string, Promise<Value>>();
  return {
    get(key, compute) {
      const known = entries.get(key);
      if (known) {
        // Moved to the end: the first entry is the one that was not asked for longest.
        entries.delete(key);
        entries.set(key, known);
        return known;
      }
      const computed = compute();
      entries.set(key, computed);
      computed.catch(() => entries.delete(key));
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
      return computed;
    },
  };
}
