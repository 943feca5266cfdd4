/** Native TensorFlow as an engine: its graph against the oracle and against onnx, repeats, going on, bounded memory. */
import { ARCHITECTURE_NAMES, getArchitecture } from '@microtome/domain/network/architectures';
import type { Layer } from '@microtome/domain/network/layer';
import { createEngine } from '@microtome/train/engine/create-engine';
import { loadNativeTensorflow } from '@microtome/train/engine/tensorflow/native-tensorflow';
import type { EngineOptions, EngineState, OptimizerOptions } from '@microtome/train/engine/training-engine';
import { describe, expect, it } from 'vitest';
import { hasNativeTensorflow } from '../../fixtures/find-native-tensorflow.ts';
import { trainOracle } from './layers-oracle.ts';
import {
  createBatch,
  EVERY_LAYER,
  measureDistance,
  measureLargest,
  NORMALISATION,
  narrowNetwork,
  PLAIN_SGD,
  smoothNetwork,
} from './training-case.ts';

const BOUND = 1e-5;
const PATCH_SIZE_PX = 16;
const MEBIBYTE = 2 ** 20;
const ADAM: OptimizerOptions = { ...PLAIN_SGD, optimizer: 'adam' };
const OPTIMIZERS: Record<string, OptimizerOptions> = {
  adam: ADAM,
  momentum: { ...PLAIN_SGD, optimizer: 'momentum', momentum: 0.9 },
  'adamw with decay, clipping and focal loss': {
    ...PLAIN_SGD,
    optimizer: 'adamw',
    weightDecay: 0.1,
    gradientClipNorm: 0.2,
    focalGamma: 2,
  },
};
const FLAT_NORM: Layer[] = [
  { kind: 'globalAveragePool2d' },
  { kind: 'dense', units: 6, activation: 'tanh' },
  { kind: 'batchNorm' },
  { kind: 'dense', units: 1, activation: 'linear' },
];
const OPTIONS: EngineOptions & { backend: 'tensorflow' } = {
  backend: 'tensorflow',
  layers: EVERY_LAYER,
  patchSizePx: PATCH_SIZE_PX,
  batchSize: 4,
  normalisation: NORMALISATION,
  seed: 3,
  optimizer: ADAM,
};

const batchOf = (seed: number) =>
  createBatch({ seed, batchSize: OPTIONS.batchSize, patchSizePx: PATCH_SIZE_PX, learningRate: 0.003 });

async function compareWithOracle(layers: readonly Layer[], optimizer: OptimizerOptions) {
  const engine = await createEngine({ ...OPTIONS, layers, optimizer });
  const start = await engine.weights();
  const batches = [batchOf(0), batchOf(1)];
  const request = { layers, patchSizePx: PATCH_SIZE_PX, weights: start, options: optimizer };
  const oracle = await trainOracle({ ...request, batches });
  const losses: number[] = [];
  for (const batch of batches) losses.push((await engine.step(batch)).loss);
  const logits = await engine.predictLogits(batches[0]!.images, OPTIONS.batchSize);
  const trained = await engine.weights();
  await engine.dispose();
  return {
    update: measureDistance(start, oracle.weights),
    weights: measureDistance(trained, oracle.weights),
    loss: measureLargest(losses, oracle.losses),
    logits: measureLargest([...logits], [...oracle.logits]),
  };
}

describe.skipIf(!hasNativeTensorflow())('the tensorflow engine', () => {
  it.each(Object.keys(OPTIMIZERS))(
    'moves every weight of a network of every layer as the oracle does under %s',
    async (name) => {
      const distance = await compareWithOracle(EVERY_LAYER, OPTIMIZERS[name]!);
      expect(distance.update).toBeGreaterThan(1e-3);
      expect(distance.weights).toBeLessThan(BOUND);
      expect(distance.loss).toBeLessThan(BOUND);
      expect(distance.logits).toBeLessThan(10 * BOUND);
    },
  );

  it('normalises flat activations as the oracle does', async () => {
    const distance = await compareWithOracle(FLAT_NORM, ADAM);
    expect(distance.update).toBeGreaterThan(1e-3);
    expect(distance.weights).toBeLessThan(BOUND);
  });

  it.each(['shallow', 'deep', 'resnet', 'mobile', 'janowczyk2016'])(
    'moves the weights of %s as plain JavaScript does, up to units at the kink',
    async (architecture) => {
      const options = { ...OPTIONS, layers: narrowNetwork(architecture), optimizer: PLAIN_SGD };
      const [native, plain] = [
        await createEngine(options),
        await createEngine({ ...options, backend: 'cpu' }),
      ];
      const start = await native.weights();
      for (const engine of [native, plain]) await engine.step({ ...batchOf(1), learningRate: 0.02 });
      expect(measureDistance(start, await native.weights())).toBeGreaterThan(1e-3);
      expect(measureDistance(await native.weights(), await plain.weights())).toBeLessThan(1e-3);
      await Promise.all([native.dispose(), plain.dispose()]);
    },
  );

  it.each(ARCHITECTURE_NAMES)(
    'moves the weights of %s as onnx does, and predicts the same, at full width and patch size',
    async (architecture) => {
      const layers = smoothNetwork(getArchitecture(architecture).layers({ width: 1, dropoutRate: 0 }));
      const options = { ...OPTIONS, layers, patchSizePx: 50, optimizer: PLAIN_SGD, threads: 2 };
      const [native, onnx] = [
        await createEngine(options),
        await createEngine({ ...options, backend: 'onnx' }),
      ];
      const start = await native.weights();
      const batch = createBatch({ seed: 1, batchSize: 4, patchSizePx: 50, learningRate: 0.02 });
      for (const engine of [native, onnx]) await engine.step(batch);
      const update = measureDistance(start, await native.weights());
      expect(update).toBeGreaterThan(1e-4);
      expect(measureDistance(await native.weights(), await onnx.weights())).toBeLessThan(1e-3 * update);
      const [logits, others] = [native, onnx].map((engine) => engine.predictLogits(batch.images, 4));
      expect(measureLargest([...(await logits!)], [...(await others!)])).toBeLessThan(1e-3);
      await Promise.all([native.dispose(), onnx.dispose()]);
    },
  );

  it('gives the same bits again, next to another engine, when it is asked to be deterministic', async () => {
    const options = { ...OPTIONS, layers: narrowNetwork('mobile'), deterministic: true };
    const [one, other] = [await createEngine(options), await createEngine(options)];
    for (const seed of [0, 1, 2]) {
      for (const engine of [one, other]) await engine.step(batchOf(seed));
    }
    expect(measureDistance(await one.weights(), await other.weights())).toBe(0);
    await Promise.all([one.dispose(), other.dispose()]);
  });

  it('goes on from a state as if it had never stopped, dropout included', async () => {
    const layers = narrowNetwork('shallow').flatMap((layer): Layer[] =>
      layer.kind === 'flatten' ? [layer, { kind: 'dropout', rate: 0.5 }] : [layer],
    );
    const train = async (seeds: readonly number[], from?: EngineState) => {
      const engine = await createEngine({ ...OPTIONS, layers });
      if (from) await engine.restore(from);
      for (const seed of seeds) await engine.step(batchOf(seed));
      const state = await engine.state();
      await engine.dispose();
      return state;
    };
    const whole = await train([0, 1, 2, 3]);
    const resumed = await train([2, 3], await train([0, 1]));
    expect(resumed.randomState).toBe(whole.randomState);
    expect(measureDistance(resumed.tensors, whole.tensors)).toBeLessThan(1e-6);
  });

  it('takes a copy of the state that it is given', async () => {
    const engine = await createEngine({ ...OPTIONS, optimizer: PLAIN_SGD });
    const { tensors, randomState } = await engine.state();
    // TensorFlow would share the memory of numbers that begin at a multiple of 64 bytes; one of these does.
    for (let offset = 0; offset < 16; offset++) {
      const shared = tensors.map(({ values, ...tensor }) => {
        const moved = new Float32Array(values.length + 16).subarray(offset, offset + values.length);
        moved.set(values);
        return { ...tensor, values: moved };
      });
      await engine.restore({ tensors: shared, randomState });
      for (const { values } of shared) values.fill(7);
      expect(measureDistance(await engine.weights(), tensors)).toBe(0);
    }
    await engine.dispose();
  });

  it('keeps tensors and memory flat over hundreds of steps, predictions and checkpoints', async () => {
    const engine = await createEngine(OPTIONS);
    const work = async (steps: number) => {
      for (let step = 0; step < steps; step++) {
        await engine.step(batchOf(step % 4));
        if (step % 10 === 0) await engine.predictLogits(batchOf(0).images, 4);
        if (step % 50 === 0) await engine.restore(await engine.state());
      }
    };
    await work(60);
    const { binding } = loadNativeTensorflow({ deterministic: false });
    const tensors = binding.getNumOfTensors();
    const residentBytes = process.memoryUsage().rss;
    await work(200);
    expect(binding.getNumOfTensors()).toBe(tensors);
    expect(process.memoryUsage().rss - residentBytes).toBeLessThan(60 * MEBIBYTE);
    await engine.dispose();
  });
});
