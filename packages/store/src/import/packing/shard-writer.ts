/**
 * Packs decoded pixels back to back into shards and hands each full shard to the artifact store. Two buffers
 * take turns, so that one is stored while the other is filled and memory does not depend on the data's size.
 */
import { invariant } from '@microtome/domain/app-error';
import type { ArtifactRef, ArtifactStore } from '../../artifacts/artifacts.ts';

const SHARD_PATCHES_MAX = 4096;
const SHARD_BYTES_MAX = 32 * 1024 * 1024;
const SHARD_MEDIA_TYPE = 'application/vnd.microtome.patches';

export type WrittenShard = { artifact: ArtifactRef; patchCount: number };

export type ShardWriter = {
  /** Appends one patch; resolves to its offset in bytes within its shard. */
  add(pixels: Uint8Array): Promise<number>;
  /** Stores what is left and resolves to all shards, in order. Every patch lies in exactly one of them. */
  finish(): Promise<WrittenShard[]>;
  /** Waits for a write under way, whatever becomes of it; for an import that is given up. */
  abandon(): Promise<void>;
};

/**
 * A writer of shards of at most `patchesMax` patches and `bytesMax` bytes.
 * @throws whatever the artifact store throws (a full disk, say), from `add` or `finish`
 */
export function createShardWriter({
  artifacts,
  patchesMax = SHARD_PATCHES_MAX,
  bytesMax = SHARD_BYTES_MAX,
}: {
  artifacts: Pick<ArtifactStore, 'put'>;
  patchesMax?: number;
  bytesMax?: number;
}): ShardWriter {
  const shards: WrittenShard[] = [];
  let filling: Buffer = Buffer.alloc(bytesMax);
  let resting: Buffer | null = null;
  let filledBytes = 0;
  let filledPatches = 0;
  let storing: Promise<unknown> = Promise.resolve();

  async function storeFilled(): Promise<void> {
    await storing;
    const [full, bytes, patchCount] = [filling, filledBytes, filledPatches];
    filling = resting ?? Buffer.alloc(bytesMax);
    resting = full;
    filledBytes = 0;
    filledPatches = 0;
    storing = artifacts.put(full.subarray(0, bytes), SHARD_MEDIA_TYPE).then((artifact) => {
      shards.push({ artifact, patchCount });
    });
    // A failure surfaces at the next `await storing`; until then it must not count as unhandled.
    storing.catch(() => {});
  }

  return {
    async add(pixels) {
      invariant(pixels.length <= bytesMax, `a patch of ${pixels.length} bytes exceeds a shard`);
      if (filledPatches === patchesMax || filledBytes + pixels.length > bytesMax) await storeFilled();
      const offset = filledBytes;
      filling.set(pixels, offset);
      filledBytes += pixels.length;
      filledPatches += 1;
      return offset;
    },
    async finish() {
      if (filledPatches > 0) await storeFilled();
      await storing;
      return shards;
    },
    async abandon() {
      await storing.catch(() => {});
    },
  };
}
