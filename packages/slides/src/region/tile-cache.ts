/**
 * The tiles that were decoded last, within a bound of bytes: neighbouring regions share tiles. A tile that is being
 * decoded is waited for, not decoded a second time. One that nobody looks at any more and that is not kept gives its memory
 * back at once: the collector of garbage sees little of it, and would leave many times the bound behind.
 */
import { LRUCache } from 'lru-cache';
import { releaseMemory } from './pixel-memory.ts';

export type TileCache = {
  /** Calls `look` with the tile, null where nothing was scanned. The pixels may not be looked at after it returns. */
  use(
    key: string,
    decode: () => Promise<Uint8Array | null>,
    look: (tile: Uint8Array | null) => void,
  ): Promise<void>;
  clear(): void;
};

type Entry = {
  /** Alone in its memory. */
  tile: Promise<Uint8Array | null>;
  users: number;
  isKept: boolean;
};

export function createTileCache(bytesMax: number): TileCache {
  const kept = new LRUCache<string, { entry: Entry; pixels: Uint8Array }>({
    maxSize: bytesMax,
    sizeCalculation: ({ pixels }) => Math.max(1, pixels.byteLength),
    dispose({ entry, pixels }) {
      entry.isKept = false;
      if (entry.users === 0) releaseMemory(pixels);
    },
  });
  const pending = new Map<string, Entry>();

  function start(key: string, decode: () => Promise<Uint8Array | null>): Entry {
    const entry: Entry = { tile: decode(), users: 0, isKept: false };
    pending.set(key, entry);
    return entry;
  }

  /** By the first who gets it. */
  function keep(key: string, entry: Entry, pixels: Uint8Array): void {
    if (pending.get(key) !== entry) return;
    pending.delete(key);
    kept.set(key, { entry, pixels });
    // One that is larger than the bound is not kept.
    entry.isKept = kept.has(key);
  }

  return {
    async use(key, decode, look) {
      const entry = kept.get(key)?.entry ?? pending.get(key) ?? start(key, decode);
      entry.users += 1;
      let pixels: Uint8Array | null = null;
      try {
        pixels = await entry.tile;
        if (pixels) keep(key, entry, pixels);
        look(pixels);
      } finally {
        entry.users -= 1;
        if (pending.get(key) === entry) pending.delete(key);
        if (entry.users === 0 && !entry.isKept && pixels) releaseMemory(pixels);
      }
    },
    clear: () => kept.clear(),
  };
}
