/** Decoded tiles: decoded once for all who wait, kept within the bound, and their memory given back when nobody looks at them. */
import { createTileCache } from '@microtome/slides/region/tile-cache';
import { describe, expect, it } from 'vitest';

const TILE_BYTES = 1000;
const isGone = (tile: Uint8Array) => (tile.buffer as ArrayBuffer).detached;

function makeTiles(bytesMax: number) {
  const cache = createTileCache(bytesMax);
  const decoded: Uint8Array[] = [];
  const decode = async () => {
    const tile = new Uint8Array(TILE_BYTES).fill(decoded.length + 1);
    decoded.push(tile);
    return tile;
  };
  const seen: number[] = [];
  const use = (key: string) => cache.use(key, decode, (tile) => seen.push(tile?.[0] ?? 0));
  return { cache, decoded, seen, use };
}

describe('a cache of tiles', () => {
  it('decodes a tile once for all who ask at once, and for those who ask later', async () => {
    const { decoded, seen, use } = makeTiles(10 * TILE_BYTES);
    await Promise.all([use('a'), use('a'), use('b'), use('a')]);
    await use('a');
    expect(decoded).toHaveLength(2);
    expect(seen.toSorted()).toEqual([1, 1, 1, 1, 2]);
    expect(decoded.map(isGone)).toEqual([false, false]);
  });

  it('gives back the memory of what does not fit any more, and of all that is left at the end', async () => {
    const { cache, decoded, use } = makeTiles(2 * TILE_BYTES);
    for (const key of ['a', 'b', 'c', 'd']) await use(key);
    expect(decoded.map(isGone)).toEqual([true, true, false, false]);
    cache.clear();
    expect(decoded.map(isGone)).toEqual([true, true, true, true]);
  });

  it('never takes a tile away from those who wait for it, and keeps none that is larger than the bound', async () => {
    const { decoded, seen, use } = makeTiles(1);
    await Promise.all(['a', 'b', 'a', 'b', 'c', 'a'].map(use));
    expect(seen.toSorted()).toEqual([1, 1, 1, 2, 2, 3]);
    expect(decoded.map(isGone)).toEqual([true, true, true]);
  });

  it('leaves a tile to those who already asked for it when another takes its place', async () => {
    const { cache, decoded, seen, use } = makeTiles(TILE_BYTES);
    await use('a');
    const { promise, resolve } = Promise.withResolvers<Uint8Array>();
    const another = cache.use(
      'b',
      () => promise,
      () => {},
    );
    resolve(new Uint8Array(TILE_BYTES));
    // Asked for now, looked at after the other has come.
    await Promise.all([another, use('a')]);
    expect(seen).toEqual([1, 1]);
    expect(decoded.map(isGone)).toEqual([true]);
  });

  it('tells a fault to all who wait, and asks again the next time', async () => {
    const { cache, use, seen } = makeTiles(2 * TILE_BYTES);
    const fail = () =>
      cache.use(
        'a',
        () => Promise.reject(new Error('damaged')),
        () => {},
      );
    await expect(Promise.all([fail(), fail()])).rejects.toThrow('damaged');
    await use('a');
    expect(seen).toEqual([1]);
  });
});
