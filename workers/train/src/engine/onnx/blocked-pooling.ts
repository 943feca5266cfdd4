/** Pooling on blocked channels, and the gradients of windows that do not overlap. */
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import { convolveBlocks, padBlocks } from './blocked-convolution.ts';
import { BLOCKED_DOMAIN } from './onnx-graph.ts';
import { type Stored, storeAs, type Translation } from './translation.ts';
import { windowAttributes } from './window.ts';

/** So steep a hard sigmoid is a step: 1 at 0, 0 below the smallest difference of two float32. */
const STEP_SLOPE = 3e38;

export function addBlockedPool(translation: Translation, node: TracedNode, info: WindowInfo): Stored {
  const opType = node.op === 'MaxPool' ? 'MaxPool' : 'AveragePool';
  const x = translation.blocked(translation.input(node, 0));
  return storeAs(
    node,
    translation.graph.add(opType, [x], windowAttributes(info), { domain: BLOCKED_DOMAIN }),
    'blocked',
  );
}

/** Whether the windows tile the image, but for a rest at the end that none covers. */
export function tilesImage(info: WindowInfo): boolean {
  const { top, left, bottom, right } = info.padInfo;
  const hasSteps = info.filterHeight === info.strideHeight && info.filterWidth === info.strideWidth;
  return hasSteps && [top, left, bottom, right].every((pad) => pad === 0);
}

/**
 * dy goes to the maximum of its window; several equal maxima share it equally. (Elsewhere the first takes it
 * all. Equal maxima come from equal surroundings, as in the white of a slide, where the sum that reaches the
 * weights is the same.) Finding the places again is faster than having the pooling write them down.
 */
export function addBlockedMaxPoolGradient(
  translation: Translation,
  node: TracedNode,
  info: WindowInfo,
): Stored {
  const { graph } = translation;
  const [gradient, pooled] = [translation.input(node, 0), translation.input(node, 2)];
  const x = translation.blocked(translation.input(node, 1));
  const isMaximum = markEqual(translation, x, { y: translation.blocked(pooled), info });
  const window = windowAttributes(info);
  const taps = info.inChannels * info.filterHeight * info.filterWidth;
  const shape = [info.inChannels, 1, info.filterHeight, info.filterWidth];
  const count = convolveBlocks(translation, {
    x: isMaximum,
    filter: graph.floats(new Float32Array(taps).fill(1), shape),
    attributes: { ...window, group: info.inChannels },
  });
  const shared = graph.add('Div', [translation.blocked(gradient), count]);
  const name = multiplySpread(translation, isMaximum, { small: shared, info });
  return { ...storeAs(node, name, 'blocked'), unpooled: gradient };
}

/** Images times what is spread over their windows. Where no rest is left, rows are not repeated in memory but multiplied again. */
function multiplySpread(
  translation: Translation,
  images: string,
  { small, info }: { small: string; info: WindowInfo },
): string {
  const { graph, channelBlock } = translation;
  const { batchSize, inChannels, inHeight, inWidth, outHeight, filterHeight, filterWidth } = info;
  const { bottom, right } = findRest(info);
  if (bottom + right > 0) return graph.add('Mul', [images, spread(translation, small, info)]);
  const rows = (batchSize * inChannels * outHeight) / channelBlock;
  const length = inWidth * channelBlock;
  const repeated = repeatPixels(translation, small, [1, filterWidth]);
  const product = graph.add('Mul', [
    translation.reshape(images, [rows, filterHeight, length]),
    translation.reshape(repeated, [rows, 1, length]),
  ]);
  return translation.reshape(product, [batchSize, inChannels, inHeight, inWidth]);
}

export function addBlockedAveragePoolGradient(
  translation: Translation,
  node: TracedNode,
  info: WindowInfo,
): Stored {
  const { graph } = translation;
  const gradient = translation.input(node, 0);
  const shared = graph.add('Mul', [
    translation.blocked(gradient),
    graph.scalar(1 / (info.filterHeight * info.filterWidth)),
  ]);
  return {
    ...storeAs(node, spread(translation, shared, info), 'blocked'),
    unpooled: gradient,
  };
}

/** 1 where x is the y of its window, else 0; y is nowhere less. One pass: x - y by a convolution that adds, then a step. */
function markEqual(
  translation: Translation,
  x: string,
  { y, info }: { y: string; info: WindowInfo },
): string {
  const { batchSize, inChannels, inHeight, inWidth, outHeight, filterHeight, filterWidth } = info;
  const { channelBlock } = translation;
  const { bottom, right } = findRest(info);
  if (bottom + right > 0) {
    // Pads y where no window is; what is marked there means nothing, since no dy comes there.
    const repeated = repeatPixels(translation, y, [filterHeight, filterWidth]);
    const window = { channels: inChannels, height: 1, pads: [0, 0, bottom, right] };
    return subtractAndStep(translation, { x, y: repeated, ...window });
  }
  // The rows of a window are an image whose padding leaves each of them one tap: y's only row.
  const strips = (batchSize * inChannels * outHeight) / channelBlock;
  const repeated = repeatPixels(translation, y, [1, filterWidth]);
  const marks = subtractAndStep(translation, {
    x: translation.reshape(x, [strips, channelBlock, filterHeight, inWidth]),
    y: translation.reshape(repeated, [strips, channelBlock, 1, inWidth]),
    channels: channelBlock,
    height: filterHeight,
    pads: [filterHeight - 1, 0, filterHeight - 1, 0],
  });
  return translation.reshape(marks, [batchSize, inChannels, inHeight, inWidth]);
}

function subtractAndStep(
  translation: Translation,
  operands: { x: string; y: string; channels: number; height: number; pads: readonly number[] },
): string {
  const { x, y, channels, height, pads } = operands;
  return convolveBlocks(translation, {
    x: y,
    filter: translation.graph.floats(new Float32Array(channels * height).fill(-1), [channels, 1, height, 1]),
    sum: x,
    attributes: {
      kernel_shape: [height, 1],
      pads,
      group: channels,
      activation: 'HardSigmoid',
      activation_params: { floats: [STEP_SLOPE, 1] },
    },
  });
}

/** How many rows and columns at the end no window covers. */
function findRest({ inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth }: WindowInfo) {
  return { bottom: inHeight - outHeight * filterHeight, right: inWidth - outWidth * filterWidth };
}

function repeatPixels(translation: Translation, name: string, [rows, columns]: [number, number]): string {
  const attributes = { scales: [1, 1, rows, columns], mode: 'nearest' };
  return translation.graph.add('Upsample', [name], attributes, { domain: BLOCKED_DOMAIN });
}

/** Repeats every pixel over its window; the rest of the image is 0. */
function spread(translation: Translation, name: string, info: WindowInfo): string {
  const repeated = repeatPixels(translation, name, [info.filterHeight, info.filterWidth]);
  const { bottom, right } = findRest(info);
  if (bottom === 0 && right === 0) return repeated;
  return padBlocks(translation, repeated, { channels: info.inChannels, pads: [0, 0, bottom, right] });
}
