/** The engine on native TensorFlow: the training step traced once and run as a graph, on a GPU where there is one. */
import { AppError } from '@microtome/domain/app-error';
import { explainMissingBf16 } from '@microtome/domain/run/precision';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import { createMaskSource } from '../dropout-masks.ts';
import { checkState, checkStepInput, countElements, createInitialState } from '../initial-state.ts';
import { usesBatchNorm } from '../layer-plan.ts';
import { predictInBatches } from '../prediction-batch.ts';
import type { EngineOptions, NamedTensor, TrainingEngine } from '../training-engine.ts';
import type { NativeTensorflow } from './native-tensorflow.ts';
import { openNetworkSession } from './network-session.ts';
import { readProcessorFeatures } from './processor-features.ts';

/** UNAVAILABLE for a precision that this device does not have. */
export async function createTensorflowEngine(
  options: EngineOptions,
  { binding, device, versions, usesGpu }: NativeTensorflow,
  features = readProcessorFeatures(),
): Promise<TrainingEngine> {
  if (options.precision === 'bf16') {
    const reason = explainMissingBf16({ usesGpu, features });
    if (reason) throw new AppError('UNAVAILABLE', reason);
  }
  const { layers, patchSizePx, batchSize } = options;
  const initial = createInitialState(options);
  const session = openNetworkSession(binding, options, initial);
  const allowsPadding = !usesBatchNorm(layers);
  const limits = { batchSize, imageSize: countPixelBytes(patchSizePx), allowsPadding };
  const weightNames = new Set(initial.weights.map(({ name }) => name));
  const maskSizes = session.masks.map(({ shape, rate }) => ({ size: countElements(shape), rate }));
  let masks = createMaskSource(initial.randomState);

  return {
    backend: 'tensorflow',
    device,
    versions,
    batchSize,
    allowsPadding,
    async step(input) {
      checkStepInput(input, limits);
      const drawn = masks.draw(maskSizes);
      return { loss: session.train(input, drawn) };
    },
    predictLogits: (images, count) => predictInBatches({ images, count, patchSizePx }, session.predict),
    async state() {
      return { tensors: session.readTensors(), randomState: masks.state() };
    },
    async restore(state) {
      const expected = [...initial.weights, ...initial.slots];
      checkState(state, expected);
      session.writeTensors(state.tensors);
      masks = createMaskSource(state.randomState);
    },
    weights: async (): Promise<NamedTensor[]> =>
      session.readTensors().filter(({ name }) => weightNames.has(name)),
    async dispose() {
      session.dispose();
    },
  };
}
