/**
 * The tiles that were decoded last, within a bound of bytes: neighbouring regions share tiles. A tile that is being
 * decoded is waited for, not decoded a second time.
 */
import { LRUCache } from 'lru-cache';

export type TileCache = {
  get(key: string, decode: () => Promise<Uint8Array | null>): Promise<Uint8Array | null>;
  clear(): void;
};

export function createTileCache(bytesMax: number): TileCache {
  const kept = new LRUCache<string, Uint8Array>({
    maxSize: bytesMax,
    sizeCalculation: ({ byteLength }) => Math.max(1, byteLength),
  });
  const pending = new Map<string, Promise<Uint8Array | null>>();

  const decodeOnce = async (key: string, decode: () => Promise<Uint8Array | null>) => {
    try {
      const tile = await decode();
      if (tile) kept.set(key, tile);
      return tile;
    } finally {
      pending.delete(key);
    }
  };
  return {
    async get(key, decode) {
      const known = kept.get(key);
      if (known) return known;
      let tile = pending.get(key);
      if (!tile) {
        tile = decodeOnce(key, decode);
        pending.set(key, tile);
      }
      return tile;
    },
    clear: () => kept.clear(),
  };
}
