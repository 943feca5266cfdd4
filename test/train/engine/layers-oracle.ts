/**
 * The oracle that engines are held against: the network as a layers model on the plain JavaScript backend,
 * trained by TensorFlow.js's own automatic differentiation and its own optimizers. It shares with the engines
 * only the layer list and the initial weights.
 */
import type { Layer } from '@microtome/domain/network/layer';
import { buildModel, getModelWeights, setModelWeights } from '@microtome/train/engine/layers-model';
import type {
  NamedTensor,
  OptimizerOptions,
  TrainingStepInput,
} from '@microtome/train/engine/training-engine';
import * as tf from '@tensorflow/tfjs';
import { normaliseImages } from './training-case.ts';

export type OracleRequest = {
  layers: readonly Layer[];
  patchSizePx: number;
  weights: readonly NamedTensor[];
  options: OptimizerOptions;
  batches: readonly TrainingStepInput[];
};

/** Trains on the batches in order: the losses, the weights that result and what they predict of the first batch. */
export async function trainOracle({ layers, patchSizePx, weights, options, batches }: OracleRequest) {
  tf.enableProdMode();
  await tf.setBackend('cpu');
  const model = buildModel({ layers, patchSizePx, seed: 0 });
  setModelWeights(model, weights);
  const optimizer = createOptimizer(options);
  const losses = batches.map((batch) => stepOracle({ model, optimizer, options, batch, patchSizePx }));
  const trained = getModelWeights(model);
  const logits = tf.tidy(() => {
    const prediction = model.predict(imagesOf(batches[0] as TrainingStepInput, patchSizePx)) as tf.Tensor;
    return Float32Array.from(prediction.dataSync());
  });
  model.dispose();
  return { losses, weights: trained, logits };
}

function createOptimizer({ optimizer, momentum }: OptimizerOptions): tf.Optimizer {
  if (optimizer === 'sgd') return tf.train.sgd(1);
  return optimizer === 'momentum' ? tf.train.momentum(1, momentum) : tf.train.adam(1);
}

function stepOracle(request: {
  model: tf.LayersModel;
  optimizer: tf.Optimizer;
  options: OptimizerOptions;
  batch: TrainingStepInput;
  patchSizePx: number;
}): number {
  const { model, optimizer, options, batch, patchSizePx } = request;
  return tf.tidy(() => {
    setLearningRate(optimizer, batch.learningRate);
    const kernels = model.trainableWeights.filter((weight) => weight.shape.length > 1);
    const before = kernels.map((weight) => weight.read().clone());
    const images = imagesOf(batch, patchSizePx);
    const { value, grads } = tf.variableGrads(() => {
      const logits = model.apply(images, { training: true }) as tf.Tensor;
      return oracleLoss(logits.flatten() as tf.Tensor1D, batch, options.focalGamma);
    });
    optimizer.applyGradients(clip(grads, options.gradientClipNorm));
    kernels.forEach((weight, index) => {
      const decay = (before[index] as tf.Tensor).mul(batch.learningRate * options.weightDecay);
      weight.write(weight.read().sub(decay));
    });
    return value.dataSync()[0] as number;
  });
}

function imagesOf(batch: TrainingStepInput, patchSizePx: number): tf.Tensor4D {
  return tf.tensor4d(normaliseImages(batch.images), [batch.labels.length, patchSizePx, patchSizePx, 3]);
}

/** The focal loss as its authors write it; with gamma 0 the cross-entropy of a probability. */
function oracleLoss(logits: tf.Tensor1D, batch: TrainingStepInput, gamma: number): tf.Scalar {
  const labels = tf.tensor1d(batch.labels);
  const weights = tf.tensor1d(batch.sampleWeights);
  const positive = tf.sigmoid(logits);
  const negative = tf.sub(1, positive);
  const crossEntropy = tf.neg(
    tf.add(tf.mul(labels, tf.log(positive)), tf.mul(tf.sub(1, labels), tf.log(negative))),
  );
  const own = tf.add(tf.mul(labels, positive), tf.mul(tf.sub(1, labels), negative));
  const losses = gamma > 0 ? tf.mul(tf.pow(tf.sub(1, own), gamma), crossEntropy) : crossEntropy;
  return tf.div(tf.sum(tf.mul(losses, weights)), tf.sum(weights));
}

/** Both kinds of optimizer keep their rate in a field that is not public. */
function setLearningRate(optimizer: tf.Optimizer, learningRate: number): void {
  const fields = optimizer as unknown as { learningRate: number; setLearningRate?: (rate: number) => void };
  if (fields.setLearningRate) fields.setLearningRate(learningRate);
  else fields.learningRate = learningRate;
}

function clip(gradients: tf.NamedTensorMap, clipNorm: number): tf.NamedTensorMap {
  if (clipNorm === 0) return gradients;
  let squares = 0;
  for (const gradient of Object.values(gradients)) {
    for (const value of gradient.dataSync()) squares += value * value;
  }
  const scale = Math.min(1, clipNorm / Math.sqrt(squares));
  return Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, gradient.mul(scale)]));
}
