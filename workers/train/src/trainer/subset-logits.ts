/** The logits or probabilities of many patches, chunk by chunk: memory stays the same whatever the size of the subset. */
import type { BatchStream } from '../batches/batch-stream.ts';
import type { TrainingEngine } from '../engine/training-engine.ts';
import type { Predictor } from '../model/predictor.ts';

/** Patches per chunk: 4 MB of images at 50 pixels. */
const CHUNK_PATCHES = 512;

type Chunk = { patches: number; seconds: number };

type Reading = {
  batches: BatchStream;
  indexes: Int32Array;
  /** Called after every chunk. */
  onChunk: (chunk: Chunk) => void;
};

/** One float32 logit a patch, in the order of `indexes`. */
export async function computeLogits({
  engine,
  ...reading
}: Reading & { engine: Pick<TrainingEngine, 'predictLogits'> }): Promise<Float32Array> {
  const logits = new Float32Array(reading.indexes.length);
  await predictChunks(reading, async ({ images, patches, start }) => {
    logits.set(await engine.predictLogits(images, patches), start);
  });
  return logits;
}

/** The probability of each patch, in the order of `indexes`. */
export async function computeProbabilities({
  predictor,
  ...reading
}: Reading & { predictor: Predictor }): Promise<Float64Array> {
  const probabilities = new Float64Array(reading.indexes.length);
  await predictChunks(reading, async ({ images, patches, start }) => {
    probabilities.set(await predictor.predict(images, patches), start);
  });
  return probabilities;
}

/** The next chunk is read while one is computed. */
async function predictChunks(
  { batches, indexes, onChunk }: Reading,
  predict: (chunk: { images: Uint8Array; patches: number; start: number }) => Promise<void>,
): Promise<void> {
  const readChunk = (start: number) => batches.readImages(indexes.slice(start, start + CHUNK_PATCHES));
  let ahead = indexes.length > 0 ? readChunk(0) : null;
  for (let start = 0; ahead !== null; start += CHUNK_PATCHES) {
    const startedMs = performance.now();
    const images = await ahead;
    const hasMore = start + CHUNK_PATCHES < indexes.length;
    ahead = hasMore ? readChunk(start + CHUNK_PATCHES) : null;
    const patches = Math.min(CHUNK_PATCHES, indexes.length - start);
    await predict({ images, patches, start });
    batches.recycle(images);
    onChunk({ patches, seconds: (performance.now() - startedMs) / 1000 });
  }
}
