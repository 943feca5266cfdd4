/** Batch norm, in training and in inference: one operation of TensorFlow each, its gradient one more. */
import { invariant } from '@microtome/domain/app-error';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL } from '../batch-norm.ts';
import type { TracedNode } from '../trace/traced-node.ts';
import type { TensorflowAttribute } from './tensorflow-graph.ts';
import { getInput, inputShape, type Numbers, type Translation, type Translator } from './translation.ts';
import { convolve } from './window-translators.ts';

export const BATCH_NORM_TRANSLATORS: Readonly<Record<string, Translator>> = {
  [BATCH_NORM_KERNEL]: translateTraining,
  [BATCH_NORM_GRADIENT_KERNEL]: translateGradient,
  FusedBatchNorm: translateInference,
};

type FiveNames = [string, string, string, string, string];

function translateInference(translation: Translation, node: TracedNode): string[] {
  const [x, mean, variance, offset, scale] = translation.listInputs(node) as FiveNames;
  const { node: source } = getInput(node, 0);
  if (source.op === 'Conv2D' || source.op === 'DepthwiseConv2dNative') {
    return [foldIntoConvolution(translation, source, { node, mean, variance, offset, scale })];
  }
  const shape = inputShape(node, 0);
  const image = toImage(translation, x, { shape, numbers: 'float32' });
  const inputs = [image, scale, offset, mean, variance];
  const y = translation.compute('FusedBatchNormV3', inputs, describeBatchNorm(node, false));
  return [fromImage(translation, y, { shape, numbers: 'float32' })];
}

/** A batch norm of fixed statistics scales the filter and adds a bias, which TensorFlow fuses into the convolution. */
function foldIntoConvolution(
  translation: Translation,
  convolution: TracedNode,
  norm: { node: TracedNode } & Record<'mean' | 'variance' | 'offset' | 'scale', string>,
): string {
  const { graph } = translation;
  const epsilon = graph.constant([Number(norm.node.attributes.epsilon)], []);
  const inverse = translation.compute('Rsqrt', [translation.compute('AddV2', [norm.variance, epsilon])]);
  const factor = translation.compute('Mul', [norm.scale, inverse]);
  const filterShape = inputShape(convolution, 1);
  // A depthwise filter is [h, w, channels, 1], any other [h, w, inputs, channels].
  const isDepthwise = convolution.op === 'DepthwiseConv2dNative';
  const spread = isDepthwise ? translation.reshape(factor, filterShape.slice(2)) : factor;
  const filter = translation.compute('Mul', [translation.input(convolution, 1), spread]);
  const shift = translation.compute('Mul', [norm.mean, factor]);
  const bias = translation.compute('Sub', [norm.offset, shift]);
  const y = convolve(translation, convolution, filter);
  return translation.compute('BiasAdd', [y, bias], { data_format: 'NHWC' });
}

/** [y, mean, variance]; TensorFlow gives the variance divided by n - 1, the recorded one is divided by n. */
function translateTraining(translation: Translation, node: TracedNode): string[] {
  const { graph } = translation;
  const shape = inputShape(node, 0);
  const { outputs, numbers } = forward(translation, node);
  const count = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  const correction = graph.constant([(count - 1) / count], []);
  return [
    fromImage(translation, outputs[0] as string, { shape, numbers }),
    outputs[1] as string,
    translation.compute('Mul', [outputs[2] as string, correction]),
  ];
}

/** y, mean, variance and three that only the gradient understands: what they hold depends on the device. Statistics are float32. */
function forward(translation: Translation, node: TracedNode): { outputs: string[]; numbers: Numbers } {
  const numbers = translation.numbersOf(node, 0);
  const shape = inputShape(node, 0);
  const x = toImage(translation, translation.inputIn(numbers, node, 0), { shape, numbers });
  const none = translation.graph.constant([], [0]);
  const inputs = [x, translation.input(node, 1), translation.input(node, 2), none, none];
  const request = { count: 6, numbers };
  const outputs = translation.computeMany(request, 'FusedBatchNormV3', inputs, describeBatchNorm(node, true));
  return { outputs, numbers };
}

/** [dx, dgamma, dbeta]. */
function translateGradient(translation: Translation, node: TracedNode): string[] {
  const { node: source } = getInput(node, 3);
  invariant(source.op === BATCH_NORM_KERNEL, "the gradient's mean comes from batch norm");
  const shape = inputShape(node, 0);
  const { outputs, numbers } = forward(translation, source);
  const images = [0, 1].map((index) =>
    toImage(translation, translation.inputIn(numbers, node, index), { shape, numbers }),
  );
  const [dx, dgamma, dbeta] = translation.computeMany(
    { count: 3, numbers },
    'FusedBatchNormGradV3',
    [...images, translation.input(node, 2), ...outputs.slice(3)],
    describeBatchNorm(node, true),
  ) as [string, string, string];
  return [fromImage(translation, dx, { shape, numbers }), dgamma, dbeta];
}

function describeBatchNorm(node: TracedNode, isTraining: boolean): Record<string, TensorflowAttribute> {
  return {
    U: { type: 'float32' },
    epsilon: { float: Number(node.attributes.epsilon) },
    data_format: 'NHWC',
    is_training: isTraining,
  };
}

type Stored = { shape: readonly number[]; numbers: Numbers };

/** The operation takes images alone: [n, c] becomes [n, 1, 1, c]. */
function toImage(translation: Translation, x: string, { shape, numbers }: Stored): string {
  if (shape.length === 4) return x;
  const channels = shape[shape.length - 1] as number;
  const count = shape.slice(0, -1).reduce((product, length) => product * length, 1);
  return translation.reshape(x, [count, 1, 1, channels], numbers);
}

function fromImage(translation: Translation, y: string, { shape, numbers }: Stored): string {
  return shape.length === 4 ? y : translation.reshape(y, shape, numbers);
}
