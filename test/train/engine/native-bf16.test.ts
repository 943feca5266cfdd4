/**
 * Training in bfloat16 on native TensorFlow: as near to float32 as its eight bits allow, as good in the end, and refused where
 * the processor has none. On a processor without it TensorFlow computes the same more slowly, so all but the speed is tested.
 */
import { rocAuc } from '@microtome/domain/metrics/roc';
import type { Layer } from '@microtome/domain/network/layer';
import { createRandom, gaussian, type SeededRandom } from '@microtome/domain/seeded-random';
import { createEngine } from '@microtome/train/engine/create-engine';
import { loadNativeTensorflow } from '@microtome/train/engine/tensorflow/native-tensorflow';
import { createTensorflowEngine } from '@microtome/train/engine/tensorflow/tensorflow-engine';
import type { EngineOptions, TrainingEngine } from '@microtome/train/engine/training-engine';
import { describe, expect, it } from 'vitest';
import { hasNativeTensorflow } from '../../fixtures/find-native-tensorflow.ts';
import { createBatch, measureDistance, NORMALISATION, narrowNetwork, PLAIN_SGD } from './training-case.ts';

const PATCH_SIZE_PX = 16;
const BATCH_SIZE = 32;
const STEPS = 40;
const TEST_PATCHES = 600;
const SEEDS = [1, 2, 3, 4, 5];
const OPTIONS: EngineOptions = {
  layers: narrowNetwork('deep'),
  patchSizePx: PATCH_SIZE_PX,
  batchSize: BATCH_SIZE,
  normalisation: NORMALISATION,
  seed: 3,
  optimizer: { ...PLAIN_SGD, optimizer: 'adam' },
};
const HAS_BF16 = new Set(['avx512_bf16']);

function openBf16(options: EngineOptions): Promise<TrainingEngine> {
  const native = loadNativeTensorflow({ deterministic: false });
  return createTensorflowEngine({ ...options, precision: 'bf16' }, native, HAS_BF16);
}

const openFloat32 = (options: EngineOptions) => createEngine({ ...options, backend: 'tensorflow' });

/** Noise, in which patches of label 1 have a faint dark spot somewhere: hard enough that no network ranks all of them right. */
function drawPatches(count: number, random: SeededRandom) {
  const images = new Uint8ClampedArray(count * PATCH_SIZE_PX ** 2 * 3);
  const labels = Float32Array.from({ length: count }, (_, index) => index % 2);
  for (const [index, label] of labels.entries()) {
    const [x, y] = [random.next(), random.next()].map((place) => 3 + place * (PATCH_SIZE_PX - 6)) as [
      number,
      number,
    ];
    for (let pixel = 0; pixel < PATCH_SIZE_PX ** 2; pixel++) {
      const distance = Math.hypot((pixel % PATCH_SIZE_PX) - x, Math.floor(pixel / PATCH_SIZE_PX) - y);
      const spot = label * 30 * Math.exp(-(distance ** 2) / 4);
      for (let channel = 0; channel < 3; channel++) {
        images[(index * PATCH_SIZE_PX ** 2 + pixel) * 3 + channel] = 128 - spot + 40 * gaussian(random);
      }
    }
  }
  return { images: new Uint8Array(images.buffer), labels };
}

async function measureAuc(open: (options: EngineOptions) => Promise<TrainingEngine>, seed: number) {
  const engine = await open({ ...OPTIONS, seed });
  const random = createRandom(seed);
  for (let step = 0; step < STEPS; step++) {
    const sampleWeights = new Float32Array(BATCH_SIZE).fill(1);
    await engine.step({ ...drawPatches(BATCH_SIZE, random), sampleWeights, learningRate: 0.01 });
  }
  const { images, labels } = drawPatches(TEST_PATCHES, createRandom(99));
  const logits = await engine.predictLogits(images, TEST_PATCHES);
  await engine.dispose();
  return rocAuc({ probabilities: Float64Array.from(logits), labels: Uint8Array.from(labels) }) as number;
}

function describeSample(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, variance };
}

describe.skipIf(!hasNativeTensorflow())('bfloat16 on the tensorflow engine', () => {
  it.each(['shallow', 'deep', 'resnet', 'mobile', 'janowczyk2016'])(
    'moves the weights of %s nearly as float32 does, and predicts in float32',
    async (architecture) => {
      const layers: Layer[] = narrowNetwork(architecture);
      const options = {
        ...OPTIONS,
        layers,
        optimizer: { ...PLAIN_SGD, optimizer: 'momentum', momentum: 0.9 } as const,
      };
      const [narrow, wide] = [await openBf16(options), await openFloat32(options)];
      const start = await wide.weights();
      const batch = createBatch({
        seed: 1,
        batchSize: BATCH_SIZE,
        patchSizePx: PATCH_SIZE_PX,
        learningRate: 0.02,
      });
      const losses = [];
      for (const engine of [narrow, wide]) losses.push((await engine.step(batch)).loss);
      expect(losses[0]).not.toBe(losses[1]);
      expect(Math.abs(losses[0]! - losses[1]!)).toBeLessThan(0.01 * losses[1]!);
      const update = measureDistance(start, await wide.weights());
      expect(measureDistance(await narrow.weights(), await wide.weights())).toBeLessThan(0.25 * update);
      await wide.restore(await narrow.state());
      const logits = [narrow, wide].map((engine) => engine.predictLogits(batch.images, BATCH_SIZE));
      expect(await logits[0]).toEqual(await logits[1]);
      await Promise.all([narrow.dispose(), wide.dispose()]);
    },
  );

  it('ranks fresh patches as well as float32 does, within the noise of seeds', async () => {
    const aucs: Record<'narrow' | 'wide', number[]> = { narrow: [], wide: [] };
    for (const seed of SEEDS) {
      aucs.narrow.push(await measureAuc(openBf16, seed));
      aucs.wide.push(await measureAuc(openFloat32, seed));
    }
    const [narrow, wide] = [describeSample(aucs.narrow), describeSample(aucs.wide)];
    expect(wide.mean).toBeGreaterThan(0.8);
    expect(wide.mean).toBeLessThan(0.995);
    const standardError = Math.sqrt((narrow.variance + wide.variance) / SEEDS.length);
    expect(Math.abs(narrow.mean - wide.mean)).toBeLessThan(3 * standardError);
  });

  it('is refused where the processor has none, and on a GPU', async () => {
    const native = loadNativeTensorflow({ deterministic: false });
    const options = { ...OPTIONS, precision: 'bf16' } as const;
    await expect(createTensorflowEngine(options, native, new Set(['avx2', 'avx512f']))).rejects.toThrow(
      'This processor has no bfloat16',
    );
    await expect(createTensorflowEngine(options, { ...native, usesGpu: true }, HAS_BF16)).rejects.toThrow(
      'on a GPU it was never tried',
    );
  });
});

it('is refused by every other backend', async () => {
  for (const backend of ['onnx', 'cpu', 'webgpu'] as const) {
    await expect(createEngine({ ...OPTIONS, backend, precision: 'bf16' })).rejects.toThrow(
      `Precision 'bf16' is to be had on the backend 'tensorflow' alone, and the run asks for '${backend}'.`,
    );
  }
});
