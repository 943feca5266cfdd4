/**
 * Batch norm in training on blocked channels, in as few passes over the images as the runtime allows: scaling
 * and shifting by channel is a depthwise convolution of one pixel, which takes a ReLU or a sum along.
 */
import { convolveBlocks } from './blocked-convolution.ts';
import { followsRelu } from './following.ts';
import { averageImages } from './reduction.ts';
import type { TracedNode } from './trace-backend.ts';
import { getChannels, type Stored, storeAs, type Translation } from './translation.ts';

/** What the forward pass leaves for the gradient: vectors over channels. */
export type BlockedNormNote = { mean: string; inverseDeviation: string };

export function addBlockedBatchNorm(translation: Translation, node: TracedNode, epsilon: number): Stored[] {
  const { graph } = translation;
  const input = translation.input(node, 0);
  const [gamma, beta] = [1, 2].map((index) => translation.plain(translation.input(node, index)));
  const x = translation.blocked(input);
  const mean = averageBatch(translation, input, x);
  const squares = averageBatch(translation, input, graph.add('Mul', [x, x]));
  const variance = graph.add('Relu', [graph.add('Sub', [squares, graph.add('Mul', [mean, mean])])]);
  const deviation = graph.add('Sqrt', [graph.add('Add', [variance, graph.scalar(epsilon)])]);
  const inverseDeviation = graph.add('Reciprocal', [deviation]);
  const scale = graph.add('Mul', [inverseDeviation, gamma as string]);
  const shift = graph.add('Sub', [beta as string, graph.add('Mul', [mean, scale])]);
  const relu = followsRelu(translation, node, false);
  const normalised = scaleChannels(translation, { channels: getChannels(input), x, scale, shift, relu });
  translation.setNote(node, { mean, inverseDeviation } satisfies BlockedNormNote);
  return [
    { ...storeAs(node, normalised, 'blocked'), includesRelu: relu },
    storeAs(node, mean, 'plain', 1),
    storeAs(node, variance, 'plain', 2),
  ];
}

/**
 * With n pixels, s = sum(dy), t = sum(dy (x - mean)), i = 1 / deviation and k = gamma i:
 * dx = k dy - (k i^2 t / n) x + (k i^2 t mean - k s) / n, dgamma = i t, dbeta = s.
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
  const pixels = input.shape.reduce((product, length) => product * length, 1) / channels;
  const multiply = (...names: string[]) => names.reduce((product, name) => graph.add('Mul', [product, name]));
  const meanGradient = averageBatch(translation, input, dy);
  const product = averageBatch(translation, input, graph.add('Mul', [dy, x]));
  const correlation = graph.add('Sub', [product, multiply(mean, meanGradient)]);
  const scale = multiply(gamma, inverseDeviation);
  const slope = graph.add('Neg', [multiply(scale, inverseDeviation, inverseDeviation, correlation)]);
  const shift = graph.add('Neg', [graph.add('Add', [multiply(slope, mean), multiply(scale, meanGradient)])]);
  const rest = scaleChannels(translation, { channels, x, scale: slope, shift });
  const dx = scaleChannels(translation, { channels, x: dy, scale, sum: rest });
  const total = graph.scalar(pixels);
  return [
    storeAs(node, dx, 'blocked'),
    storeAs(node, multiply(correlation, inverseDeviation, total), 'plain', 1),
    storeAs(node, multiply(meanGradient, total), 'plain', 2),
  ];
}

/** The mean over all images and pixels, [c], of a value that lies like `like`. */
function averageBatch(translation: Translation, like: Stored, name: string): string {
  const [batch] = like.shape as [number];
  const images = averageImages(translation, { ...like, layout: 'blocked', name, forms: {} });
  const rows = translation.reshape(images, [batch, getChannels(like)]);
  return translation.graph.add('ReduceMean', [rows], { axes: [0], keepdims: 0 });
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
