/** The model that is saved: the same function as the engines', with weights that are matched by name. */
import {
  ARCHITECTURE_NAMES,
  describeArchitecture,
  getArchitecture,
} from '@microtome/domain/network/architectures';
import type { Layer } from '@microtome/domain/network/layer';
import { createEngine } from '@microtome/train/engine/create-engine';
import { buildModel, getModelWeights, setModelWeights } from '@microtome/train/engine/layers-model';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createBatch, NORMALISATION, normaliseImages, PLAIN_SGD } from './training-case.ts';

const PATCH_SIZE_PX = 50;
const NARROW = { width: 0.125, dropoutRate: 0.5 };

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

describe('the model of a layer list', () => {
  it.each(ARCHITECTURE_NAMES)('has as many weights as counted for %s', (architecture) => {
    const options = { width: 1, dropoutRate: 0.5 };
    const layers = getArchitecture(architecture).layers(options);
    const model = buildModel({ layers, patchSizePx: PATCH_SIZE_PX, seed: 1 });
    const counted = describeArchitecture({ architecture, ...options, patchSizePx: PATCH_SIZE_PX });
    expect(model.countParams()).toBe(counted.parameters);
    expect(model.outputs[0]?.shape).toEqual([null, 1]);
    model.dispose();
  });

  it.each(ARCHITECTURE_NAMES)(
    'predicts what the engine predicts for %s, after training steps',
    async (architecture) => {
      const layers = getArchitecture(architecture).layers(NARROW);
      const engine = await createEngine({
        backend: 'onnx',
        layers,
        patchSizePx: PATCH_SIZE_PX,
        batchSize: 4,
        normalisation: NORMALISATION,
        seed: 2,
        optimizer: PLAIN_SGD,
      });
      const batch = createBatch({ seed: 1, batchSize: 4, patchSizePx: PATCH_SIZE_PX, learningRate: 0.01 });
      await engine.step(batch);
      await engine.step(batch);
      const logits = await engine.predictLogits(batch.images, 2);
      const model = buildModel({ layers, patchSizePx: PATCH_SIZE_PX, seed: 0 });
      setModelWeights(model, await engine.weights());
      const seen = normaliseImages(batch.images.subarray(0, 2 * 7500));
      const images = tf.tensor4d(seen, [2, PATCH_SIZE_PX, PATCH_SIZE_PX, 3]);
      const expected = (model.predict(images) as tf.Tensor).dataSync();
      logits.forEach((logit, index) => {
        expect(Math.abs(logit - (expected[index] as number))).toBeLessThan(1e-4);
      });
      model.dispose();
      await engine.dispose();
    },
  );

  it('starts every layer from weights of its own, the same for the same seed', () => {
    const conv: Layer = {
      kind: 'conv2d',
      filters: 3,
      kernelSizePx: 3,
      stridePx: 1,
      padding: 'same',
      useBias: false,
      activation: 'relu',
    };
    const layers: Layer[] = [
      conv,
      conv,
      { kind: 'flatten' },
      { kind: 'dense', units: 1, activation: 'linear' },
    ];
    const draw = (seed: number) => getModelWeights(buildModel({ layers, patchSizePx: 8, seed }));
    const [first, second] = draw(1);
    expect(first?.values).not.toEqual(second?.values);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)[0]?.values).not.toEqual(first?.values);
  });

  it('refuses weights of another network, naming the first that does not fit', () => {
    const build = (width: number) =>
      buildModel({
        layers: getArchitecture('shallow').layers({ width, dropoutRate: 0 }),
        patchSizePx: 16,
        seed: 1,
      });
    const weights = getModelWeights(build(0.5));
    expect(() => setModelWeights(build(0.25), weights)).toThrow(
      /'00-conv2d\/kernel' should have shape \[3,3,3,4\]/,
    );
    expect(() => setModelWeights(build(0.5), weights.slice(1))).toThrow(/'00-conv2d\/kernel'.*is absent/);
  });
});
