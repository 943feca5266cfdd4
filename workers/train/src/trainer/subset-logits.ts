/** The logits of many patches, chunk by chunk: memory stays the same whatever the size of the subset. */
import type { BatchStream } from '../batches/batch-stream.ts';
import type { TrainingEngine } from '../engine/training-engine.ts';

/** Patches per chunk: 4 MB of images at 50 pixels. */
const CHUNK_PATCHES = 512;

type Request = {
  engine: TrainingEngine;
  batches: BatchStream;
  indexes: Int32Array;
  /** Called after every chunk. */
  onChunk: (chunk: { patches: number; seconds: number }) => void;
};

/** One float32 logit a patch, in the order of `indexes`; the next chunk is read while one is computed. */
export async function computeLogits({ engine, batches, indexes, onChunk }: Request): Promise<Float32Array> {
  const logits = new Float32Array(indexes.length);
  const readChunk = (start: number) => batches.readImages(indexes.slice(start, start + CHUNK_PATCHES));
  let ahead = indexes.length > 0 ? readChunk(0) : null;
  for (let start = 0; ahead !== null; start += CHUNK_PATCHES) {
    const startedMs = performance.now();
    const images = await ahead;
    const hasMore = start + CHUNK_PATCHES < indexes.length;
    ahead = hasMore ? readChunk(start + CHUNK_PATCHES) : null;
    const patches = Math.min(CHUNK_PATCHES, indexes.length - start);
    logits.set(await engine.predictLogits(images, patches), start);
    batches.recycle(images);
    onChunk({ patches, seconds: (performance.now() - startedMs) / 1000 });
  }
  return logits;
}
