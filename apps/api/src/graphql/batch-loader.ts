/**
 * Loads what one turn of resolvers asks for together, so that a list costs one statement, not one per row. Nothing is
 * cached: a subscription lives long and must not see old values.
 */
import DataLoader from 'dataloader';
import { throwIfStopped } from './throw-if-stopped.ts';

type BatchLoader<Key, Value> = DataLoader<Key, Value | undefined>;

export type BatchLoaders = ReturnType<typeof createBatchLoaders>;

/** Makes the loaders of one request, which load nothing more once its signal has aborted. */
export function createBatchLoaders(signal: AbortSignal) {
  return <Key, Value>(
    loadAll: (keys: Key[]) => Promise<ReadonlyMap<string, Value | Error>>,
    identify?: (key: Key) => string,
  ): BatchLoader<Key, Value> =>
    createBatchLoader(async (keys: Key[]) => {
      throwIfStopped(signal);
      return loadAll(keys);
    }, identify);
}

/**
 * `loadAll` gets distinct keys and gives a map from `identify(key)` to the value, or to the error of this key alone;
 * missing keys load undefined.
 */
export function createBatchLoader<Key, Value>(
  loadAll: (keys: Key[]) => Promise<ReadonlyMap<string, Value | Error>>,
  identify: (key: Key) => string = String,
): BatchLoader<Key, Value> {
  async function loadBatch(keys: readonly Key[]): Promise<(Value | Error | undefined)[]> {
    const distinct = new Map(keys.map((key) => [identify(key), key]));
    const values = await loadAll([...distinct.values()]);
    return keys.map((key) => values.get(identify(key)));
  }
  // After the whole turn: fields that wait for other loaders ask a few promises later than the first.
  return new DataLoader(loadBatch, { cache: false, batchScheduleFn: (load) => setImmediate(load) });
}
