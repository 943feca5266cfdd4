/**
 * One training step as a function, in TensorFlow.js operations: forward pass, loss, gradients, optimizer and
 * batch norm's moving statistics. Run eagerly it trains on any TensorFlow.js backend; traced once it becomes
 * a graph. It keeps no state and draws no random number.
 */
import type { Layer } from '@microtome/domain/network/layer';
import * as tf from '@tensorflow/tfjs';
import { computeLogits, type DropoutMask } from './forward.ts';
import { BATCH_NORM_MOMENTUM } from './layers-model.ts';
import { computeLoss } from './loss.ts';
import { updateWeights } from './optimizer-update.ts';
import type { OptimizerOptions } from './training-engine.ts';

type StepTensors = {
  images: tf.Tensor4D;
  labels: tf.Tensor1D;
  sampleWeights: tf.Tensor1D;
  learningRate: tf.Scalar;
  weights: ReadonlyMap<string, tf.Tensor>;
  slots: ReadonlyMap<string, tf.Tensor>;
};

type BatchTensors = Omit<StepTensors, 'slots' | 'learningRate'> & {
  /** Where the rows are a part of a batch: the sum of all its weights. */
  totalWeight?: tf.Scalar;
};

type StepResult = {
  loss: tf.Scalar;
  /** Every weight that the step changes, moving statistics included. */
  weights: Map<string, tf.Tensor>;
  slots: Map<string, tf.Tensor>;
};

export type StepDefinition = {
  layers: readonly Layer[];
  options: OptimizerOptions;
  /** Names of the weights that gradients move; moving statistics are not among them. */
  trainableNames: readonly string[];
};

/** Call inside `tf.tidy` when run eagerly. */
export function runTrainingStep(
  definition: StepDefinition,
  tensors: StepTensors,
  takeMask: (mask: DropoutMask) => tf.Tensor,
): StepResult {
  const { loss, gradients, statistics } = differentiateStep(definition, tensors, takeMask);
  const updated = updateWeights({ ...tensors, gradients, options: definition.options });
  const moved = moveStatistics(tensors.weights, statistics);
  for (const tensor of statistics.values()) tensor.dispose();
  return { loss, weights: new Map([...updated.weights, ...moved]), slots: updated.slots };
}

type StepGradients = {
  loss: tf.Scalar;
  /** By the weights' names. */
  gradients: Map<string, tf.Tensor>;
  /** Of the batch, by the names of the moving ones; kept until they are disposed of. */
  statistics: Map<string, tf.Tensor>;
};

/** The part of a step before anything is updated. */
export function differentiateStep(
  { layers, options, trainableNames }: StepDefinition,
  tensors: BatchTensors,
  takeMask: (mask: DropoutMask) => tf.Tensor,
): StepGradients {
  const statistics = new Map<string, tf.Tensor>();
  const differentiate = tf.valueAndGrads((...trainable: tf.Tensor[]) => {
    const named = trainable.map((tensor, index): [string, tf.Tensor] => [
      trainableNames[index] as string,
      tensor,
    ]);
    const training = {
      takeMask,
      onBatchStatistics: (batch: { layerName: string; mean: tf.Tensor; variance: tf.Tensor }) => {
        // Kept, because the gradient's own scope would free them; freed below.
        statistics.set(`${batch.layerName}/moving_mean`, tf.keep(batch.mean));
        statistics.set(`${batch.layerName}/moving_variance`, tf.keep(batch.variance));
      },
    };
    const weights = new Map([...tensors.weights, ...named]);
    const logits = computeLogits(layers, tensors.images, { weights, training });
    const { labels, sampleWeights, totalWeight } = tensors;
    return computeLoss({ logits, labels, sampleWeights, totalWeight, focalGamma: options.focalGamma });
  });
  const { value, grads } = differentiate(
    trainableNames.map((name) => tensors.weights.get(name) as tf.Tensor),
  );
  const gradients = new Map(trainableNames.map((name, index) => [name, grads[index] as tf.Tensor]));
  return { loss: value as tf.Scalar, gradients, statistics };
}

/** An exponential moving average with momentum 0.9, in the order of operations of the layers library. */
export function moveStatistic(old: tf.Tensor, statistic: tf.Tensor): tf.Tensor {
  return tf.sub(old, tf.mul(tf.sub(old, statistic), 1 - BATCH_NORM_MOMENTUM));
}

export function moveStatistics(
  weights: ReadonlyMap<string, tf.Tensor>,
  statistics: ReadonlyMap<string, tf.Tensor>,
): Map<string, tf.Tensor> {
  const moved = new Map<string, tf.Tensor>();
  for (const [name, statistic] of statistics) {
    moved.set(name, moveStatistic(weights.get(name) as tf.Tensor, statistic));
  }
  return moved;
}
