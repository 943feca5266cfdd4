/** Depthwise convolutions and their gradients on blocked channels; filters are [height, width, channels, 1]. */
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import { convolveBlocks, gradientPads, turnFilter } from './blocked-convolution.ts';
import { findFollowingBias, followsRelu } from './following.ts';
import { type Stored, storeAs, type Translation } from './translation.ts';

export function addBlockedDepthwise(translation: Translation, node: TracedNode, info: WindowInfo): Stored {
  const filter = translation.plain(translation.input(node, 1));
  const bias = findFollowingBias(translation, node);
  const relu = followsRelu(translation, node, bias !== null);
  const { top, left, bottom, right } = info.padInfo;
  const name = convolveBlocks(translation, {
    x: translation.blocked(translation.input(node, 0)),
    filter: blockFilter(translation, filter, info),
    bias,
    relu,
    attributes: {
      kernel_shape: [info.filterHeight, info.filterWidth],
      strides: [info.strideHeight, info.strideWidth],
      pads: [top, left, bottom, right],
      group: info.inChannels,
    },
  });
  return { ...storeAs(node, name, 'blocked'), includesBias: bias !== null, includesRelu: relu };
}

export function addBlockedDepthwiseInputGradient(
  translation: Translation,
  node: TracedNode,
  info: WindowInfo,
): Stored {
  const filter = translation.plain(translation.input(node, 1));
  const name = convolveSpread(translation, {
    dy: translation.blocked(translation.input(node, 0)),
    filter: blockFilter(translation, turnFilter(translation, filter, info), info),
    info,
  });
  return storeAs(node, name, 'blocked');
}

/** dy, spread out over the strides with zeros between, is convolved channel by channel with a filter that is turned by 180 degrees. */
export function convolveSpread(
  translation: Translation,
  { dy, filter, info }: { dy: string; filter: string; info: WindowInfo },
): string {
  const [top, left, bottom, right] = gradientPads(spreadInfo(info)) as [number, number, number, number];
  const crop = { bottom: Math.max(0, -bottom), right: Math.max(0, -right) };
  return convolveBlocks(translation, {
    x: spreadStrides(translation, dy, { info, crop }),
    filter,
    attributes: {
      kernel_shape: [info.filterHeight, info.filterWidth],
      pads: [top, left, Math.max(0, bottom), Math.max(0, right)],
      group: info.inChannels,
    },
  });
}

/** The window over what `spreadStrides` gives. */
function spreadInfo(info: WindowInfo): WindowInfo {
  const { outHeight, outWidth, strideHeight, strideWidth } = info;
  return { ...info, outHeight: outHeight * strideHeight, outWidth: outWidth * strideWidth };
}

/** Puts zeros behind every pixel and every row, one less than the stride; cut off where they pass the image's end. */
function spreadStrides(
  translation: Translation,
  dy: string,
  { info, crop }: { info: WindowInfo; crop: { bottom: number; right: number } },
): string {
  const { batchSize, inChannels, outHeight, outWidth, strideHeight, strideWidth } = info;
  if (strideHeight === 1 && strideWidth === 1) return dy;
  const { graph, channelBlock } = translation;
  const planes = (batchSize * inChannels) / channelBlock;
  const pad = (name: string, pads: number[]) =>
    graph.add('Pad', [name, graph.integers([0, 0, 0, 0, ...pads]), graph.scalar(0)]);
  const pixels = translation.reshape(dy, [planes * outHeight, 1, outWidth, channelBlock]);
  const spread = pad(pixels, [0, strideHeight - 1, 0, (strideWidth - 1) * channelBlock]);
  const [height, width] = [outHeight * strideHeight, outWidth * strideWidth];
  const whole = translation.reshape(spread, [planes, height, width, channelBlock]);
  const isCropped = crop.bottom > 0 || crop.right > 0;
  const cropped = isCropped ? pad(whole, [0, -crop.bottom, -crop.right, 0]) : whole;
  return translation.reshape(cropped, [batchSize, inChannels, height - crop.bottom, width - crop.right]);
}

/** Every image and channel by itself: the image convolved with its own dy, then summed over the batch. */
export function addBlockedDepthwiseFilterGradient(
  translation: Translation,
  node: TracedNode,
  info: WindowInfo,
): Stored {
  const { graph, channelBlock } = translation;
  const { batchSize, inChannels, filterHeight, filterWidth, outHeight, outWidth } = info;
  const planes = batchSize * inChannels;
  const blocks = translation.reshape(translation.blocked(translation.input(node, 0)), [
    planes / channelBlock,
    info.inHeight,
    info.inWidth,
    channelBlock,
  ]);
  const fitted = fitBlocks(translation, blocks, info);
  const height = (outHeight - 1) * info.strideHeight + filterHeight;
  const width = (outWidth - 1) * info.strideWidth + filterWidth;
  const products = convolveBlocks(translation, {
    x: translation.reshape(fitted, [1, planes, height, width]),
    filter: translation.reshape(translation.blocked(translation.input(node, 1)), [
      planes,
      1,
      outHeight,
      outWidth,
    ]),
    attributes: {
      kernel_shape: [outHeight, outWidth],
      dilations: [info.strideHeight, info.strideWidth],
      group: planes,
    },
  });
  const perImage = [batchSize, (inChannels / channelBlock) * filterHeight * filterWidth * channelBlock];
  const sum = graph.add('ReduceSum', [translation.reshape(products, perImage), graph.integers([0])], {
    keepdims: 0,
  });
  const taps = translation.reshape(sum, [inChannels / channelBlock, filterHeight, filterWidth, channelBlock]);
  return storeAs(
    node,
    translation.reshape(translation.transpose(taps, [1, 2, 0, 3]), [
      filterHeight,
      filterWidth,
      inChannels,
      1,
    ]),
  );
}

/** `fitImages` for blocks: the pixels' axes are the two in the middle. */
function fitBlocks(translation: Translation, blocks: string, info: WindowInfo): string {
  const { graph } = translation;
  const { top, left } = info.padInfo;
  const bottom = (info.outHeight - 1) * info.strideHeight + info.filterHeight - info.inHeight - top;
  const right = (info.outWidth - 1) * info.strideWidth + info.filterWidth - info.inWidth - left;
  if ([top, left, bottom, right].every((pad) => pad === 0)) return blocks;
  return graph.add('Pad', [blocks, graph.integers([0, top, left, 0, 0, bottom, right, 0]), graph.scalar(0)]);
}

/** [h, w, c, 1] to [c / b, h, w, b], under the shape [c, 1, h, w]. */
function blockFilter(translation: Translation, filter: string, info: WindowInfo): string {
  const b = translation.channelBlock;
  const { filterHeight, filterWidth, inChannels } = info;
  const split = translation.reshape(filter, [filterHeight, filterWidth, inChannels / b, b]);
  return translation.reshape(translation.transpose(split, [2, 0, 1, 3]), [
    inChannels,
    1,
    filterHeight,
    filterWidth,
  ]);
}
