/**
 * The engine that runs the training step eagerly on a TensorFlow.js backend: `webgpu` (any GPU) and `cpu` (plain
 * JavaScript, the oracle in tests).
 */

import type { Layer } from '@microtome/domain/network/layer';
import type { BackendName } from '@microtome/domain/run/backends';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import * as tf from '@tensorflow/tfjs';
import { registerComposedReluGradient } from './activation.ts';
import { registerComposedBatchNorm } from './batch-norm.ts';
import { type ColourScale, scaleColours, spreadColourScale } from './colour-scale.ts';
import { createMaskSource, type MaskSource } from './dropout-masks.ts';
import { computeLogits } from './forward.ts';
import {
  checkState,
  checkStepInput,
  countElements,
  createInitialState,
  type InitialState,
} from './initial-state.ts';
import { usesBatchNorm } from './layer-plan.ts';
import {
  moveStatisticsPacked,
  type Packing,
  packSlots,
  planPacking,
  unpackSlots,
  updatePacked,
} from './packed-update.ts';
import { predictInBatches } from './prediction-batch.ts';
import { runOnBackend } from './run-on-backend.ts';
import type {
  EngineOptions,
  EngineState,
  NamedTensor,
  TrainingEngine,
  TrainingStepInput,
} from './training-engine.ts';
import { differentiateStep, type StepDefinition } from './training-step.ts';

export type TensorBackend = {
  backend: Extract<BackendName, 'webgpu' | 'cpu'>;
  device: string;
  versions: Readonly<Record<string, string>>;
  /** False where it computes on the CPU, whatever its name. */
  usesGpu: boolean;
  /** Does work on the device; it fails if the device reports a fault, even one apart from the work's own result. */
  watch<Result>(work: () => Promise<Result>): Promise<Result>;
};

type TensorMap = Map<string, tf.Tensor>;

/** What steps change; slots are packed. */
type Network = { weights: TensorMap; slots: TensorMap; masks: MaskSource };

type Start = { initial: InitialState; packing: Packing };

/** The TensorFlow.js backend of that name must be registered already. */
export async function createTensorEngine(
  options: EngineOptions,
  { backend, device, versions, watch }: TensorBackend,
): Promise<TrainingEngine> {
  registerComposedBatchNorm(backend);
  registerComposedReluGradient(backend);
  const { layers, batchSize, patchSizePx } = options;
  const scale = spreadColourScale(options.normalisation, patchSizePx);
  const initial = createInitialState(options);
  const imageShape: ImageShape = [patchSizePx, patchSizePx, RGB_CHANNELS];
  const allowsPadding = !usesBatchNorm(layers);
  const limits = { batchSize, imageSize: countElements(imageShape), allowsPadding };
  const start = { tensors: [...initial.weights, ...initial.slots], randomState: initial.randomState };
  const packing = planPacking(listTrainable(initial), options.optimizer);
  const { trainableNames } = initial;
  const definition = { layers, options: options.optimizer, trainableNames, packing };
  const load = async (state: EngineState) =>
    runOnBackend(backend, () => loadNetwork({ initial, packing }, state));
  let network = await watch(() => load(start));

  return {
    backend,
    device,
    versions,
    batchSize,
    allowsPadding,
    async step(input) {
      checkStepInput(input, limits);
      const [value] = await watch(() =>
        readOnce(runOnBackend(backend, () => stepNetwork(network, definition, { input, imageShape, scale }))),
      );
      return { loss: value as number };
    },
    predictLogits: (images, count) =>
      watch(() =>
        predictInBatches({ images, count, patchSizePx }, (batch) =>
          predictBatch(batch, { backend, layers, weights: network.weights, imageShape, scale }),
        ),
      ),
    state: () => watch(() => readState({ initial, packing }, network)),
    async restore(state) {
      checkState(state, start.tensors);
      disposeNetwork(network);
      network = await watch(() => load(state));
    },
    weights: () => watch(() => downloadTensors(network.weights)),
    async dispose() {
      disposeNetwork(network);
    },
  };
}

function listTrainable({ weights, trainableNames }: InitialState): NamedTensor[] {
  const names = new Set(trainableNames);
  return weights.filter(({ name }) => names.has(name));
}

function loadNetwork({ initial, packing }: Start, { tensors, randomState }: EngineState): Network {
  const byName = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  const take = (expected: readonly NamedTensor[]) =>
    expected.map(({ name }) => byName.get(name) as NamedTensor);
  return {
    weights: uploadTensors(take(initial.weights)),
    slots: uploadTensors(packSlots(packing, take(initial.slots))),
    masks: createMaskSource(randomState),
  };
}

async function readState(
  { initial, packing }: Start,
  { weights, slots, masks }: Network,
): Promise<EngineState> {
  const unpacked = unpackSlots(packing, await downloadTensors(slots), initial.slots);
  return { tensors: [...(await downloadTensors(weights)), ...unpacked], randomState: masks.state() };
}

function disposeNetwork({ weights, slots }: Network): void {
  tf.dispose([...weights.values(), ...slots.values()]);
}

/** Puts the new weights and slots in the place of the old ones and gives the loss. */
function stepNetwork(
  network: Network,
  definition: StepDefinition & { packing: Packing },
  { input, ...shape }: { input: TrainingStepInput } & Images,
): tf.Tensor {
  const { weights, slots, masks } = network;
  const { packing, options } = definition;
  const result = tf.tidy(() => {
    const batch = { ...uploadBatch(input, shape), weights };
    const { loss, gradients, statistics } = differentiateStep(definition, batch, ({ shape, rate }) => {
      const [mask] = masks.draw([{ size: countElements(shape), rate }]);
      // A tensor may keep the array that it is made of, and the next draw writes over that.
      return tf.tensor((mask as Float32Array).slice(), shape);
    });
    const updated = updatePacked(packing, { ...batch, gradients, slots, options });
    const moved = moveStatisticsPacked(weights, statistics);
    for (const tensor of statistics.values()) tensor.dispose();
    const fresh = new Map([...updated.weights, ...moved]);
    return { loss, weights: Object.fromEntries(fresh), slots: Object.fromEntries(updated.slots) };
  });
  network.weights = replaceTensors(weights, result.weights);
  network.slots = replaceTensors(slots, result.slots);
  return result.loss;
}

type ImageShape = [number, number, number];
type Images = { imageShape: ImageShape; scale: ColourScale };

function uploadBatch(input: TrainingStepInput, images: Images) {
  return {
    images: uploadImages(input.images, images),
    labels: tf.tensor1d(input.labels),
    sampleWeights: tf.tensor1d(input.sampleWeights),
    learningRate: tf.scalar(input.learningRate),
  };
}

/** On the network's colour scale. */
function uploadImages(bytes: Uint8Array, { imageShape, scale }: Images): tf.Tensor4D {
  const count = bytes.length / countElements(imageShape);
  return scaleColours(tf.tensor4d(Float32Array.from(bytes), [count, ...imageShape]), scale);
}

function predictBatch(
  batch: Uint8Array,
  {
    backend,
    layers,
    weights,
    ...images
  }: Images & { backend: string; layers: readonly Layer[]; weights: TensorMap },
): Promise<Float32Array> {
  const logits = runOnBackend(backend, () =>
    tf.tidy(() => computeLogits(layers, uploadImages(batch, images), { weights, training: null })),
  );
  return readOnce(logits);
}

async function readOnce(tensor: tf.Tensor): Promise<Float32Array> {
  try {
    return (await tensor.data()) as Float32Array;
  } finally {
    tensor.dispose();
  }
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
