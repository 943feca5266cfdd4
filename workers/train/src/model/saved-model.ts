/**
 * A trained network as others use it: a TensorFlow.js layers model of stock layers alone, which takes raw RGB 0..255
 * and gives the calibrated probability of IDC. The colour scale is a frozen batch norm in front, the temperature a
 * dense layer without bias behind.
 */

import type { Layer } from '@microtome/domain/network/layer';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import * as tf from '@tensorflow/tfjs';
import { GREY_MAX } from '../engine/colour-scale.ts';
import { connectLayers, setModelWeights } from '../engine/layers-model.ts';
import type { Normalisation } from '../engine/normalisation.ts';
import type { NamedTensor } from '../engine/training-engine.ts';

const MODEL_WEIGHTS_NAME = 'weights.bin';

export const COLOUR_SCALE = 'colour-scale';
export const PROBABILITY = 'probability';

export type TrainedNetwork = {
  layers: readonly Layer[];
  patchSizePx: number;
  weights: readonly NamedTensor[];
  normalisation: Normalisation;
  /** 1 = not calibrated. */
  temperature: number;
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

function buildSavedModel({ layers, patchSizePx, weights, normalisation, temperature }: TrainedNetwork) {
  const input = tf.input({ shape: [patchSizePx, patchSizePx, RGB_CHANNELS], name: 'rgb' });
  const scaled = tf.layers
    .batchNormalization({ name: COLOUR_SCALE, center: false, scale: false, epsilon: 0, trainable: false })
    .apply(input) as tf.SymbolicTensor;
  const logit = connectLayers(layers, scaled, { prefix: '', seed: 0 });
  const output = tf.layers
    .dense({ name: PROBABILITY, units: 1, useBias: false, activation: 'sigmoid' })
    .apply(logit) as tf.SymbolicTensor;
  const model = tf.model({ name: 'microtome', inputs: input, outputs: output });
  setModelWeights(model, [...weights, ...describeEnds(normalisation, temperature)]);
  return model;
}

function describeEnds({ mean, sd }: Normalisation, temperature: number): NamedTensor[] {
  return [
    {
      name: `${COLOUR_SCALE}/moving_mean`,
      shape: [RGB_CHANNELS],
      values: Float32Array.from(mean, (value) => value * GREY_MAX),
    },
    {
      name: `${COLOUR_SCALE}/moving_variance`,
      shape: [RGB_CHANNELS],
      values: Float32Array.from(sd, (value) => (value * GREY_MAX) ** 2),
    },
    { name: `${PROBABILITY}/kernel`, shape: [1, 1], values: Float32Array.of(1 / temperature) },
  ];
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
