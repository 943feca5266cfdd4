/** Batch norm, in training and in inference: one operation of TensorFlow each, its gradient one more. */
import { invariant } from '@microtome/domain/app-error';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL } from '../batch-norm.ts';
import type { TracedNode } from '../trace/trace-backend.ts';
import type { TensorflowAttribute } from './tensorflow-graph.ts';
import { getInput, inputShape, type Translation, type Translator } from './translation.ts';

export const BATCH_NORM_TRANSLATORS: Readonly<Record<string, Translator>> = {
  [BATCH_NORM_KERNEL]: translateTraining,
  [BATCH_NORM_GRADIENT_KERNEL]: translateGradient,
  FusedBatchNorm: (translation, node) => {
    const [x, mean, variance, offset, scale] = translation.listInputs(node) as FiveNames;
    const shape = inputShape(node, 0);
    const inputs = [toImage(translation, x, shape), scale, offset, mean, variance];
    const attributes = describeBatchNorm(node, false);
    const y = translation.compute('FusedBatchNormV3', inputs, attributes);
    return [fromImage(translation, y, shape)];
  },
};

type FiveNames = [string, string, string, string, string];

/** [y, mean, variance]; TensorFlow gives the variance divided by n - 1, the recorded one is divided by n. */
function translateTraining(translation: Translation, node: TracedNode): string[] {
  const { graph } = translation;
  const shape = inputShape(node, 0);
  const outputs = forward(translation, node);
  const count = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const correction = graph.constant([(count - 1) / count], []);
  return [
    fromImage(translation, outputs[0] as string, shape),
    outputs[1] as string,
    translation.compute('Mul', [outputs[2] as string, correction]),
  ];
}

/** y, mean, variance and three that only the gradient understands: what they hold depends on the device. */
function forward(translation: Translation, node: TracedNode): string[] {
  const [x, gamma, beta] = translation.listInputs(node) as [string, string, string];
  const none = translation.graph.constant([], [0]);
  const inputs = [toImage(translation, x, inputShape(node, 0)), gamma, beta, none, none];
  return translation.computeMany('FusedBatchNormV3', inputs, { count: 6, ...describeBatchNorm(node, true) });
}

/** [dx, dgamma, dbeta]. */
function translateGradient(translation: Translation, node: TracedNode): string[] {
  const [dy, x, gamma] = translation.listInputs(node) as [string, string, string];
  const { node: source } = getInput(node, 3);
  invariant(source.op === BATCH_NORM_KERNEL, "the gradient's mean comes from batch norm");
  const shape = inputShape(node, 0);
  const reserved = forward(translation, source).slice(3);
  const images = [toImage(translation, dy, shape), toImage(translation, x, shape)];
  const [dx, dgamma, dbeta] = translation.computeMany(
    'FusedBatchNormGradV3',
    [...images, gamma, ...reserved],
    { count: 3, ...describeBatchNorm(node, true) },
  ) as [string, string, string];
  return [fromImage(translation, dx, shape), dgamma, dbeta];
}

function describeBatchNorm(node: TracedNode, isTraining: boolean): Record<string, TensorflowAttribute> {
  return {
    U: { type: 'float32' },
    epsilon: { float: Number(node.attributes.epsilon) },
    data_format: 'NHWC',
    is_training: isTraining,
  };
}

/** The operation takes images alone: [n, c] becomes [n, 1, 1, c]. */
function toImage(translation: Translation, x: string, shape: readonly number[]): string {
  if (shape.length === 4) return x;
  const channels = shape[shape.length - 1] as number;
  const count = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  return translation.reshape(x, [count, 1, 1, channels]);
}

function fromImage(translation: Translation, y: string, shape: readonly number[]): string {
  return shape.length === 4 ? y : translation.reshape(y, shape);
}
