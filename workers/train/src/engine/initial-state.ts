/** A network's tensors before the first step: seeded initial weights and empty optimizer slots. */
import { AppError } from '@microtome/domain/app-error';
import { deriveSeed } from '@microtome/domain/seeded-random';
import * as tf from '@tensorflow/tfjs';
import { buildModel, getModelWeights } from './layers-model.ts';
import { listSlots } from './optimizer-update.ts';
import { runOnBackend } from './run-on-backend.ts';
import type { EngineOptions, EngineState, NamedTensor, TrainingStepInput } from './training-engine.ts';

export type InitialState = {
  /** In the model's order. */
  weights: NamedTensor[];
  slots: NamedTensor[];
  /** Weights that gradients move, in the model's order. */
  trainableNames: string[];
  /** Where the stream of dropout masks starts. */
  randomState: number;
};

/** The same on every engine: weights are always drawn on the plain JavaScript backend. */
export function createInitialState(options: EngineOptions): InitialState {
  const { layers, patchSizePx, seed } = options;
  // Production mode also silences the banner that recommends another backend.
  tf.enableProdMode();
  const { weights, trainable } = runOnBackend('cpu', () => {
    const model = buildModel({ layers, patchSizePx, seed: deriveSeed(seed, 'weights') });
    const weights = getModelWeights(model);
    const names = new Set(model.trainableWeights.map((weight) => weight.originalName));
    model.dispose();
    return { weights, trainable: weights.filter(({ name }) => names.has(name)) };
  });
  const slots = listSlots(options.optimizer, trainable).map(({ name, shape, initialValue }) => ({
    name,
    shape,
    values: new Float32Array(countElements(shape)).fill(initialValue),
  }));
  return {
    weights,
    slots,
    trainableNames: trainable.map(({ name }) => name),
    randomState: deriveSeed(seed, 'dropout'),
  };
}

export function countElements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** BAD_INPUT unless the state has exactly the tensors that the engine expects. */
export function checkState(state: EngineState, expected: readonly NamedTensor[]): void {
  const found = new Map(state.tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape } of expected) {
    const tensor = found.get(name);
    if (!tensor) throw new AppError('BAD_INPUT', `The checkpoint has no tensor '${name}'.`);
    if (tensor.shape.join() !== shape.join() || tensor.values.length !== countElements(shape)) {
      throw new AppError(
        'BAD_INPUT',
        `The checkpoint's tensor '${name}' has shape [${tensor.shape}]; the network needs [${shape}].`,
      );
    }
  }
  if (found.size === expected.length) return;
  const names = new Set(expected.map(({ name }) => name));
  const surplus = [...found.keys()].find((name) => !names.has(name));
  throw new AppError('BAD_INPUT', `The checkpoint's tensor '${surplus}' is of another network or optimizer.`);
}

/** BAD_INPUT unless a batch has the engine's size and, where padding is not allowed, no row of weight 0. */
export function checkStepInput(
  input: TrainingStepInput,
  engine: { batchSize: number; imageSize: number; allowsPadding: boolean },
): void {
  const { batchSize, imageSize, allowsPadding } = engine;
  const lengths = [input.images.length, input.labels.length, input.sampleWeights.length];
  if (lengths[0] !== batchSize * imageSize || lengths[1] !== batchSize || lengths[2] !== batchSize) {
    throw new AppError(
      'BAD_INPUT',
      `A batch of ${batchSize} patches has ${batchSize * imageSize} values, ${batchSize} labels and ${batchSize} weights; ` +
        `this one has ${lengths.join(', ')}.`,
    );
  }
  if (!allowsPadding && input.sampleWeights.includes(0)) {
    throw new AppError(
      'BAD_INPUT',
      'A row of weight 0 would disturb the batch statistics of a network with batch norm: leave a partial batch out.',
    );
  }
}
