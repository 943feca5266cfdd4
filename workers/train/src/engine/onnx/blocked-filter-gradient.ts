/**
 * A convolution's gradient by its filter on blocked channels. It is itself a convolution: the image of every
 * input channel, convolved with dy as a filter as large as the output, gives that channel's taps. Images are
 * groups, which are then added up. dy is such a filter already, just as it lies in memory.
 */
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import { convolveBlocks } from './blocked-convolution.ts';
import { BLOCKED_DOMAIN } from './onnx-graph.ts';
import { type Stored, storeAs, type Translation } from './translation.ts';
import { hasNoDilation, padImage } from './window.ts';

/** Up to so many pixels of output, several images are taken into one group: there are fewer products to add. */
const SMALL_OUTPUT = 64;
const LARGEST_GROUP = 4;

export function canBlockFilterGradient(translation: Translation, info: WindowInfo): boolean {
  const isWindow = info.filterHeight > 1 || info.filterWidth > 1;
  // The images stand where channels do: the runtime takes fewer than a block of them, or whole blocks.
  const fitsBlocks = info.batchSize < translation.channelBlock || translation.canBlock(info.batchSize);
  return isWindow && fitsBlocks && hasNoDilation(info) && translation.canBlock(info.outChannels);
}

export function addBlockedFilterGradient(
  translation: Translation,
  node: TracedNode,
  info: WindowInfo,
): Stored {
  const { graph, channelBlock } = translation;
  const { batchSize, inChannels, outChannels, filterHeight, filterWidth, outHeight, outWidth } = info;
  const { name: dy, scale } = translation.blockedFactors(translation.input(node, 1));
  const groupSize = chooseGroupSize(info);
  const groups = batchSize / groupSize;
  const products = convolveBlocks(translation, {
    x: exchangeImages(translation, translation.input(node, 0), info),
    filter: groupImages(translation, dy, { info, groupSize }),
    attributes: {
      kernel_shape: [outHeight, outWidth],
      dilations: [info.strideHeight, info.strideWidth],
      group: groups,
    },
  });
  const perGroup = [
    inChannels,
    groups,
    (outChannels / channelBlock) * filterHeight * filterWidth * channelBlock,
  ];
  const sum = graph.add('ReduceSum', [translation.reshape(products, perGroup), graph.integers([1])], {
    keepdims: 0,
  });
  const taps = [inChannels, outChannels / channelBlock, filterHeight, filterWidth, channelBlock];
  const ordered = translation.transpose(translation.reshape(sum, taps), [2, 3, 0, 1, 4]);
  const gradient = translation.reshape(ordered, [filterHeight, filterWidth, inChannels, outChannels]);
  return storeAs(node, scale ? graph.add('Mul', [gradient, scale]) : gradient);
}

/**
 * [channels, images, h, w], padded or cropped to what the windows cover, exactly: the result is then as large as the
 * filter. Blocked images are padded as blocks, by a convolution of one pixel: it works on all threads and on long rows.
 */
function exchangeImages(translation: Translation, stored: Stored, info: WindowInfo): string {
  const { top, left } = info.padInfo;
  const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  const pads: [number, number, number, number] = [
    top,
    left,
    height - info.inHeight - top,
    width - info.inWidth - left,
  ];
  const isPadded = pads.every((pad) => pad >= 0) && pads.some((pad) => pad > 0);
  if (stored.layout !== 'blocked' || !isPadded) {
    const images = translation.transpose(translation.channelsFirst(stored), [1, 0, 2, 3]);
    return padImage(translation, images, pads);
  }
  const { graph } = translation;
  const { inChannels } = info;
  const padded = convolveBlocks(translation, {
    x: translation.blocked(stored),
    filter: graph.floats(new Float32Array(inChannels).fill(1), [inChannels, 1, 1, 1]),
    attributes: { kernel_shape: [1, 1], pads, group: inChannels },
  });
  const attributes = { channels: inChannels, channels_last: 0 };
  const first = graph.add('ReorderOutput', [padded], attributes, { domain: BLOCKED_DOMAIN });
  return translation.transpose(first, [1, 0, 2, 3]);
}

/** A group's images are the input channels of its filters: [groups, out / b, images, h, w, b]. */
function groupImages(
  translation: Translation,
  dy: string,
  { info, groupSize }: { info: WindowInfo; groupSize: number },
): string {
  const { batchSize, outChannels, outHeight, outWidth } = info;
  const groups = batchSize / groupSize;
  const filterShape = [groups * outChannels, groupSize, outHeight, outWidth];
  if (groupSize === 1) return translation.reshape(dy, filterShape);
  const b = translation.channelBlock;
  const split = translation.reshape(dy, [groups, groupSize, outChannels / b, outHeight * outWidth * b]);
  return translation.reshape(translation.transpose(split, [0, 2, 1, 3]), filterShape);
}

function chooseGroupSize(info: WindowInfo): number {
  if (info.outHeight * info.outWidth > SMALL_OUTPUT) return 1;
  let size = LARGEST_GROUP;
  while (info.batchSize % size !== 0) size--;
  return size;
}
