/**
 * Turns a layer list into a TensorFlow.js model that ends in one raw logit, for saving, loading and
 * inference. Layers are named by their place in the list, so that weights can be matched by name; each
 * layer draws its initial weights from a seed of its own, because two layers of one shape and one seed
 * would start identical.
 */

import { AppError, invariant } from '@microtome/domain/app-error';
import type { Activation, GivenWeights, Layer } from '@microtome/domain/network/layer';
import { deriveSeed } from '@microtome/domain/seeded-random';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import * as tf from '@tensorflow/tfjs';
import { nameLayer } from './layer-name.ts';
import type { NamedTensor } from './training-engine.ts';

export const BATCH_NORM_EPSILON = 1e-3;
export const BATCH_NORM_MOMENTUM = 0.9;

type ModelOptions = { layers: readonly Layer[]; patchSizePx: number; seed: number };

type Place = { prefix: string; seed: number };

/** Input: float32 [n, patchSizePx, patchSizePx, 3], normalised; output: logits [n, 1]. */
export function buildModel({ layers, patchSizePx, seed }: ModelOptions): tf.LayersModel {
  const input = tf.input({ shape: [patchSizePx, patchSizePx, RGB_CHANNELS] });
  const output = connectLayers(layers, input, { prefix: '', seed });
  return tf.model({ inputs: input, outputs: output });
}

/** The model's weights by the names that the layer list gives them, in the model's own order. */
export function getModelWeights(model: tf.LayersModel): NamedTensor[] {
  return model.weights.map((weight) => ({
    name: weight.originalName,
    shape: weight.shape.map(Number),
    values: Float32Array.from(weight.read().dataSync()),
  }));
}

/** Sets every weight by name. BAD_INPUT when a weight is absent or of another shape. */
export function setModelWeights(model: tf.LayersModel, tensors: readonly NamedTensor[]): void {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  tf.tidy(() => {
    for (const weight of model.weights) {
      const tensor = byName.get(weight.originalName);
      if (!tensor || tensor.shape.join() !== weight.shape.join()) {
        const found = tensor ? `has shape [${tensor.shape}]` : 'is absent';
        throw new AppError(
          'BAD_INPUT',
          `The weights do not fit the network: '${weight.originalName}' should have shape [${weight.shape}] but ${found}.`,
        );
      }
      weight.write(tf.tensor(tensor.values, tensor.shape));
    }
  });
}

/** Appends the layers of a list to a tensor; `place` gives their names' prefix and the seed of their weights. */
export function connectLayers(
  layers: readonly Layer[],
  input: tf.SymbolicTensor,
  place: Place,
): tf.SymbolicTensor {
  return layers.reduce((tensor, layer, index) => {
    const name = nameLayer(place.prefix, index, layer);
    if (layer.kind === 'residual') return connectResidual(layer, tensor, { ...place, prefix: name });
    const built = createLayer(layer, name, deriveSeed(place.seed, name));
    const output = built.apply(tensor);
    invariant(output instanceof tf.SymbolicTensor, `layer ${name} has one output`);
    if ('given' in layer && layer.given) giveWeights(built, layer.given);
    return output;
  }, input);
}

/** Such a layer is not trained, here or by an engine. */
function giveWeights(layer: tf.layers.Layer, { kernel, bias }: GivenWeights): void {
  layer.trainable = false;
  tf.tidy(() => {
    const values = [kernel, bias].slice(0, layer.weights.length);
    layer.setWeights(
      values.map((given, index) => tf.tensor([...given], layer.weights[index]?.shape as number[])),
    );
  });
}

function connectResidual(
  layer: Extract<Layer, { kind: 'residual' }>,
  input: tf.SymbolicTensor,
  place: Place,
): tf.SymbolicTensor {
  const body = connectLayers(layer.body, input, { ...place, prefix: `${place.prefix}/body/` });
  const shortcut = connectLayers(layer.shortcut, input, { ...place, prefix: `${place.prefix}/shortcut/` });
  const sum = tf.layers.add({ name: `${place.prefix}/add` }).apply([body, shortcut]);
  return tf.layers
    .activation({ activation: 'relu', name: `${place.prefix}/relu` })
    .apply(sum) as tf.SymbolicTensor;
}

function createLayer(
  layer: Exclude<Layer, { kind: 'residual' }>,
  name: string,
  seed: number,
): tf.layers.Layer {
  switch (layer.kind) {
    case 'conv2d':
      return tf.layers.conv2d({
        name,
        ...convolutionConfig(layer),
        filters: layer.filters,
        kernelInitializer: tf.initializers.heNormal({ seed }),
      });
    case 'depthwiseConv2d':
      return tf.layers.depthwiseConv2d({
        name,
        ...convolutionConfig(layer),
        // Each filter sees one channel; heNormal would count them all and start far too small.
        depthwiseInitializer: tf.initializers.truncatedNormal({
          stddev: Math.SQRT2 / layer.kernelSizePx,
          seed,
        }),
      });
    case 'batchNorm':
      return tf.layers.batchNormalization({
        name,
        momentum: BATCH_NORM_MOMENTUM,
        epsilon: BATCH_NORM_EPSILON,
      });
    case 'activation':
      return tf.layers.activation({ name, activation: layer.activation });
    case 'maxPool2d':
      return tf.layers.maxPooling2d({ name, ...poolingConfig(layer) });
    case 'avgPool2d':
      return tf.layers.averagePooling2d({ name, ...poolingConfig(layer) });
    case 'globalAveragePool2d':
      return tf.layers.globalAveragePooling2d({ name, dataFormat: 'channelsLast' });
    case 'flatten':
      return tf.layers.flatten({ name });
    case 'dropout':
      return tf.layers.dropout({ name, rate: layer.rate });
    case 'dense':
      return tf.layers.dense({
        name,
        units: layer.units,
        activation: layer.activation,
        kernelInitializer: denseInitializer(layer.activation, seed),
      });
  }
}

function convolutionConfig(layer: Extract<Layer, { kind: 'conv2d' | 'depthwiseConv2d' }>) {
  const { kernelSizePx, stridePx, padding, useBias, activation } = layer;
  return { kernelSize: kernelSizePx, strides: stridePx, padding, useBias, activation };
}

function poolingConfig(layer: Extract<Layer, { kind: 'maxPool2d' | 'avgPool2d' }>) {
  return { poolSize: layer.sizePx, strides: layer.stridePx, padding: layer.padding };
}

function denseInitializer(activation: Activation, seed: number) {
  return activation === 'relu' ? tf.initializers.heNormal({ seed }) : tf.initializers.glorotUniform({ seed });
}
