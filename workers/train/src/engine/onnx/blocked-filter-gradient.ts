/**
 * A convolution's gradient by its filter on blocked channels. It is itself a convolution: the image of every
 * input channel, convolved with dy as a filter as large as the output, gives that channel's taps. Images are
 * groups, which are then added up. dy is such a filter already, just as it lies in memory.
 */
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import { convolveBlocks } from './blocked-convolution.ts';
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
  const images = translation.transpose(translation.channelsFirst(translation.input(node, 0)), [1, 0, 2, 3]);
  const { name: dy, scale } = translation.blockedFactors(translation.input(node, 1));
  const groupSize = chooseGroupSize(info);
  const groups = batchSize / groupSize;
  const products = convolveBlocks(translation, {
    x: fitImages(translation, images, info),
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

/** Pads or crops the images to what the windows cover, exactly: the result is then as large as the filter. */
function fitImages(translation: Translation, images: string, info: WindowInfo): string {
  const { top, left } = info.padInfo;
  const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  return padImage(translation, images, [
    top,
    left,
    height - info.inHeight - top,
    width - info.inWidth - left,
  ]);
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
