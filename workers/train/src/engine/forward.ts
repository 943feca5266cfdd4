/**
 * The forward pass of a layer list as a function of its weights, in TensorFlow.js operations: what a
 * training step differentiates and what an inference graph is traced from. It computes what the model of
 * `buildModel` computes, but takes weights and dropout masks as arguments, so that nothing is hidden in layers.
 */
import { invariant } from '@microtome/domain/app-error';
import type { Layer } from '@microtome/domain/network/layer';
import * as tf from '@tensorflow/tfjs';
import { activate, rectify } from './activation.ts';
import { poolAverage } from './average-pool.ts';
import { normaliseBatch } from './batch-norm.ts';
import { planLayers } from './layer-plan.ts';
import { BATCH_NORM_EPSILON } from './layers-model.ts';

export type DropoutMask = { name: string; shape: number[]; rate: number };

/** What only a training pass has. */
type TrainingHooks = {
  /** Asked once per dropout layer and pass, in layer order; entries are 0 or 1 / (1 - rate). */
  takeMask(mask: DropoutMask): tf.Tensor;
  /** Told once per batch norm and pass; the moving statistics are then updated outside of the gradient. */
  onBatchStatistics(statistics: { layerName: string; mean: tf.Tensor; variance: tf.Tensor }): void;
};

type ForwardContext = {
  weights: ReadonlyMap<string, tf.Tensor>;
  /** null in inference: dropout does nothing, batch norm uses its moving statistics. */
  training: TrainingHooks | null;
};

/** Images [n, h, w, 3] to logits [n]. */
export function computeLogits(
  layers: readonly Layer[],
  images: tf.Tensor,
  context: ForwardContext,
): tf.Tensor1D {
  return tf.reshape(runLayers(layers, images, { ...context, prefix: '' }), [images.shape[0] as number]);
}

function runLayers(
  layers: readonly Layer[],
  input: tf.Tensor,
  context: ForwardContext & { prefix: string },
): tf.Tensor {
  return planLayers(layers, context.prefix).reduce(
    (x, { name, layer }) => runLayer(layer, x, { ...context, name }),
    input,
  );
}

type LayerContext = ForwardContext & { name: string };

function runLayer(layer: Layer, x: tf.Tensor, context: LayerContext): tf.Tensor {
  switch (layer.kind) {
    case 'conv2d':
    case 'depthwiseConv2d':
      return runConvolution(layer, x as tf.Tensor4D, context);
    case 'batchNorm':
      return runBatchNorm(x, context);
    case 'activation':
      return activate(x, layer.activation);
    case 'maxPool2d':
      return tf.maxPool(x as tf.Tensor4D, layer.sizePx, layer.stridePx, layer.padding);
    case 'avgPool2d':
      return poolAverage(x as tf.Tensor4D, layer);
    case 'globalAveragePool2d':
      return tf.mean(x, [1, 2]);
    case 'flatten':
      return tf.reshape(x, [x.shape[0] as number, x.size / (x.shape[0] as number)]);
    case 'dropout':
      return runDropout(layer.rate, x, context);
    case 'dense':
      return tf.add(
        tf.matMul(x as tf.Tensor2D, getWeight(context, 'kernel') as tf.Tensor2D),
        getWeight(context, 'bias'),
      );
    case 'residual':
      return runResidual(layer, x, context);
  }
}

function runConvolution(
  layer: Extract<Layer, { kind: 'conv2d' | 'depthwiseConv2d' }>,
  x: tf.Tensor4D,
  context: LayerContext,
): tf.Tensor {
  const { stridePx, padding } = layer;
  const output =
    layer.kind === 'conv2d'
      ? tf.conv2d(x, getWeight(context, 'kernel') as tf.Tensor4D, stridePx, padding)
      : tf.depthwiseConv2d(x, getWeight(context, 'depthwise_kernel') as tf.Tensor4D, stridePx, padding);
  return layer.useBias ? tf.add(output, getWeight(context, 'bias')) : output;
}

function runBatchNorm(x: tf.Tensor, context: LayerContext): tf.Tensor {
  const gamma = getWeight(context, 'gamma');
  const beta = getWeight(context, 'beta');
  if (context.training) {
    const { normalised, mean, variance } = normaliseBatch({ x, gamma, beta, epsilon: BATCH_NORM_EPSILON });
    context.training.onBatchStatistics({ layerName: context.name, mean, variance });
    return normalised;
  }
  const mean = getWeight(context, 'moving_mean') as tf.Tensor1D;
  const variance = getWeight(context, 'moving_variance') as tf.Tensor1D;
  return tf.batchNorm(x, mean, variance, beta as tf.Tensor1D, gamma as tf.Tensor1D, BATCH_NORM_EPSILON);
}

function runDropout(rate: number, x: tf.Tensor, context: LayerContext): tf.Tensor {
  if (!context.training || rate === 0) return x;
  return tf.mul(x, context.training.takeMask({ name: context.name, shape: x.shape, rate }));
}

function runResidual(
  layer: Extract<Layer, { kind: 'residual' }>,
  x: tf.Tensor,
  context: LayerContext,
): tf.Tensor {
  const body = runLayers(layer.body, x, { ...context, prefix: `${context.name}/body/` });
  const shortcut = runLayers(layer.shortcut, x, { ...context, prefix: `${context.name}/shortcut/` });
  return rectify(tf.add(body, shortcut));
}

function getWeight(context: LayerContext, kind: string): tf.Tensor {
  const name = `${context.name}/${kind}`;
  const weight = context.weights.get(name);
  invariant(weight, `the network has a weight '${name}'`);
  return weight;
}
