/** The gradients of a training step on a part of its batch, recorded: the step without the update of the weights. */
import type * as tf from '@tensorflow/tfjs';
import type { DropoutMask } from '../forward.ts';
import type { EngineOptions } from '../training-engine.ts';
import { differentiateStep, moveStatistics } from '../training-step.ts';
import { traceOperations } from './trace-operations.ts';
import type { TracedNode, TracedValue } from './traced-node.ts';
import {
  createInputs,
  IMAGES,
  LABELS,
  type NamedShape,
  nameMaskInput,
  SAMPLE_WEIGHTS,
  traceImages,
} from './traced-step.ts';

/** Name of the input that holds the sum of the weights of the whole batch. */
export const TOTAL_WEIGHT = 'totalWeight';

export type TracedGradients = {
  nodes: readonly TracedNode[];
  /** The part's share of the batch's loss. */
  loss: TracedValue;
  /** By the names of the weights that gradients move, in the order of the layers. */
  gradients: Map<string, TracedValue>;
  /** New values of batch norm's moving statistics, by name. */
  statistics: Map<string, TracedValue>;
  /** One per dropout layer, of the part's size. */
  masks: readonly DropoutMask[];
};

/** `batchSize` is that of the part. */
export function traceGradients(
  options: Omit<EngineOptions, 'threads'>,
  tensors: { weights: readonly NamedShape[]; trainableNames: readonly string[] },
): TracedGradients {
  const { layers, batchSize, optimizer } = options;
  const masks: DropoutMask[] = [];
  const { result, nodes } = traceOperations((backend) => {
    const weights = createInputs(backend, tensors.weights);
    const { loss, gradients, statistics } = differentiateStep(
      { layers, options: optimizer, trainableNames: tensors.trainableNames },
      {
        images: traceImages(backend, { ...options, name: IMAGES }),
        labels: backend.createInput(LABELS, [batchSize]) as tf.Tensor1D,
        sampleWeights: backend.createInput(SAMPLE_WEIGHTS, [batchSize]) as tf.Tensor1D,
        totalWeight: backend.createInput(TOTAL_WEIGHT, []) as tf.Scalar,
        weights,
      },
      (mask) => {
        masks.push({ ...mask, shape: [...mask.shape] });
        return backend.createInput(nameMaskInput(mask), mask.shape);
      },
    );
    const readAll = (named: ReadonlyMap<string, tf.Tensor>) =>
      new Map([...named].map(([name, tensor]) => [name, backend.getValue(tensor)]));
    const moved = readAll(moveStatistics(weights, statistics));
    for (const tensor of statistics.values()) tensor.dispose();
    return { loss: backend.getValue(loss), gradients: readAll(gradients), statistics: moved };
  });
  return { ...result, nodes, masks };
}
