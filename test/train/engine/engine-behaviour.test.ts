/** What the worker relies on in an engine beyond its figures: repeats, resuming, padding, memory, refusals. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { createEngine } from '@microtome/train/engine/create-engine';
import { loadNativeTensorflow } from '@microtome/train/engine/tensorflow/native-tensorflow';
import type { EngineOptions, EngineState } from '@microtome/train/engine/training-engine';
import { describe, expect, it } from 'vitest';
import { hashTraining } from './hash-training.ts';
import { createBatch, measureDistance, NORMALISATION, narrowNetwork, PLAIN_SGD } from './training-case.ts';

const MEBIBYTE = 2 ** 20;
const WITH_DROPOUT = getArchitecture('shallow').layers({ width: 0.25, dropoutRate: 0.5 });

const OPTIONS: EngineOptions = {
  layers: WITH_DROPOUT,
  patchSizePx: 16,
  batchSize: 4,
  normalisation: NORMALISATION,
  seed: 3,
  optimizer: { ...PLAIN_SGD, optimizer: 'adam' },
  threads: 2,
};

function batchOf(seed: number, options: EngineOptions = OPTIONS) {
  const { batchSize, patchSizePx } = options;
  return createBatch({ seed, batchSize, patchSizePx, learningRate: 0.01 });
}

async function trainSteps(seeds: readonly number[], state?: EngineState) {
  const engine = await createEngine({ ...OPTIONS, backend: 'onnx' });
  if (state) await engine.restore(state);
  for (const seed of seeds) await engine.step(batchOf(seed));
  const trained = await engine.state();
  await engine.dispose();
  return trained;
}

describe('repeats on onnx', () => {
  it('gives the same bits for the same seed in another process', async () => {
    const script = fileURLToPath(new URL('./hash-training.ts', import.meta.url));
    const elsewhere = execFileSync(process.execPath, [script], { encoding: 'utf8' }).trim();
    expect(elsewhere).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashTraining()).toBe(elsewhere);
  });

  it('goes on from a state as if it had never stopped, to the bit, dropout included', async () => {
    const whole = await trainSteps([0, 1, 2, 3, 4]);
    const half = await trainSteps([0, 1]);
    const resumed = await trainSteps([2, 3, 4], half);
    expect(resumed.randomState).toBe(whole.randomState);
    expect(measureDistance(resumed.tensors, whole.tensors)).toBe(0);
    expect(measureDistance(half.tensors, whole.tensors)).toBeGreaterThan(0);
  });

  it('drops other units in every step', async () => {
    const engine = await createEngine({ ...OPTIONS, backend: 'onnx' });
    const batch = { ...batchOf(0), learningRate: 0 };
    const losses = new Set<number>();
    for (let step = 0; step < 6; step++) losses.add((await engine.step(batch)).loss);
    await engine.dispose();
    expect(losses.size).toBeGreaterThan(3);
  });

  it('starts from other weights with another seed', async () => {
    const one = await createEngine({ ...OPTIONS, backend: 'onnx' });
    const other = await createEngine({ ...OPTIONS, seed: 4, backend: 'onnx' });
    expect(measureDistance(await one.weights(), await other.weights())).toBeGreaterThan(0.01);
    await Promise.all([one.dispose(), other.dispose()]);
  });
});

describe('states', () => {
  it('are copies that later steps do not change', async () => {
    const engine = await createEngine({ ...OPTIONS, backend: 'onnx' });
    await engine.step(batchOf(0));
    const kept = await engine.state();
    const copy = kept.tensors.map((tensor) => ({ ...tensor, values: tensor.values.slice() }));
    await engine.step(batchOf(1));
    expect(measureDistance(kept.tensors, copy)).toBe(0);
    await engine.dispose();
  });

  it('of another network or optimizer are refused with the name of the tensor', async () => {
    const engine = await createEngine({ ...OPTIONS, backend: 'onnx' });
    const plain = await createEngine({ ...OPTIONS, optimizer: PLAIN_SGD, backend: 'onnx' });
    await expect(engine.restore(await plain.state())).rejects.toThrow(/no tensor 'beta1Power'/);
    await expect(plain.restore(await engine.state())).rejects.toThrow(/'beta1Power' is of another network/);
    await Promise.all([engine.dispose(), plain.dispose()]);
  });

  it.each(['onnx', 'cpu'] as const)('predict the same before and after a restore on %s', async (backend) => {
    const engine = await createEngine({ ...OPTIONS, backend });
    const { images } = batchOf(9);
    await engine.step(batchOf(0));
    const state = await engine.state();
    const before = await engine.predictLogits(images, 4);
    await engine.step(batchOf(1));
    const moved = await engine.predictLogits(images, 4);
    await engine.restore(state);
    expect(await engine.predictLogits(images, 4)).toEqual(before);
    expect(moved).not.toEqual(before);
    await engine.dispose();
  });
});

describe('batches', () => {
  it('filled up with rows of weight 0 equal the smaller batch', async () => {
    const layers = narrowNetwork('shallow');
    const options = { ...OPTIONS, layers, optimizer: PLAIN_SGD, backend: 'onnx' as const };
    const small = await createEngine({ ...options, batchSize: 3 });
    const padded = await createEngine({ ...options, batchSize: 4 });
    const full = batchOf(0);
    const imageSize = full.images.length / 4;
    const three = {
      images: full.images.slice(0, 3 * imageSize),
      labels: full.labels.slice(0, 3),
      sampleWeights: full.sampleWeights.slice(0, 3),
      learningRate: 0.5,
    };
    const weights = Float32Array.from(full.sampleWeights, (weight, index) => (index < 3 ? weight : 0));
    const one = await small.step(three);
    const other = await padded.step({ ...full, sampleWeights: weights, learningRate: 0.5 });
    expect(padded.allowsPadding).toBe(true);
    expect(other.loss).toBeCloseTo(one.loss, 6);
    expect(measureDistance(await small.weights(), await padded.weights())).toBeLessThan(1e-6);
    await Promise.all([small.dispose(), padded.dispose()]);
  });

  it('with padding rows are refused where they would disturb batch norm', async () => {
    const engine = await createEngine({ ...OPTIONS, layers: narrowNetwork('resnet'), backend: 'onnx' });
    expect(engine.allowsPadding).toBe(false);
    const sampleWeights = Float32Array.of(1, 1, 1, 0);
    await expect(engine.step({ ...batchOf(0), sampleWeights })).rejects.toThrow(/batch statistics/);
    await engine.dispose();
  });

  it('of another size are refused', async () => {
    const engine = await createEngine({ ...OPTIONS, backend: 'onnx' });
    const { images } = batchOf(0);
    await expect(engine.step({ ...batchOf(0), images: images.slice(1) })).rejects.toThrow(/4 patches/);
    await engine.dispose();
  });

  it('are predicted alike however many patches are asked for at once', async () => {
    const engine = await createEngine({ ...OPTIONS, backend: 'onnx' });
    const images = Uint8Array.from({ length: 7 * 768 }, (_, index) => 127 + 120 * Math.sin(index));
    const all = await engine.predictLogits(images, 7);
    const last = await engine.predictLogits(images.slice(6 * 768), 1);
    expect(all).toHaveLength(7);
    expect(last[0]).toBeCloseTo(all[6] as number, 5);
    expect(await engine.predictLogits(images, 0)).toHaveLength(0);
    await engine.dispose();
  });
});

describe('memory on onnx', () => {
  it('stays flat over steps and over compiled predictions', async () => {
    const layers = getArchitecture('shallow').layers({ width: 1, dropoutRate: 0.5 });
    const options = { ...OPTIONS, layers, patchSizePx: 50, batchSize: 4 };
    const engine = await createEngine({ ...options, backend: 'onnx' });
    const batch = batchOf(0, options);
    const train = async (steps: number) => {
      for (let step = 0; step < steps; step++) {
        await engine.step(batch);
        if (step % 10 === 0) await engine.predictLogits(batch.images, 4);
      }
    };
    await train(40);
    const before = process.memoryUsage().rss;
    await train(120);
    // Without release, 120 steps of 0.17 M weights with two slots each would leave 240 MB behind.
    expect(process.memoryUsage().rss - before).toBeLessThan(80 * MEBIBYTE);
    await engine.dispose();
  }, 20_000);
});

describe('backends', () => {
  it('asked for by name and missing are an error, never replaced by another', () => {
    expect(() => loadNativeTensorflow({ deterministic: false }, '/nowhere/tfjs-node-gpu')).toThrow(
      expect.objectContaining({
        code: 'UNAVAILABLE',
        message: expect.stringContaining("Build it with 'npm run native:build'"),
      }),
    );
  });

  it('that are unknown are named with those that are known', async () => {
    await expect(createEngine({ ...OPTIONS, backend: 'cuda' as 'onnx' })).rejects.toThrow(
      /'cuda'.*tensorflow, webgpu, onnx/,
    );
  });
});
