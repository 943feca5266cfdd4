/**
 * Convolutions on blocked channels, by ONNX Runtime's direct kernels: up to twice the speed of those that
 * unfold the image first. Filters come as [height, width, in, out] and are put into blocks on the way; they
 * are small compared with the images.
 */
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import { findFollowingBias, followsRelu } from './following.ts';
import { BLOCKED_DOMAIN, type OnnxAttribute } from './onnx-graph.ts';
import { type Stored, storeAs, type Translation } from './translation.ts';

/** Fewer input channels than a block may come as plain channels first; otherwise whole blocks are needed. */
export function canBlockConvolution(translation: Translation, info: WindowInfo): boolean {
  const { inChannels, outChannels } = info;
  const takesInput = inChannels < translation.channelBlock || translation.canBlock(inChannels);
  return takesInput && translation.canBlock(outChannels);
}

/** The forward convolution, with a following bias and ReLU taken in. */
export function addBlockedConvolution(translation: Translation, node: TracedNode, info: WindowInfo): Stored {
  const input = translation.input(node, 0);
  const filter = translation.plain(translation.input(node, 1));
  const { inChannels } = info;
  const isBlocked = translation.canBlock(inChannels);
  const bias = findFollowingBias(translation, node);
  const relu = followsRelu(translation, node, bias !== null);
  const { top, left, bottom, right } = info.padInfo;
  const name = convolveBlocks(translation, {
    x: isBlocked ? translation.blocked(input) : translation.channelsFirst(input),
    filter: isBlocked ? blockFilter(translation, filter, info) : blockOutputs(translation, filter, info),
    bias,
    relu,
    attributes: {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      dilations: [info.dilationHeight, info.dilationWidth],
      pads: [top, left, bottom, right],
    },
  });
  return { ...storeAs(node, name, 'blocked'), includesBias: bias !== null, includesRelu: relu };
}

/** Stride 1: the gradient by the input is a convolution of dy with the filter turned by 180 degrees. */
export function addBlockedInputGradient(
  translation: Translation,
  node: TracedNode,
  info: WindowInfo,
): Stored {
  const { name: dy, scale } = translation.blockedFactors(translation.input(node, 0));
  const unscaled = translation.plain(translation.input(node, 1));
  // Factors of dy's channels are as well multiplied into the filter, whose last axis they are.
  const filter = scale ? translation.graph.add('Mul', [unscaled, scale]) : unscaled;
  const name = convolveBlocks(translation, {
    x: dy,
    filter: blockTurnedFilter(translation, filter, info),
    attributes: { kernel_shape: [info.filterHeight, info.filterWidth], pads: gradientPads(info) },
  });
  return storeAs(node, name, 'blocked');
}

/** [top, left, bottom, right] around dy, so that the result is as large as the input. */
export function gradientPads(info: WindowInfo): number[] {
  const top = info.filterHeight - 1 - info.padInfo.top;
  const left = info.filterWidth - 1 - info.padInfo.left;
  return [
    top,
    left,
    info.inHeight + info.filterHeight - 1 - info.outHeight - top,
    info.inWidth + info.filterWidth - 1 - info.outWidth - left,
  ];
}

type BlockedConvolution = {
  x: string;
  filter: string;
  bias?: string | null;
  /** Added to the result, in the result's layout; its buffer is overwritten. */
  sum?: string;
  relu?: boolean;
  attributes: Readonly<Record<string, OnnxAttribute>>;
};

/** Adds ONNX Runtime's blocked convolution. */
export function convolveBlocks(translation: Translation, convolution: BlockedConvolution): string {
  const { x, filter, bias, sum, relu, attributes } = convolution;
  const inputs = [x, filter];
  if (bias || sum) inputs.push(bias ?? '');
  if (sum) inputs.push(sum);
  const all = { group: 1, ...attributes, ...(relu ? { activation: 'Relu' } : {}) };
  return translation.graph.add('Conv', inputs, all, { domain: BLOCKED_DOMAIN });
}

/** Zeros around blocked images, [top, left, bottom, right], by a convolution of one pixel: it works on all threads and on long rows. */
export function padBlocks(
  translation: Translation,
  images: string,
  { channels, pads }: { channels: number; pads: readonly number[] },
): string {
  return convolveBlocks(translation, {
    x: images,
    filter: translation.expand(translation.graph.scalar(1), [channels, 1, 1, 1]),
    attributes: { kernel_shape: [1, 1], pads, group: channels },
  });
}

/** [h, w, in, out] to [out / b, in / b, h, w, b of in, b of out], under the shape [out, in, h, w]. */
function blockFilter(translation: Translation, filter: string, info: WindowInfo): string {
  const split = splitFilter(translation, filter, info);
  return nameFilter(translation, translation.transpose(split, [4, 2, 0, 1, 3, 5]), info);
}

/** [h, w, in, out] to [out / b, in, h, w, b]: for an input whose channels are not blocked. */
function blockOutputs(translation: Translation, filter: string, info: WindowInfo): string {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const b = translation.channelBlock;
  const split = translation.reshape(filter, [filterHeight, filterWidth, inChannels, outChannels / b, b]);
  return nameFilter(translation, translation.transpose(split, [3, 2, 0, 1, 4]), info);
}

/**
 * The same with rows and columns reversed and the roles of in and out exchanged. Within blocks, they are exchanged by
 * the kernel that puts images into blocks, which is ten times as fast as a general transposition.
 */
function blockTurnedFilter(translation: Translation, filter: string, info: WindowInfo): string {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const b = translation.channelBlock;
  const images = [filterHeight * filterWidth * (inChannels / b), b, 1, outChannels];
  const turned = translation.reshape(turnFilter(translation, filter, info), images);
  const exchanged = translation.graph.add(
    'ReorderInput',
    [turned],
    { channels_last: 0 },
    { domain: BLOCKED_DOMAIN },
  );
  const blocks = [filterHeight, filterWidth, inChannels / b, outChannels / b, b * b];
  const blocked = translation.transpose(translation.reshape(exchanged, blocks), [2, 3, 0, 1, 4]);
  return translation.reshape(blocked, [inChannels, outChannels, filterHeight, filterWidth]);
}

/** Reverses the first two axes of a filter. */
export function turnFilter(translation: Translation, filter: string, info: WindowInfo): string {
  if (info.filterHeight === 1 && info.filterWidth === 1) return filter;
  const { graph } = translation;
  const operands = [
    [-1, -1],
    [-(2 ** 31), -(2 ** 31)],
    [0, 1],
    [-1, -1],
  ].map((values) => graph.integers(values));
  return graph.add('Slice', [filter, ...operands]);
}

function splitFilter(translation: Translation, filter: string, info: WindowInfo): string {
  const b = translation.channelBlock;
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  return translation.reshape(filter, [filterHeight, filterWidth, inChannels / b, b, outChannels / b, b]);
}

function nameFilter(translation: Translation, filter: string, info: WindowInfo): string {
  return translation.reshape(filter, [
    info.outChannels,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
  ]);
}
