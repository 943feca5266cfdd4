/**
 * A convolution's gradient by its filter on blocked channels. It is itself a convolution, of the images with dy as a
 * filter as large as the output: dy is such a filter already, just as it lies in memory. The channels of a pixel, as many
 * as lie side by side, are taken as pixels of a wider image that the filter steps over: one row of the result then is
 * long enough for the runtime's kernels, which compute six of its numbers at once and read dy once for them.
 * Images are groups, which are then added up.
 */
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import { convolveBlocks, padBlocks } from './blocked-convolution.ts';
import { type Stored, storeAs, type Translation } from './translation.ts';
import { hasNoDilation, isUnitStride } from './window.ts';

/** Up to so many pixels of output, several images are taken into one group: there are fewer products to add. */
const SMALL_OUTPUT = 64;
const LARGEST_GROUP = 4;

export function canBlockFilterGradient(translation: Translation, info: WindowInfo): boolean {
  // Of images that a filter of one pixel skips most of, those pixels are taken first, elsewhere.
  const isWindow = info.filterHeight > 1 || info.filterWidth > 1 || isUnitStride(info);
  // The images stand where channels do: the runtime takes fewer than a block of them, or whole blocks.
  const fitsBlocks = info.batchSize < translation.channelBlock || translation.canBlock(info.batchSize);
  return isWindow && fitsBlocks && hasNoDilation(info) && translation.canBlock(info.outChannels);
}

export function addBlockedFilterGradient(
  translation: Translation,
  node: TracedNode,
  info: WindowInfo,
): Stored {
  const { graph } = translation;
  const { batchSize, outHeight, outWidth, strideHeight, strideWidth } = info;
  const { name: dy, scale } = translation.blockedFactors(translation.input(node, 1));
  const groupSize = chooseGroupSize(translation, info);
  const { name: x, depth, rowPads } = widenImages(translation, translation.input(node, 0), info);
  const products = convolveBlocks(translation, {
    x,
    filter: groupImages(translation, dy, { info, groupSize }),
    attributes: {
      kernel_shape: [outHeight, outWidth],
      dilations: [strideHeight, strideWidth * depth],
      pads: [rowPads[0], 0, rowPads[1], 0],
      group: batchSize / groupSize,
    },
  });
  const gradient = addUpGroups(translation, products, { info, depth, groups: batchSize / groupSize });
  return storeAs(node, scale ? graph.add('Mul', [gradient, scale]) : gradient);
}

/** [channels / depth, groups, out / b, h, w, depth, b of out] to [h, w, in, out], added up over the groups. */
function addUpGroups(
  translation: Translation,
  products: string,
  { info, depth, groups }: { info: WindowInfo; depth: number; groups: number },
): string {
  const { graph, channelBlock: b } = translation;
  const { inChannels, outChannels, filterHeight, filterWidth } = info;
  const [planes, taps] = [inChannels / depth, filterHeight * filterWidth];
  const perGroup = translation.reshape(products, [planes, groups, outChannels * taps * depth]);
  // Sums over the first axis that counts are slow in the runtime; a product with ones is ten times as fast.
  const sum =
    planes === 1
      ? graph.add('MatMul', [translation.expand(graph.scalar(1), [1, groups]), perGroup])
      : graph.add('ReduceSum', [perGroup, graph.integers([1])], { keepdims: 0 });
  const split = translation.reshape(sum, [planes, outChannels / b, taps, depth, b]);
  const ordered = translation.transpose(split, [2, 0, 3, 1, 4]);
  return translation.reshape(ordered, [filterHeight, filterWidth, inChannels, outChannels]);
}

type WideImages = {
  /** [channels / depth, images, h, w x depth], padded or cropped in width to what the windows cover. */
  name: string;
  /** Channels that lie side by side. */
  depth: number;
  /** Rows of zeros above and below, which the convolution itself may add: it passes over them. */
  rowPads: readonly [number, number];
};

function widenImages(translation: Translation, stored: Stored, info: WindowInfo): WideImages {
  const { batchSize, inChannels, inHeight, inWidth, padInfo } = info;
  const isBlocked = translation.canBlock(inChannels);
  const depth = isBlocked ? translation.channelBlock : inChannels;
  const planes = inChannels / depth;
  const { bottom, right } = findCover(info);
  const images = isBlocked ? translation.blocked(stored) : translation.plain(stored);
  const padded = padColumns(translation, images, { info, isBlocked, right });
  const width = padInfo.left + inWidth + right;
  let rows = translation.reshape(padded, [batchSize, planes, inHeight, width * depth]);
  if (bottom < 0) {
    const pads = translation.graph.integers([0, 0, 0, 0, 0, 0, bottom, 0]);
    rows = translation.graph.add('Pad', [rows, pads, translation.graph.scalar(0)]);
  }
  const height = inHeight + Math.min(bottom, 0);
  const byPlane = planes === 1 ? rows : translation.transpose(rows, [1, 0, 2, 3]);
  const name = translation.reshape(byPlane, [planes, batchSize, height, width * depth]);
  return { name, depth, rowPads: [padInfo.top, Math.max(bottom, 0)] };
}

/** How many rows and columns the windows reach beyond the image at its end; below 0: how many no window covers. */
function findCover(info: WindowInfo): { bottom: number; right: number } {
  const { padInfo, outHeight, outWidth, strideHeight, strideWidth, filterHeight, filterWidth } = info;
  return {
    bottom: (outHeight - 1) * strideHeight + filterHeight - info.inHeight - padInfo.top,
    right: (outWidth - 1) * strideWidth + filterWidth - info.inWidth - padInfo.left,
  };
}

function padColumns(
  translation: Translation,
  images: string,
  { info, isBlocked, right }: { info: WindowInfo; isBlocked: boolean; right: number },
): string {
  const { graph, channelBlock: b } = translation;
  const { inChannels, batchSize, inHeight, inWidth } = info;
  const { left } = info.padInfo;
  if (left === 0 && right === 0) return images;
  if (isBlocked && right >= 0) {
    return padBlocks(translation, images, { channels: inChannels, pads: [0, left, 0, right] });
  }
  const depth = isBlocked ? b : inChannels;
  const rows = translation.reshape(images, [(batchSize * inChannels * inHeight) / depth, inWidth * depth]);
  const pads = graph.integers([0, left * depth, 0, right * depth]);
  return graph.add('Pad', [rows, pads, graph.scalar(0)]);
}

/** A group's images are the input channels of its filters: [groups, out / b, images, h, w, b]. */
function groupImages(
  translation: Translation,
  dy: string,
  { info, groupSize }: { info: WindowInfo; groupSize: number },
): string {
  const { batchSize, outChannels, outHeight, outWidth } = info;
  const groups = batchSize / groupSize;
  const b = translation.channelBlock;
  const filterShape = [groups * outChannels, groupSize, outHeight, outWidth];
  if (groupSize === 1 || outChannels === b) return translation.reshape(dy, filterShape);
  const split = translation.reshape(dy, [groups, groupSize, outChannels / b, outHeight * outWidth * b]);
  return translation.reshape(translation.transpose(split, [0, 2, 1, 3]), filterShape);
}

function chooseGroupSize(translation: Translation, info: WindowInfo): number {
  const isFree = info.outChannels === translation.channelBlock;
  if (!isFree && info.outHeight * info.outWidth > SMALL_OUTPUT) return 1;
  let size = LARGEST_GROUP;
  while (info.batchSize % size !== 0) size--;
  return size;
}
