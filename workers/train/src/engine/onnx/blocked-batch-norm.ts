/**
 * Batch norm in training on blocked channels, in as few passes over the images as the runtime allows. Scaling
 * and shifting by channel is a depthwise convolution of one pixel, which takes a ReLU or a sum along; the sum
 * of the products of two images is a depthwise convolution of one with the other.
 */
import type { TracedNode } from '../trace/traced-node.ts';
import { convolveBlocks } from './blocked-convolution.ts';
import { followsRelu } from './following.ts';
import { averageImages } from './reduction.ts';
import { getChannels, type Stored, storeAs, type Translation } from './translation.ts';

/** What the forward pass leaves for the gradient: vectors over channels. */
export type BlockedNormNote = { mean: string; inverseDeviation: string };

export function addBlockedBatchNorm(translation: Translation, node: TracedNode, epsilon: number): Stored[] {
  const { graph } = translation;
  const input = translation.input(node, 0);
  const channels = getChannels(input);
  const [gamma, beta] = [1, 2].map((index) => translation.plain(translation.input(node, index)));
  const x = translation.blocked(input);
  const mean = averageBatch(translation, input);
  const squares = averageProducts(translation, input, [x, x]);
  // Rounding may leave less than nothing of a constant channel.
  const variance = graph.add('Relu', [graph.add('Sub', [squares, graph.add('Mul', [mean, mean])])]);
  const deviation = graph.add('Sqrt', [graph.add('Add', [variance, graph.scalar(epsilon)])]);
  const inverseDeviation = graph.add('Reciprocal', [deviation]);
  const scale = graph.add('Mul', [inverseDeviation, gamma as string]);
  const shift = graph.add('Sub', [beta as string, graph.add('Mul', [mean, scale])]);
  const relu = followsRelu(translation, node, false);
  const normalised = scaleChannels(translation, { channels, x, scale, shift, relu });
  translation.setNote(node, { mean, inverseDeviation } satisfies BlockedNormNote);
  return [
    { ...storeAs(node, normalised, 'blocked'), includesRelu: relu },
    storeAs(node, mean, 'plain', 1),
    storeAs(node, variance, 'plain', 2),
  ];
}

/**
 * With n pixels, s = sum(dy), t = sum(dy (x - mean)), i = 1 / deviation and k = gamma i:
 * dx = k (dy - (i^2 t / n) x + (i^2 t mean - s) / n), dgamma = i t, dbeta = s. The factor k is left to
 * the user of dx: a convolution's gradients multiply their filter by it instead of the images.
 */
export function addBlockedBatchNormGradient(
  translation: Translation,
  node: TracedNode,
  { mean, inverseDeviation }: BlockedNormNote,
): Stored[] {
  const { graph } = translation;
  const [gradient, input] = [translation.input(node, 0), translation.input(node, 1)];
  const [dy, x] = [translation.blocked(gradient), translation.blocked(input)];
  const gamma = translation.plain(translation.input(node, 2));
  const channels = getChannels(input);
  const pixels = graph.scalar(input.shape.reduce((product, length) => product * length, 1) / channels);
  const multiply = (...names: string[]) => names.reduce((product, name) => graph.add('Mul', [product, name]));
  const meanGradient = averageBatch(translation, gradient);
  const correlation = graph.add('Sub', [
    averageProducts(translation, input, [dy, x]),
    multiply(mean, meanGradient),
  ]);
  const slope = graph.add('Neg', [multiply(inverseDeviation, inverseDeviation, correlation)]);
  const shift = graph.add('Neg', [graph.add('Add', [multiply(slope, mean), meanGradient])]);
  const unscaled = scaleChannels(translation, { channels, x, scale: slope, shift, sum: dy });
  return [
    storeFactored(translation, node, { name: unscaled, scale: multiply(gamma, inverseDeviation) }),
    storeAs(node, multiply(correlation, inverseDeviation, pixels), 'plain', 1),
    storeAs(node, multiply(meanGradient, pixels), 'plain', 2),
  ];
}

/** A blocked value that is written out, multiplied by its channels' factors, only if an operation needs it so. */
function storeFactored(
  translation: Translation,
  node: TracedNode,
  factored: { name: string; scale: string },
): Stored {
  const stored = storeAs(node, factored.name, 'blocked');
  const { name: x, scale } = factored;
  const writeOut = () => scaleChannels(translation, { channels: getChannels(stored), x, scale });
  return { ...stored, name: null, factored: { ...factored, writeOut } };
}

/** The mean over all images and pixels of a blocked value, [c]. */
function averageBatch(translation: Translation, stored: Stored): string {
  if (stored.unpooled) {
    const { graph } = translation;
    const share = graph.scalar(countNumbers(stored.unpooled) / countNumbers(stored));
    return graph.add('Mul', [averageBatch(translation, stored.unpooled), share]);
  }
  const [batch] = stored.shape as [number];
  const rows = translation.reshape(averageImages(translation, stored), [batch, getChannels(stored)]);
  return translation.graph.add('ReduceMean', [rows], { axes: [0], keepdims: 0 });
}

function countNumbers({ shape }: Stored): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** The mean over all images and pixels of the product of two blocked values, [c]. */
function averageProducts(translation: Translation, like: Stored, [x, y]: [string, string]): string {
  const { graph } = translation;
  const [batch, height, width, channels] = like.shape as [number, number, number, number];
  const planes = batch * channels;
  const sums = convolveBlocks(translation, {
    x: translation.reshape(x, [1, planes, height, width]),
    filter: translation.reshape(y, [planes, 1, height, width]),
    attributes: { kernel_shape: [height, width], group: planes },
  });
  const rows = translation.reshape(sums, [batch, channels]);
  const total = graph.add('ReduceSum', [rows, graph.integers([0])], { keepdims: 0 });
  return graph.add('Mul', [total, graph.scalar(1 / (batch * height * width))]);
}

type ScaledChannels = {
  channels: number;
  x: string;
  scale: string;
  shift?: string;
  sum?: string;
  relu?: boolean;
};

/** scale x + shift by channel, plus a sum of images; scale and shift are [c]. */
function scaleChannels(
  translation: Translation,
  { channels, x, scale, shift, sum, relu }: ScaledChannels,
): string {
  const filter = translation.graph.add('Unsqueeze', [scale, translation.graph.integers([1, 2, 3])]);
  const attributes = { kernel_shape: [1, 1], group: channels };
  return convolveBlocks(translation, { x, filter, bias: shift, sum, relu, attributes });
}
