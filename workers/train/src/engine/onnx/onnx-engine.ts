/** The CPU engine: the training step traced once and run by ONNX Runtime. Bit-identical between repeats. */

import { createRequire } from 'node:module';
import os from 'node:os';
import { countNoun } from '@microtome/domain/count-noun';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import { version_core } from '@tensorflow/tfjs';
import { createMaskSource } from '../dropout-masks.ts';
import { checkState, checkStepInput, countElements, createInitialState } from '../initial-state.ts';
import { usesBatchNorm } from '../layer-plan.ts';
import type { EngineOptions, TrainingEngine, TrainingStepInput } from '../training-engine.ts';
import { probeChannelBlock } from './channel-block.ts';
import { createInferenceCompiler, type InferenceRunner } from './inference-session.ts';
import { countParts } from './step/batch-parts.ts';
import { createStepSession } from './step/step-session.ts';

/** What is chosen by the machine and the network unless it is given. */
type OnnxLayout = {
  /** 1 does without the blocked layout. */
  channelBlock?: number;
  /** In how many parts a step computes its batch. */
  partCount?: number;
};

export async function createOnnxEngine(
  options: EngineOptions,
  layout: OnnxLayout = {},
): Promise<TrainingEngine> {
  const { layers, patchSizePx, batchSize, threads = os.availableParallelism() } = options;
  const initial = createInitialState(options);
  const channelBlock = layout.channelBlock ?? (await probeChannelBlock());
  const partCount = layout.partCount ?? countParts({ ...options, channelBlock });
  const session = await createStepSession({ ...options, threads }, { ...initial, channelBlock, partCount });
  const compile = createInferenceCompiler({ ...options, threads }, initial.weights);
  const allowsPadding = !usesBatchNorm(layers);
  const limits = { batchSize, imageSize: countPixelBytes(patchSizePx), allowsPadding };
  const weightNames = new Set(initial.weights.map(({ name }) => name));
  const maskSizes = session.masks.map(({ shape, rate }) => ({ size: countElements(shape), rate }));
  let masks = createMaskSource(initial.randomState);
  /** Holds the current weights; null as soon as they have changed. */
  let inference: InferenceRunner | null = null;

  const readWeights = () => session.readTensors().filter(({ name }) => weightNames.has(name));

  async function dropInference(): Promise<void> {
    const stale = inference;
    inference = null;
    await stale?.dispose();
  }

  return {
    backend: 'onnx',
    device: describeCpu(threads),
    versions: { 'onnxruntime-node': readVersion('onnxruntime-node/package.json'), tfjs: version_core },
    batchSize,
    allowsPadding,
    async step(input: TrainingStepInput) {
      checkStepInput(input, limits);
      await dropInference();
      const drawn = masks.draw(maskSizes);
      return session.run(input, drawn);
    },
    async predictLogits(images, count) {
      inference ??= await compile(readWeights());
      return inference.predict(images, count);
    },
    async state() {
      return { tensors: session.readTensors(), randomState: masks.state() };
    },
    async restore(state) {
      checkState(state, [...initial.weights, ...initial.slots]);
      await dropInference();
      session.writeTensors(state.tensors);
      masks = createMaskSource(state.randomState);
    },
    weights: async () => readWeights(),
    async dispose() {
      await dropInference();
      await session.dispose();
    },
  };
}

function describeCpu(threads: number): string {
  const model = os.cpus()[0]?.model.trim() ?? 'CPU';
  return `${model}, ${countNoun(threads, 'thread')}`;
}

function readVersion(packageFile: string): string {
  const { version } = createRequire(import.meta.url)(packageFile) as { version: string };
  return version;
}
