/**
 * How patches are batched where a network is asked and does not learn. The size follows from the patches' size alone,
 * and a batch is always full: each kernel then sees one shape, and a patch gets the same bits from the same weights
 * whatever batch a run is trained with and however many patches are asked for at once.
 */
import { countPixelBytes, RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';

const BATCH_PATCHES_MAX = 64;
/** Of larger patches a batch has fewer, so that its activations fit into memory: 64 of up to 100 pixels, 12 of 224. */
const BATCH_PIXELS_MAX = 640_000;

export function sizePredictionBatch(patchSizePx: number): number {
  return Math.max(1, Math.min(BATCH_PATCHES_MAX, Math.floor(BATCH_PIXELS_MAX / patchSizePx ** 2)));
}

/** [patches, patchSizePx, patchSizePx, 3] */
export function shapePredictionBatch(patchSizePx: number): [number, number, number, number] {
  return [sizePredictionBatch(patchSizePx), patchSizePx, patchSizePx, RGB_CHANNELS];
}

/** The logits of `count` patches, batch by batch; the last batch is filled up with zeros. */
export async function predictInBatches(
  { images, count, patchSizePx }: { images: Uint8Array; count: number; patchSizePx: number },
  predictBatch: (batch: Uint8Array) => Float32Array | Promise<Float32Array>,
): Promise<Float32Array> {
  const batchSize = sizePredictionBatch(patchSizePx);
  const imageSize = countPixelBytes(patchSizePx);
  const logits = new Float32Array(count);
  for (let start = 0; start < count; start += batchSize) {
    const end = Math.min(start + batchSize, count);
    const batch = fillUp(images.subarray(start * imageSize, end * imageSize), batchSize * imageSize);
    logits.set((await predictBatch(batch)).subarray(0, end - start), start);
  }
  return logits;
}

function fillUp(images: Uint8Array, size: number): Uint8Array {
  if (images.length === size) return images;
  const filled = new Uint8Array(size);
  filled.set(images);
  return filled;
}
