import { describe, expect, it } from 'vitest';
import { createBatchLoader } from '../../../apps/api/src/graphql/batch-loader.ts';
import { createResultCache } from '../../../apps/api/src/result-cache.ts';

describe('a batch loader', () => {
  it('asks once for all keys of a tick, each key once', async () => {
    const asked: number[][] = [];
    const loader = createBatchLoader(async (keys: number[]) => {
      asked.push(keys);
      return new Map(keys.filter((key) => key !== 3).map((key) => [String(key), key * 10]));
    });
    expect(await Promise.all([1, 2, 1, 3].map((key) => loader.load(key)))).toEqual([10, 20, 10, undefined]);
    expect(asked).toEqual([[1, 2, 3]]);
  });

  it('does not remember: the next tick sees the present', async () => {
    let value = 'old';
    const loader = createBatchLoader(async () => new Map([['key', value]]));
    await loader.load('key');
    value = 'new';
    expect(await loader.load('key')).toBe('new');
  });

  it('fails every waiting key when the load fails', async () => {
    const loader = createBatchLoader(async (): Promise<Map<string, number>> => {
      throw new Error('away');
    });
    await expect(Promise.all([loader.load('a'), loader.load('b')])).rejects.toThrow('away');
  });
});

describe('a result cache', () => {
  it('computes once for requests at the same time', async () => {
    const cache = createResultCache<number>(2);
    let computed = 0;
    const compute = async () => ++computed;
    expect(await Promise.all([cache.get('a', compute), cache.get('a', compute)])).toEqual([1, 1]);
  });

  it('forgets what was not asked for longest, and failures at once', async () => {
    const cache = createResultCache<string>(2);
    const say = (word: string) => async () => word;
    await cache.get('a', say('first a'));
    await cache.get('b', say('first b'));
    await cache.get('a', say('never'));
    await cache.get('c', say('first c'));
    expect(await cache.get('a', say('second a'))).toBe('first a');
    expect(await cache.get('b', say('second b'))).toBe('second b');
    await expect(cache.get('d', async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await cache.get('d', say('d'))).toBe('d');
  });

  it('still gives what was pushed out while it was computed, and keeps a result that is null', async () => {
    const cache = createResultCache<string | null>(1);
    let finish: (word: string) => void = () => {};
    const slow = cache.get('slow', () => new Promise((resolve) => (finish = resolve)));
    expect(await cache.get('nothing', async () => null)).toBeNull();
    finish('late');
    expect(await slow).toBe('late');
    expect(await cache.get('nothing', async () => 'never')).toBeNull();
  });
});
