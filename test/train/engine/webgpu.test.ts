/** WebGPU as an engine: the oracle's figures, repeats, bounded memory, and what becomes of a device that fails. */
import type { Layer } from '@microtome/domain/network/layer';
import { createEngine } from '@microtome/train/engine/create-engine';
import type { EngineOptions, EngineState, OptimizerOptions } from '@microtome/train/engine/training-engine';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import type { EpochReport, TrainerMessage } from '../../../workers/train/src/protocol/trainer-messages.ts';
import type { JobPatches, TrainingJob } from '../../../workers/train/src/protocol/training-job.ts';
import { decodeCheckpoint } from '../../../workers/train/src/trainer/checkpoint.ts';
import { trainRun } from '../../../workers/train/src/trainer/training-loop.ts';
import { findGpu } from '../../fixtures/find-gpu.ts';
import { createJob } from '../job-fixture.ts';
import { trainOracle } from './layers-oracle.ts';
import {
  createBatch,
  EVERY_LAYER,
  measureDistance,
  measureLargest,
  NORMALISATION,
  PLAIN_SGD,
} from './training-case.ts';

/** A software driver compiles each shader in a second. */
const TIMEOUT_MS = 600_000;
const BOUND = 1e-5;

const EVERY_OPTION: OptimizerOptions = {
  optimizer: 'adamw',
  momentum: 0,
  weightDecay: 0.1,
  gradientClipNorm: 0.2,
  focalGamma: 2,
};
/** 2,048 flat values into 48 units: a product that is added up in pieces unless order is asked for. */
const LONG_PRODUCT: Layer[] = [
  {
    kind: 'conv2d',
    filters: 8,
    kernelSizePx: 3,
    stridePx: 1,
    padding: 'same',
    useBias: true,
    activation: 'relu',
  },
  { kind: 'flatten' },
  { kind: 'dense', units: 48, activation: 'relu' },
  { kind: 'dropout', rate: 0.5 },
  { kind: 'dense', units: 1, activation: 'linear' },
];
const TINY: Layer[] = [
  { kind: 'globalAveragePool2d' },
  { kind: 'dense', units: 4, activation: 'relu' },
  { kind: 'dense', units: 1, activation: 'linear' },
];
const OPTIONS: EngineOptions & { backend: 'webgpu' } = {
  backend: 'webgpu',
  layers: LONG_PRODUCT,
  patchSizePx: 16,
  batchSize: 4,
  normalisation: NORMALISATION,
  seed: 3,
  optimizer: { ...PLAIN_SGD, optimizer: 'adam' },
  deterministic: true,
};

const batchOf = (seed: number) =>
  createBatch({ seed, batchSize: OPTIONS.batchSize, patchSizePx: 16, learningRate: 0.003 });

/** The parts of the backend that tests look at; asked for only after an engine has started it. */
type GpuBackend = tf.KernelBackend & {
  device: { destroy(): void; createBuffer(request: { size: number; usage: number }): void };
  pipelineCache: Record<string, unknown>;
};
const backend = () => tf.findBackend('webgpu') as unknown as GpuBackend;

/** Eight TRAIN patches, so that an epoch is two steps. */
function shrinkJob(job: TrainingJob): TrainingJob {
  const take = ({ indexes, labels, patients }: JobPatches, count: number): JobPatches => ({
    indexes: indexes.slice(0, count),
    labels: labels.slice(0, count),
    patients: patients.slice(0, count),
  });
  return {
    ...job,
    train: take(job.train, 8),
    validation: take(job.validation, 16),
    test: take(job.test, 4),
  };
}

const gpu = await findGpu();

describe.skipIf(!gpu)('the webgpu engine', () => {
  it(
    'moves every weight of a network of every layer as the oracle does',
    async () => {
      const engine = await createEngine({ ...OPTIONS, layers: EVERY_LAYER, optimizer: EVERY_OPTION });
      const start = await engine.weights();
      const batches = [batchOf(0), batchOf(1)];
      const request = { layers: EVERY_LAYER, patchSizePx: 16, weights: start, options: EVERY_OPTION };
      const oracle = await trainOracle({ ...request, batches });
      const losses: number[] = [];
      for (const batch of batches) losses.push((await engine.step(batch)).loss);
      expect(measureDistance(start, oracle.weights)).toBeGreaterThan(1e-3);
      expect(measureDistance(await engine.weights(), oracle.weights)).toBeLessThan(BOUND);
      expect(measureLargest(losses, oracle.losses)).toBeLessThan(BOUND);
      const logits = await engine.predictLogits(batches[0]!.images, 4);
      expect(measureLargest([...logits], [...oracle.logits])).toBeLessThan(10 * BOUND);
      await engine.dispose();
    },
    TIMEOUT_MS,
  );

  it(
    'gives the same bits again, from the start and from a state, when it is asked to',
    async () => {
      const train = async (seeds: readonly number[], from?: EngineState) => {
        const engine = await createEngine(OPTIONS);
        if (from) await engine.restore(from);
        for (const seed of seeds) await engine.step(batchOf(seed));
        const state = await engine.state();
        await engine.dispose();
        return state;
      };
      const whole = await train([0, 1, 2, 3]);
      const half = await train([0, 1]);
      const resumed = await train([2, 3], half);
      expect(measureDistance(resumed.tensors, whole.tensors)).toBe(0);
      expect(measureDistance(half.tensors, whole.tensors)).toBeGreaterThan(0);
      const addsInPieces = () => Object.keys(backend().pipelineCache).some((key) => /splitK/i.test(key));
      expect(addsInPieces()).toBe(false);
      const hasty = await createEngine({ ...OPTIONS, deterministic: false });
      await hasty.step(batchOf(0));
      await hasty.dispose();
      expect(addsInPieces()).toBe(true);
    },
    TIMEOUT_MS,
  );

  it(
    'keeps its tensors and its memory on the GPU flat over steps, predictions and checkpoints',
    async () => {
      const engine = await createEngine({ ...OPTIONS, layers: TINY });
      const measure = () => {
        const { numTensors } = tf.memory();
        return { numTensors, ...backend().memory() };
      };
      const work = async (rounds: number) => {
        for (let round = 0; round < rounds; round++) {
          for (let step = 0; step < 3; step++) await engine.step(batchOf(step));
          await engine.predictLogits(batchOf(0).images, 4);
          await engine.restore(await engine.state());
        }
      };
      await tf.setBackend('webgpu');
      await work(3);
      const before = measure();
      await work(20);
      expect(measure()).toEqual(before);
      await engine.dispose();
    },
    TIMEOUT_MS,
  );

  it(
    'says in a sentence that its device is lost, or refused a command, and starts again on another',
    async () => {
      const engine = await createEngine(OPTIONS);
      const first = await engine.step(batchOf(0));
      const pending = engine.step(batchOf(1));
      backend().device.destroy();
      const lost = { code: 'UNAVAILABLE', message: expect.stringMatching(/^The GPU was lost/) };
      await expect(pending).rejects.toMatchObject(lost);
      await expect(engine.weights()).rejects.toMatchObject(lost);
      await engine.dispose();

      const second = await createEngine(OPTIONS);
      expect(await second.step(batchOf(0))).toEqual(first);
      const refused = second.step(batchOf(1));
      backend().device.createBuffer({ size: 2 ** 50, usage: 128 });
      await expect(refused).rejects.toMatchObject({ message: expect.stringMatching(/^The GPU refused/) });
      await second.dispose();
    },
    TIMEOUT_MS,
  );

  it(
    'ends a run that lost its device as one that may be tried again, from its checkpoint, to the same bits',
    async () => {
      const fixture = await createJob({ epochs: 2, batchSize: 4, deterministic: true, augmentStain: 0.02 });
      const job = shrinkJob({ ...fixture.job, backend: 'webgpu' as const });
      const train = async (checkpointHashes: string[], onEpoch: (report: EpochReport) => void) => {
        const report = (message: TrainerMessage) => {
          if (message.kind === 'epoch') onEpoch(message.report);
        };
        const io = { artifacts: fixture.artifacts, report, isHandOverAsked: () => false };
        return trainRun({ ...job, checkpointHashes }, io);
      };
      const whole = await train([], () => undefined);
      const epochs: EpochReport[] = [];
      const interrupted = train([], (epoch) => {
        epochs.push(epoch);
        backend().device.destroy();
      });
      await expect(interrupted).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(epochs.map(({ epoch }) => epoch)).toEqual([1]);
      const { hash } = epochs[0]!.checkpoint;
      expect(decodeCheckpoint(await fixture.artifacts.read(hash)).backend).toBe('webgpu');
      const resumed = await train([hash], (epoch) => epochs.push(epoch));
      expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
      expect(resumed?.files.modelWeights).toEqual(whole?.files.modelWeights);
      await fixture.remove();
    },
    TIMEOUT_MS,
  );
});
