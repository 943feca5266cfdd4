/**
 * Turns patches into what an engine takes: training batches (ordered, augmented, weighted) and plain images. Each
 * batch is a function of the seed, the epoch and its number alone, so it may be made ahead, anywhere, and again.
 */

import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import { createRandom, deriveSeed } from '@microtome/domain/seeded-random';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import type { JobPatches } from '../protocol/training-job.ts';
import { createAugmentation } from './augmentation.ts';
import { weighClasses } from './class-weights.ts';
import { orderEpoch } from './epoch-order.ts';
import { createRenderer } from './patch-rendering.ts';
import type { ReadPatch } from './whole-patches.ts';

export type AssemblerOptions = {
  patchSizePx: number;
  batchSize: number;
  train: JobPatches;
  hyperparameters: Hyperparameters;
};

export type BatchPosition = { epochIndex: number; batchIndex: number };

export type TrainingBatch = {
  /** [batchSize, size, size, 3], RGB from 0 to 255. */
  images: Uint8Array;
  labels: Float32Array;
  sampleWeights: Float32Array;
  /** Patches in it; the rows after them are padding of weight 0. */
  count: number;
};

/** `memory` holds the images of the result where it is large enough: fresh memory costs more than what is put in. */
type BatchAssembler = {
  assembleTraining(position: BatchPosition, memory?: ArrayBuffer): TrainingBatch;
  /** Not augmented: [indexes.length, size, size, 3]. */
  assembleImages(indexes: Int32Array, memory?: ArrayBuffer): Uint8Array;
};

/** Steps of one epoch. A last partial batch is trained where the engine allows padding, else left out. */
export function countBatches(request: {
  patches: number;
  batchSize: number;
  allowsPadding: boolean;
}): number {
  const { patches, batchSize, allowsPadding } = request;
  return allowsPadding ? Math.ceil(patches / batchSize) : Math.floor(patches / batchSize);
}

/** Not more than there are patches: a network that cannot take a padded batch would otherwise have no batch. */
export function fitBatchSize(batchSize: number, patches: number): number {
  return Math.min(batchSize, patches);
}

export function createBatchAssembler(options: AssemblerOptions, readPatch: ReadPatch): BatchAssembler {
  const { hyperparameters, train, batchSize } = options;
  const patchBytes = countPixelBytes(options.patchSizePx);
  const render = createRenderer(options.patchSizePx);
  const drawLook = createAugmentation(options.patchSizePx, hyperparameters);
  const rowOf = (images: Uint8Array, row: number) =>
    images.subarray(row * patchBytes, (row + 1) * patchBytes);
  const orderOf = rememberOrder(options);
  const weights = weighClasses({
    ...train,
    weighting: hyperparameters.classWeighting,
    sampling: hyperparameters.patientSampling,
  });

  return {
    assembleTraining({ epochIndex, batchIndex }, memory) {
      const first = batchIndex * batchSize;
      const positions = orderOf(epochIndex).subarray(first, first + batchSize);
      const images = takeMemory(batchSize * patchBytes, memory);
      images.fill(0, positions.length * patchBytes);
      const labels = new Float32Array(batchSize);
      const sampleWeights = new Float32Array(batchSize);
      positions.forEach((position, row) => {
        const random = createRandom(
          deriveSeed(hyperparameters.seed, 'augmentation', epochIndex, first + row),
        );
        render(readPatch(train.indexes[position] as number), drawLook(random), rowOf(images, row));
        const label = train.labels[position] as 0 | 1;
        labels[row] = smoothLabel(label, hyperparameters.labelSmoothing);
        sampleWeights[row] = weights[label];
      });
      return { images, labels, sampleWeights, count: positions.length };
    },
    assembleImages(indexes, memory) {
      const images = takeMemory(indexes.length * patchBytes, memory);
      indexes.forEach((index, row) => {
        images.set(readPatch(index), row * patchBytes);
      });
      return images;
    },
  };
}

function takeMemory(bytes: number, memory?: ArrayBuffer): Uint8Array {
  return memory && memory.byteLength >= bytes ? new Uint8Array(memory, 0, bytes) : new Uint8Array(bytes);
}

/** Keeps the order of one epoch: batches of an epoch are asked for one after the other. */
function rememberOrder({ train, hyperparameters }: AssemblerOptions): (epochIndex: number) => Int32Array {
  let known: { epochIndex: number; order: Int32Array } | null = null;
  return (epochIndex) => {
    if (known?.epochIndex !== epochIndex) {
      const { patientSampling: sampling, classWeighting: weighting, seed } = hyperparameters;
      known = { epochIndex, order: orderEpoch({ ...train, sampling, weighting, seed, epochIndex }) };
    }
    return known.order;
  };
}

function smoothLabel(label: number, smoothing: number): number {
  return label * (1 - smoothing) + smoothing / 2;
}
