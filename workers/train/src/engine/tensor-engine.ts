/**
 * The engine that runs the training step eagerly on a TensorFlow.js backend: `tensorflow` (native, GPUs) and
 * `cpu` (plain JavaScript, the oracle in tests).
 */
import type { Layer } from '@microtome/domain/layer';
import * as tf from '@tensorflow/tfjs';
import { registerComposedReluGradient } from './activation.ts';
import type {
  BackendName,
  EngineOptions,
  NamedTensor,
  TrainingEngine,
  TrainingStepInput,
} from './backend.ts';
import { registerComposedBatchNorm } from './batch-norm.ts';
import { createMaskSource } from './dropout-masks.ts';
import { computeLogits } from './forward.ts';
import { checkState, checkStepInput, countElements, createInitialState } from './initial-state.ts';
import { usesBatchNorm } from './layer-plan.ts';
import { runTrainingStep } from './training-step.ts';

export type TensorBackend = {
  backend: Extract<BackendName, 'tensorflow' | 'cpu'>;
  device: string;
  versions: Readonly<Record<string, string>>;
};

type TensorMap = Map<string, tf.Tensor>;

/** The TensorFlow.js backend of that name must be registered already. */
export async function createTensorEngine(
  options: EngineOptions,
  { backend, device, versions }: TensorBackend,
): Promise<TrainingEngine> {
  const initial = await createInitialState(options);
  await tf.setBackend(backend);
  registerComposedBatchNorm(backend);
  registerComposedReluGradient(backend);
  const imageShape: ImageShape = [options.patchSizePx, options.patchSizePx, 3];
  const allowsPadding = !usesBatchNorm(options.layers);
  const limits = { batchSize: options.batchSize, imageSize: countElements(imageShape), allowsPadding };
  let weights = uploadTensors(initial.weights);
  let slots = uploadTensors(initial.slots);
  let masks = createMaskSource(initial.randomState);

  async function step(input: TrainingStepInput) {
    checkStepInput(input, limits);
    await tf.setBackend(backend);
    const result = tf.tidy(() => {
      const { loss, ...updated } = runTrainingStep(
        { layers: options.layers, options: options.optimizer, trainableNames: initial.trainableNames },
        { ...uploadBatch(input, imageShape), weights, slots },
        (mask) => tf.tensor(masks.draw({ size: countElements(mask.shape), rate: mask.rate }), mask.shape),
      );
      return { loss, weights: Object.fromEntries(updated.weights), slots: Object.fromEntries(updated.slots) };
    });
    weights = replaceTensors(weights, result.weights);
    slots = replaceTensors(slots, result.slots);
    const loss = (await result.loss.data())[0] as number;
    result.loss.dispose();
    return { loss };
  }

  return {
    backend,
    device,
    versions,
    batchSize: options.batchSize,
    allowsPadding,
    step,
    async predictLogits(images, count) {
      await tf.setBackend(backend);
      return predictInBatches({
        layers: options.layers,
        weights,
        images,
        count,
        imageShape,
        batchSize: options.batchSize,
      });
    },
    async state() {
      const tensors = [...(await downloadTensors(weights)), ...(await downloadTensors(slots))];
      return { tensors, randomState: masks.state() };
    },
    async restore(state) {
      checkState(state, [...initial.weights, ...initial.slots]);
      await tf.setBackend(backend);
      const byName = new Map(state.tensors.map((tensor) => [tensor.name, tensor]));
      const pick = (names: readonly NamedTensor[]) =>
        names.map(({ name }) => byName.get(name) as NamedTensor);
      tf.dispose([...weights.values(), ...slots.values()]);
      weights = uploadTensors(pick(initial.weights));
      slots = uploadTensors(pick(initial.slots));
      masks = createMaskSource(state.randomState);
    },
    weights: () => downloadTensors(weights),
    async dispose() {
      tf.dispose([...weights.values(), ...slots.values()]);
    },
  };
}

type ImageShape = [number, number, number];

function uploadBatch(input: TrainingStepInput, imageShape: ImageShape) {
  return {
    images: tf.tensor4d(input.images, [input.labels.length, ...imageShape]),
    labels: tf.tensor1d(input.labels),
    sampleWeights: tf.tensor1d(input.sampleWeights),
    learningRate: tf.scalar(input.learningRate),
  };
}

async function predictInBatches(request: {
  layers: readonly Layer[];
  weights: TensorMap;
  images: Float32Array;
  count: number;
  imageShape: ImageShape;
  batchSize: number;
}): Promise<Float32Array> {
  const { layers, weights, images, count, imageShape, batchSize } = request;
  const imageSize = countElements(imageShape);
  const logits = new Float32Array(count);
  for (let start = 0; start < count; start += batchSize) {
    const end = Math.min(start + batchSize, count);
    const batch = tf.tidy(() => {
      const input: tf.Tensor = tf.tensor(images.slice(start * imageSize, end * imageSize), [
        end - start,
        ...imageShape,
      ]);
      return computeLogits(layers, input, { weights, training: null });
    });
    logits.set(await batch.data(), start);
    batch.dispose();
  }
  return logits;
}

function uploadTensors(tensors: readonly NamedTensor[]): TensorMap {
  return new Map(tensors.map(({ name, shape, values }) => [name, tf.tensor(values.slice(), shape)]));
}

async function downloadTensors(tensors: TensorMap): Promise<NamedTensor[]> {
  const entries = [...tensors].map(async ([name, tensor]) => ({
    name,
    shape: tensor.shape.slice(),
    values: Float32Array.from(await tensor.data()),
  }));
  return Promise.all(entries);
}

function replaceTensors(old: TensorMap, fresh: Record<string, tf.Tensor>): TensorMap {
  const replaced = new Map(old);
  for (const [name, tensor] of Object.entries(fresh)) {
    old.get(name)?.dispose();
    replaced.set(name, tensor);
  }
  return replaced;
}
