/**
 * Turns patches into what an engine takes: training batches (ordered, augmented, weighted) and plain images. Each
 * batch is a function of the seed, the epoch and its number alone, so it may be made ahead, anywhere, and again.
 */
import type { Hyperparameters } from '@microtome/domain/hyperparameters';
import { createRandom, deriveSeed } from '@microtome/domain/seeded-random';
import { createAugmentation, showUpright } from './augmentation.ts';
import { weighClasses } from './class-weights.ts';
import { orderEpoch } from './epoch-order.ts';
import type { Normalisation } from './normalisation.ts';
import { createRenderer } from './patch-rendering.ts';
import type { JobPatches } from './training-job.ts';

const CHANNELS = 3;

/** Reads the uint8 pixels [size, size, 3] of a patch by its index in the data set; valid until the next read. */
export type ReadPatch = (index: number) => Uint8Array;

export type AssemblerOptions = {
  patchSizePx: number;
  batchSize: number;
  train: JobPatches;
  hyperparameters: Hyperparameters;
  normalisation: Normalisation;
};

export type BatchPosition = { epochIndex: number; batchIndex: number };

export type TrainingBatch = {
  images: Float32Array;
  labels: Float32Array;
  sampleWeights: Float32Array;
  /** Patches in it; the rows after them are padding of weight 0. */
  count: number;
};

/** `memory` holds the images of the result where it is large enough: fresh memory costs more than what is put in. */
export type BatchAssembler = {
  assembleTraining(position: BatchPosition, memory?: ArrayBuffer): TrainingBatch;
  /** Normalised, not augmented: [indexes.length, size, size, 3]. */
  assembleImages(indexes: Int32Array, memory?: ArrayBuffer): Float32Array;
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
  const valuesPerPatch = options.patchSizePx ** 2 * CHANNELS;
  const render = createRenderer(options.normalisation);
  const drawLook = createAugmentation(options.patchSizePx, hyperparameters);
  const upright = showUpright(options.patchSizePx);
  const rowOf = (images: Float32Array, row: number) =>
    images.subarray(row * valuesPerPatch, (row + 1) * valuesPerPatch);
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
      const images = takeMemory(batchSize * valuesPerPatch, memory);
      images.fill(0, positions.length * valuesPerPatch);
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
      const images = takeMemory(indexes.length * valuesPerPatch, memory);
      indexes.forEach((index, row) => {
        render(readPatch(index), upright, rowOf(images, row));
      });
      return images;
    },
  };
}

function takeMemory(length: number, memory?: ArrayBuffer): Float32Array {
  const fits = memory && memory.byteLength >= length * Float32Array.BYTES_PER_ELEMENT;
  return fits ? new Float32Array(memory, 0, length) : new Float32Array(length);
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
