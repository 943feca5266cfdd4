/**
 * Turns patches into what an engine takes: training batches (ordered, augmented, weighted) and plain images. Each
 * batch is a function of the seed, the epoch and its number alone, so it may be made ahead, anywhere, and again.
 */
import type { Hyperparameters } from '@microtome/domain/hyperparameters';
import { createRandom, deriveSeed } from '@microtome/domain/seeded-random';
import { createAugmentation, listOrientations } from './augmentation.ts';
import { weighClasses } from './class-weights.ts';
import { orderEpoch } from './epoch-order.ts';
import { createNormalise, type Normalisation } from './normalisation.ts';
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

export type BatchAssembler = {
  assembleTraining(position: BatchPosition): TrainingBatch;
  /** Normalised, not augmented: [indexes.length, size, size, 3]. */
  assembleImages(indexes: Int32Array): Float32Array;
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
  const normalise = createNormalise(options.normalisation);
  const augmentation = createAugmentation(options.patchSizePx, hyperparameters);
  const upright = listOrientations(options.patchSizePx)[0] as Int32Array;
  const pixels = new Uint8Array(valuesPerPatch);
  const orderOf = rememberOrder(options);
  const weights = weighClasses({
    ...train,
    weighting: hyperparameters.classWeighting,
    sampling: hyperparameters.patientSampling,
  });

  return {
    assembleTraining({ epochIndex, batchIndex }) {
      const first = batchIndex * batchSize;
      const positions = orderOf(epochIndex).subarray(first, first + batchSize);
      const batch = createBatch(batchSize, valuesPerPatch, positions.length);
      positions.forEach((position, row) => {
        const random = createRandom(
          deriveSeed(hyperparameters.seed, 'augmentation', epochIndex, first + row),
        );
        pixels.set(readPatch(train.indexes[position] as number));
        const orientation = augmentation.drawOrientation(random);
        augmentation.recolour(pixels, random);
        normalise(
          pixels,
          orientation,
          batch.images.subarray(row * valuesPerPatch, (row + 1) * valuesPerPatch),
        );
        const label = train.labels[position] as 0 | 1;
        batch.labels[row] = smoothLabel(label, hyperparameters.labelSmoothing);
        batch.sampleWeights[row] = weights[label];
      });
      return batch;
    },
    assembleImages(indexes) {
      const images = new Float32Array(indexes.length * valuesPerPatch);
      indexes.forEach((index, row) => {
        normalise(
          readPatch(index),
          upright,
          images.subarray(row * valuesPerPatch, (row + 1) * valuesPerPatch),
        );
      });
      return images;
    },
  };
}

/** Keeps the order of one epoch: batches of an epoch are asked for one after the other. */
function rememberOrder({ train, hyperparameters }: AssemblerOptions): (epochIndex: number) => Int32Array {
  let known: { epochIndex: number; order: Int32Array } | null = null;
  return (epochIndex) => {
    if (known?.epochIndex !== epochIndex) {
      const { patientSampling: sampling, seed } = hyperparameters;
      known = { epochIndex, order: orderEpoch({ patients: train.patients, sampling, seed, epochIndex }) };
    }
    return known.order;
  };
}

function createBatch(batchSize: number, valuesPerPatch: number, count: number): TrainingBatch {
  return {
    images: new Float32Array(batchSize * valuesPerPatch),
    labels: new Float32Array(batchSize),
    sampleWeights: new Float32Array(batchSize),
    count,
  };
}

function smoothLabel(label: number, smoothing: number): number {
  return label * (1 - smoothing) + smoothing / 2;
}
