/**
 * Collects the keys that one tick of resolvers asks for and loads them in one go, so that a list costs one
 * statement and not one per row. It never remembers a value: a subscription lives long and must not see old ones.
 */

export type BatchLoader<Key, Value> = { load(key: Key): Promise<Value | undefined> };

type Waiting<Key, Value> = {
  key: Key;
  resolve(value: Value | undefined): void;
  reject(error: unknown): void;
};

/** `loadAll` gets distinct keys and gives a map from `identify(key)` to the value; absent keys load undefined. */
export function createBatchLoader<Key, Value>(
  loadAll: (keys: Key[]) => Promise<Map<string, Value>>,
  identify: (key: Key) => string = String,
): BatchLoader<Key, Value> {
  let waiting: Waiting<Key, Value>[] = [];

  async function flush() {
    const batch = waiting;
    waiting = [];
    const keys = new Map(batch.map(({ key }) => [identify(key), key]));
    try {
      const values = await loadAll([...keys.values()]);
      for (const { key, resolve } of batch) resolve(values.get(identify(key)));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return {
    load(key) {
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) setImmediate(flush);
        waiting.push({ key, resolve, reject });
      });
    },
  };
}
