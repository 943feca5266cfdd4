/** A batch in parts: which batches have them, and that neither threads nor padding rows nor a lost thread change what a step is. */
import { getArchitecture } from '@microtome/domain/network/architectures';
import { createOnnxEngine } from '@microtome/train/engine/onnx/onnx-engine';
import { OnnxGraph } from '@microtome/train/engine/onnx/onnx-graph';
import { countParts, countThreads } from '@microtome/train/engine/onnx/step/batch-parts';
import { openPartInThread } from '@microtome/train/engine/onnx/step/part-in-thread';
import { openPartSession } from '@microtome/train/engine/onnx/step/part-session';
import { createSharedMemory } from '@microtome/train/engine/onnx/step/shared-memory';
import type {
  EngineOptions,
  TrainingEngine,
  TrainingStepInput,
} from '@microtome/train/engine/training-engine';
import { describe, expect, it } from 'vitest';
import { createBatch, measureDistance, NORMALISATION, PLAIN_SGD } from './training-case.ts';

const SHALLOW = getArchitecture('shallow').layers({ width: 1, dropoutRate: 0.5 });
const BATCH = { layers: SHALLOW, patchSizePx: 50, batchSize: 64, channelBlock: 16 };

describe('how many parts a batch has', () => {
  it('is two where images do not depend on each other and a half has work enough', () => {
    expect(countParts(BATCH)).toBe(2);
    expect(countParts({ ...BATCH, patchSizePx: 224, batchSize: 16 })).toBe(2);
  });

  it.each([
    ['with batch norm', { layers: getArchitecture('deep').layers({ width: 1, dropoutRate: 0 }) }],
    ['of an odd size', { batchSize: 33 }],
    ['of few pixels', { batchSize: 16 }],
    ['whose half fills no blocks though the whole does', { batchSize: 48 }],
  ])('is one %s', (_, difference) => {
    expect(countParts({ ...BATCH, ...difference })).toBe(1);
  });

  it('shares threads out, none idle', () => {
    expect([1, 2, 3, 4, 16].map((threads) => countThreads(threads, 2))).toEqual([1, 1, 2, 2, 8]);
  });
});

const OPTIONS: EngineOptions = {
  layers: getArchitecture('shallow').layers({ width: 0.5, dropoutRate: 0.5 }),
  patchSizePx: 16,
  batchSize: 8,
  normalisation: NORMALISATION,
  seed: 3,
  optimizer: { ...PLAIN_SGD, optimizer: 'adam' },
};

async function train(threads: number, change = (batch: TrainingStepInput) => batch) {
  const engine = await createOnnxEngine({ ...OPTIONS, threads }, { partCount: 2 });
  const losses: number[] = [];
  for (const seed of [0, 1, 2]) {
    const batch = createBatch({ seed, batchSize: 8, patchSizePx: 16, learningRate: 0.01 });
    losses.push((await engine.step(change(batch))).loss);
  }
  const { tensors } = await engine.state();
  await engine.dispose();
  return { losses, tensors };
}

describe('a step in two parts', () => {
  it('gives the same bits on one thread and on two', async () => {
    const [one, two] = [await train(1), await train(2)];
    expect(two.losses).toEqual(one.losses);
    expect(measureDistance(one.tensors, two.tensors)).toBe(0);
  });

  it('goes on from a state as if it had never stopped, to the bit, dropout included', async () => {
    const whole = await createOnnxEngine({ ...OPTIONS, threads: 2 }, { partCount: 2 });
    const resumed = await createOnnxEngine({ ...OPTIONS, threads: 1, seed: 9 }, { partCount: 2 });
    const step = (engine: TrainingEngine, seed: number) =>
      engine.step(createBatch({ seed, batchSize: 8, patchSizePx: 16, learningRate: 0.01 }));
    for (const seed of [0, 1]) await step(whole, seed);
    await resumed.restore(await whole.state());
    for (const seed of [2, 3]) {
      expect(await step(resumed, seed)).toEqual(await step(whole, seed));
    }
    const [left, right] = [await whole.state(), await resumed.state()];
    expect(measureDistance(left.tensors, right.tensors)).toBe(0);
    expect(left.randomState).toBe(right.randomState);
    await Promise.all([whole.dispose(), resumed.dispose()]);
  });

  it('may have a part of padding rows alone', async () => {
    const { losses, tensors } = await train(2, (batch) => {
      batch.sampleWeights.fill(0, 4);
      return batch;
    });
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(tensors.every(({ values }) => values.every(Number.isFinite))).toBe(true);
    const other = await train(2, (batch) => {
      batch.sampleWeights.fill(0, 4);
      batch.images.fill(9, batch.images.length / 2);
      return batch;
    });
    expect(measureDistance(tensors, other.tensors)).toBe(0);
  });
});

describe('a thread of a part', () => {
  it('says why it could not begin', async () => {
    const { memory } = createSharedMemory();
    const stages = [{ kind: 'graph' as const, bytes: new Uint8Array([1, 2, 3]) }];
    const plan = { memory, threads: 1, stages, parts: [] };
    await expect(openPartInThread(plan)).rejects.toThrow(/model|protobuf/i);
  });
});

describe('what a session hands back', () => {
  it('counts no longer as memory of the process when the run is over', async () => {
    const [memory, graph] = [createSharedMemory(), new OnnxGraph()];
    const shape = [2 ** 20];
    const x = graph.addInput('x', shape);
    graph.addOutput('y', graph.add('Add', [x, x]), shape);
    const parts = [['x', 'y'].map((name) => memory.allocateTensor({ name, shape }))];
    const stages = [{ kind: 'graph' as const, bytes: graph.encode() }];
    const session = await openPartSession({ memory: memory.memory, threads: 1, stages, parts });
    await session.run([0]);
    const before = process.memoryUsage().arrayBuffers;
    await session.run([0, 0, 0]);
    const grown = process.memoryUsage().arrayBuffers - before;
    await session.dispose();
    expect(grown).toBeLessThan(shape[0] as number);
  });
});
