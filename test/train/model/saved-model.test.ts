import { calibrate } from '@microtome/domain/metrics/calibration';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { createRandom } from '@microtome/domain/seeded-random';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import {
  buildModel,
  getModelWeights,
  setModelWeights,
} from '../../../workers/train/src/engine/layers-model.ts';
import { loadSavedModel } from '../../../workers/train/src/model/load-saved-model.ts';
import {
  type SavedModel,
  saveModel,
  type TrainedNetwork,
} from '../../../workers/train/src/model/saved-model.ts';

const SIZE_PX = 24;
const PATCHES = 5;

describe('the saved model', () => {
  for (const architecture of ['shallow', 'deep', 'resnet', 'mobile', 'colour-baseline']) {
    it(`takes raw RGB and gives the calibrated probability by plain TensorFlow.js: ${architecture}`, async () => {
      const network = makeNetwork(architecture);
      const saved = await saveModel(network);
      const loaded = await tf.loadLayersModel(fromBytes(saved));
      const raw = makeRaw();
      const given = loaded.predict(
        tf.tensor4d(Float32Array.from(raw), [PATCHES, SIZE_PX, SIZE_PX, 3]),
      ) as tf.Tensor;
      expect(given.shape).toEqual([PATCHES, 1]);
      const expected = predictStepByStep(network, raw);
      expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(1e-3);
      given.dataSync().forEach((probability, row) => {
        expect(Math.abs(probability - expected[row]!)).toBeLessThan(1e-5);
      });
    });
  }

  it('is taken apart again into what it was made of', async () => {
    const network = makeNetwork('deep');
    const { weights, normalisation, temperature } = loadSavedModel(await saveModel(network));
    expect(weights).toEqual(network.weights);
    expect(temperature).toBeCloseTo(network.temperature, 6);
    normalisation.mean.forEach((mean, channel) => {
      expect(mean).toBeCloseTo(network.normalisation.mean[channel]!, 6);
      expect(normalisation.sd[channel]).toBeCloseTo(network.normalisation.sd[channel]!, 6);
    });
  });

  it('is the same bytes for the same network', async () => {
    const network = makeNetwork('deep');
    expect(await saveModel(network)).toEqual(await saveModel(network));
  });
});

/** A network with its initial weights shaken, so that batch norms are not at rest. */
function makeNetwork(architecture: string): TrainedNetwork {
  const layers = getArchitecture(architecture).layers({ width: 0.25, dropoutRate: 0.5 });
  const model = buildModel({ layers, patchSizePx: SIZE_PX, seed: 3 });
  const random = createRandom(4);
  const weights = getModelWeights(model).map(({ name, shape, values }) => ({
    name,
    shape,
    values: values.map((value) => value + 0.05 * (2 * random.next() - 1)),
  }));
  const normalisation = { mean: [0.71, 0.52, 0.63], sd: [0.11, 0.19, 0.14] };
  return { layers, patchSizePx: SIZE_PX, weights, normalisation, temperature: 1.7 };
}

/** Noise, brighter from patch to patch. */
function makeRaw(): Uint8Array {
  const random = createRandom(9);
  const patchValues = SIZE_PX * SIZE_PX * 3;
  return Uint8Array.from({ length: PATCHES * patchValues }, (_, at) => {
    const brightest = 256 * ((1 + Math.floor(at / patchValues)) / PATCHES);
    return Math.floor(random.next() * brightest);
  });
}

/** Normalisation, network and temperature one by one, each by its own code. */
function predictStepByStep(network: TrainedNetwork, raw: Uint8Array): number[] {
  const { mean, sd } = network.normalisation;
  const images = Float32Array.from(raw, (grey, at) => (grey / 255 - mean[at % 3]!) / sd[at % 3]!);
  const model = buildModel({ layers: network.layers, patchSizePx: SIZE_PX, seed: 1 });
  setModelWeights(model, network.weights);
  const logits = model.predict(tf.tensor4d(images, [PATCHES, SIZE_PX, SIZE_PX, 3])) as tf.Tensor;
  return [...logits.dataSync()].map((logit) => calibrate(logit, network.temperature));
}

function fromBytes({ modelJson, weights }: SavedModel): tf.io.IOHandler {
  const { modelTopology, weightsManifest } = JSON.parse(modelJson.toString());
  expect(weightsManifest).toHaveLength(1);
  expect(weightsManifest[0].paths).toEqual(['weights.bin']);
  const weightData = Uint8Array.from(weights).buffer;
  return tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData });
}
