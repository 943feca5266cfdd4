/** A network's training step and its inference, recorded: what the engines that run a graph translate. */
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import type * as tf from '@tensorflow/tfjs';
import { scaleColours, spreadColourScale } from '../colour-scale.ts';
import { computeLogits, type DropoutMask } from '../forward.ts';
import { sizePredictionBatch } from '../prediction-batch.ts';
import type { EngineOptions, NamedTensor } from '../training-engine.ts';
import { runTrainingStep } from '../training-step.ts';
import type { TraceBackend } from './trace-backend.ts';
import { traceOperations } from './trace-operations.ts';
import type { TracedNode, TracedValue } from './traced-node.ts';

/** Names of inputs; those of weights and slots are their own. */
export const IMAGES = 'images';
/** Of an inference; its batch has another size than a step's. */
export const PREDICTED_IMAGES = 'predictedImages';
export const LABELS = 'labels';
export const SAMPLE_WEIGHTS = 'sampleWeights';
export const LEARNING_RATE = 'learningRate';

type NetworkOptions = Pick<EngineOptions, 'layers' | 'patchSizePx' | 'batchSize' | 'normalisation'>;
export type NamedShape = Pick<NamedTensor, 'name' | 'shape'>;

type TracedStep = {
  nodes: readonly TracedNode[];
  loss: TracedValue;
  /** The new values of all weights and slots that a step changes, by their names. */
  changed: Map<string, TracedValue>;
  /** One per dropout layer, in the order in which they are to be drawn. */
  masks: readonly DropoutMask[];
};

export function traceTrainingStep(
  options: NetworkOptions & Pick<EngineOptions, 'optimizer'>,
  tensors: {
    weights: readonly NamedShape[];
    slots: readonly NamedShape[];
    trainableNames: readonly string[];
  },
): TracedStep {
  const { layers, batchSize, optimizer } = options;
  const masks: DropoutMask[] = [];
  const { result, nodes } = traceOperations((backend) => {
    const step = runTrainingStep(
      { layers, options: optimizer, trainableNames: tensors.trainableNames },
      {
        images: traceImages(backend, { ...options, name: IMAGES }),
        labels: backend.createInput(LABELS, [batchSize]) as tf.Tensor1D,
        sampleWeights: backend.createInput(SAMPLE_WEIGHTS, [batchSize]) as tf.Tensor1D,
        learningRate: backend.createInput(LEARNING_RATE, []) as tf.Scalar,
        weights: createInputs(backend, tensors.weights),
        slots: createInputs(backend, tensors.slots),
      },
      (mask) => {
        masks.push({ ...mask, shape: [...mask.shape] });
        return backend.createInput(nameMaskInput(mask), mask.shape);
      },
    );
    const changed = new Map(
      [...step.weights, ...step.slots].map(([name, tensor]) => [name, backend.getValue(tensor)]),
    );
    return { loss: backend.getValue(step.loss), changed };
  });
  return { ...result, nodes, masks };
}

/** Logits of a batch of patches in inference mode, of the size that such batches have. */
export function traceInference(
  options: Omit<NetworkOptions, 'batchSize'>,
  weights: readonly NamedShape[],
): { nodes: readonly TracedNode[]; logits: TracedValue } {
  const { result: logits, nodes } = traceOperations((backend) => {
    const context = { weights: createInputs(backend, weights), training: null };
    const batchSize = sizePredictionBatch(options.patchSizePx);
    const images = traceImages(backend, { ...options, batchSize, name: PREDICTED_IMAGES });
    return backend.getValue(computeLogits(options.layers, images, context));
  });
  return { nodes, logits };
}

export function nameMaskInput(mask: DropoutMask): string {
  return `mask:${mask.name}`;
}

/** RGB from 0 to 255 comes in, [batchSize, patchSizePx, patchSizePx, 3], and is put on the network's colour scale. */
export function traceImages(
  backend: TraceBackend,
  { name, batchSize, patchSizePx, normalisation }: Omit<NetworkOptions, 'layers'> & { name: string },
): tf.Tensor4D {
  const rgb = backend.createInput(name, [batchSize, patchSizePx, patchSizePx, RGB_CHANNELS]);
  return scaleColours(rgb, spreadColourScale(normalisation, patchSizePx));
}

export function createInputs(backend: TraceBackend, tensors: readonly NamedShape[]): Map<string, tf.Tensor> {
  return new Map(tensors.map(({ name, shape }) => [name, backend.createInput(name, shape)]));
}
