/**
 * A trained network as others use it: a TensorFlow.js layers model of stock layers alone, which takes raw RGB 0..255
 * and gives the calibrated probability of the positive class. The colour scale is a frozen batch norm in front, the temperature a
 * dense layer without bias behind.
 */

import type { Layer } from '@microtome/domain/network/layer';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import * as tf from '@tensorflow/tfjs';
import { connectLayers, setModelWeights } from '../engine/layers-model.ts';
import type { NamedTensor } from '../engine/training-engine.ts';
import { COLOUR_SCALE, describeEnds, type ModelEnds, PROBABILITY } from './model-ends.ts';

const MODEL_WEIGHTS_NAME = 'weights.bin';

export type TrainedNetwork = ModelEnds & {
  layers: readonly Layer[];
  patchSizePx: number;
  weights: readonly NamedTensor[];
};

export type SavedModel = { modelJson: Buffer; weights: Buffer };

/** Input: float32 [n, size, size, 3] in 0..255; output: [n, 1] in 0..1. The bytes are a function of the network. */
export async function saveModel(network: TrainedNetwork): Promise<SavedModel> {
  const backendBefore = tf.getBackend();
  await tf.setBackend('cpu');
  const model = buildSavedModel(network);
  try {
    return await collectArtifacts(model);
  } finally {
    model.dispose();
    if (backendBefore) await tf.setBackend(backendBefore);
  }
}

function buildSavedModel({ layers, patchSizePx, weights, ...ends }: TrainedNetwork) {
  const input = tf.input({ shape: [patchSizePx, patchSizePx, RGB_CHANNELS], name: 'rgb' });
  const scaled = tf.layers
    .batchNormalization({ name: COLOUR_SCALE, center: false, scale: false, epsilon: 0, trainable: false })
    .apply(input) as tf.SymbolicTensor;
  const logit = connectLayers(layers, scaled, { prefix: '', seed: 0 });
  const output = tf.layers
    .dense({ name: PROBABILITY, units: 1, useBias: false, activation: 'sigmoid' })
    .apply(logit) as tf.SymbolicTensor;
  const model = tf.model({ name: 'microtome', inputs: input, outputs: output });
  setModelWeights(model, [...weights, ...describeEnds(ends)]);
  return model;
}

/** model.json names the weights' file next to it; the weights are float32, one after the other. */
async function collectArtifacts(model: tf.LayersModel): Promise<SavedModel> {
  let saved: SavedModel | null = null;
  const handler = tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
    const chunks = Array.isArray(weightData) ? weightData : [weightData as ArrayBuffer];
    const modelJson = {
      format: 'layers-model',
      generatedBy: `TensorFlow.js ${tf.version_core}`,
      convertedBy: null,
      modelTopology,
      weightsManifest: [{ paths: [MODEL_WEIGHTS_NAME], weights: weightSpecs }],
    };
    saved = {
      modelJson: Buffer.from(JSON.stringify(modelJson)),
      weights: Buffer.concat(chunks.map((chunk) => Buffer.from(chunk))),
    };
    return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
  });
  await model.save(handler);
  return saved as unknown as SavedModel;
}
