/** A step's batch in shared memory: written whole, read part by part. */
import { countPixelBytes, RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import type { DropoutMask } from '../../forward.ts';
import { countElements } from '../../initial-state.ts';
import { TOTAL_WEIGHT } from '../../trace/traced-gradients.ts';
import { IMAGES, LABELS, nameMaskInput, SAMPLE_WEIGHTS } from '../../trace/traced-step.ts';
import type { TrainingStepInput } from '../../training-engine.ts';
import type { SharedTensor } from './part-session.ts';
import type { SharedMemory } from './shared-memory.ts';

type BatchMemory = {
  write(input: TrainingStepInput, masks: readonly Float32Array[]): void;
  /** The inputs of a part, by name. */
  listPart(part: number): SharedTensor[];
};

/** `masks` are those of the whole batch. */
export function createBatchMemory(
  memory: SharedMemory,
  batch: { batchSize: number; patchSizePx: number; masks: readonly DropoutMask[]; parts: number },
): BatchMemory {
  const { batchSize, patchSizePx, masks, parts } = batch;
  const size = batchSize / parts;
  const images = memory.allocateBytes(batchSize * countPixelBytes(patchSizePx));
  const labels = memory.allocateFloats(batchSize);
  const sampleWeights = memory.allocateFloats(batchSize);
  const totalWeight = memory.allocateFloats(1);
  const maskValues = masks.map(({ shape }) => memory.allocateFloats(countElements(shape)));

  return {
    write(input, drawn) {
      images.set(input.images);
      labels.set(input.labels);
      sampleWeights.set(input.sampleWeights);
      totalWeight[0] = input.sampleWeights.reduce((sum, weight) => sum + weight, 0);
      for (const [index, values] of maskValues.entries()) values.set(drawn[index] as Float32Array);
    },
    listPart(part) {
      const cut = (values: Float32Array | Uint8Array) => {
        const length = values.length / parts;
        return values.subarray(part * length, (part + 1) * length);
      };
      const whole = [
        { name: IMAGES, shape: [size, patchSizePx, patchSizePx, RGB_CHANNELS], values: images },
        { name: LABELS, shape: [size], values: labels },
        { name: SAMPLE_WEIGHTS, shape: [size], values: sampleWeights },
        ...masks.map((mask, index) => ({
          name: nameMaskInput(mask),
          shape: [size, ...mask.shape.slice(1)],
          values: maskValues[index] as Float32Array,
        })),
      ];
      return [
        ...whole.map((tensor) => ({ ...tensor, values: cut(tensor.values) })),
        { name: TOTAL_WEIGHT, shape: [], values: totalWeight },
      ];
    },
  };
}
