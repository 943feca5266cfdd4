/**
 * Translation of a convolution's gradient by its filter. ONNX has no such operation; it is one matrix product
 * of shifted copies, dW[i, j] = sum over batch and pixels of x moved by (i, j) times dy. Which copies are made
 * depends on the shape; every formulation was measured.
 */

import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import { addBlockedFilterGradient, canBlockFilterGradient } from './blocked-filter-gradient.ts';
import { BLOCKED_DOMAIN, MICROSOFT_DOMAIN } from './onnx-graph.ts';
import { getChannels, type Stored, storeAs, type Translation } from './translation.ts';
import { isUnitStride, padImage } from './window.ts';

/** Up to so many taps (channels x window) all k x k shifts of the input are cheaper than k + k of both. */
const LARGEST_FULL_SHIFT = 96;

type Operands = { x: string; dy: string; info: WindowInfo };

export function translateFilterGradient(translation: Translation, node: TracedNode): Stored[] {
  const { info } = node.attributes as { info: WindowInfo };
  if (canBlockFilterGradient(translation, info)) return [addBlockedFilterGradient(translation, node, info)];
  const dy = translation.channelsFirst(translation.input(node, 1));
  if (isStridedPoint(info)) {
    const x = takeStrides(translation, translation.input(node, 0), info);
    return [storeAs(node, multiplyPixels(translation, { x, dy, info }))];
  }
  const x = translation.channelsFirst(translation.input(node, 0));
  return [storeAs(node, chooseFormulation(info)(translation, { x, dy, info }))];
}

/** A filter of one pixel that skips pixels sees no others: without those it is one of stride 1. */
function isStridedPoint(info: WindowInfo): boolean {
  const isPoint = info.filterHeight === 1 && info.filterWidth === 1;
  const { top, left, bottom, right } = info.padInfo;
  return isPoint && !isUnitStride(info) && top + left + bottom + right === 0;
}

/** The pixels at which the windows start, as [n, c, h, w]. */
function takeStrides(translation: Translation, stored: Stored, info: WindowInfo): string {
  const { graph } = translation;
  const { strideHeight, strideWidth, outHeight, outWidth } = info;
  if (stored.layout === 'blocked') {
    const attributes = { kernel_shape: [1, 1], strides: [strideHeight, strideWidth], pads: [0, 0, 0, 0] };
    const taken = graph.add('MaxPool', [translation.blocked(stored)], attributes, { domain: BLOCKED_DOMAIN });
    const order = { channels: getChannels(stored), channels_last: 0 };
    return graph.add('ReorderOutput', [taken], order, { domain: BLOCKED_DOMAIN });
  }
  const ends = [(outHeight - 1) * strideHeight + 1, (outWidth - 1) * strideWidth + 1];
  const operands = [[0, 0], ends, [2, 3], [strideHeight, strideWidth]];
  return graph.add('Slice', [
    translation.channelsFirst(stored),
    ...operands.map((values) => graph.integers(values)),
  ]);
}

function chooseFormulation(info: WindowInfo): (translation: Translation, operands: Operands) => string {
  if (!isUnitStride(info)) return convolveOperands;
  if (info.filterHeight === 1 && info.filterWidth === 1) return multiplyPixels;
  const taps = info.inChannels * info.filterHeight * info.filterWidth;
  return taps <= LARGEST_FULL_SHIFT ? shiftInput : shiftBoth;
}

/** Strides: the input, with batch and channels exchanged, is convolved with dy as a filter of great size. */
function convolveOperands(translation: Translation, { x, dy, info }: Operands): string {
  const { graph } = translation;
  const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  const { top, left } = info.padInfo;
  const padded = padImage(translation, x, [
    top,
    left,
    height - info.inHeight - top,
    width - info.inWidth - left,
  ]);
  const exchanged = [padded, dy].map((name) => translation.transpose(name, [1, 0, 2, 3]));
  const product = graph.add('Conv', exchanged, {
    kernel_shape: [info.outHeight, info.outWidth],
    dilations: [info.strideHeight, info.strideWidth],
  });
  return translation.transpose(product, [2, 3, 0, 1]);
}

/** 1 x 1: no shifts at all. */
function multiplyPixels(translation: Translation, { x, dy, info }: Operands): string {
  const { batchSize, inChannels, outChannels } = info;
  const pixels = info.outHeight * info.outWidth;
  const product = multiplyBatches(translation, {
    a: translation.reshape(x, [batchSize, inChannels, pixels]),
    b: translation.reshape(dy, [batchSize, outChannels, pixels]),
  });
  return translation.reshape(product, [1, 1, inChannels, outChannels]);
}

/** Few channels: k x k shifted copies of the input against dy as it is. */
function shiftInput(translation: Translation, { x, dy, info }: Operands): string {
  const {
    batchSize,
    inChannels,
    outChannels,
    filterHeight,
    filterWidth,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
  } = info;
  const { top, left } = info.padInfo;
  const shifts = range(filterHeight).flatMap((i) =>
    range(filterWidth).map((j) =>
      padImage(translation, x, [
        top - i,
        left - j,
        outHeight - inHeight - top + i,
        outWidth - inWidth - left + j,
      ]),
    ),
  );
  const pixels = outHeight * outWidth;
  const product = multiplyBatches(translation, {
    a: translation.reshape(dy, [batchSize, outChannels, pixels]),
    b: concatenate(translation, shifts, [batchSize, filterHeight * filterWidth * inChannels, pixels]),
  });
  const taps = translation.reshape(product, [outChannels, filterHeight, filterWidth, inChannels]);
  return translation.transpose(taps, [1, 2, 3, 0]);
}

/** Otherwise: k copies of the input shifted by columns, k copies of dy shifted by rows; their product has all taps. */
function shiftBoth(translation: Translation, { x, dy, info }: Operands): string {
  const {
    batchSize,
    inChannels,
    outChannels,
    filterHeight,
    filterWidth,
    inHeight,
    inWidth,
    outHeight,
    outWidth,
  } = info;
  const { top, left } = info.padInfo;
  const rows = outHeight + filterHeight - 1;
  const columnShifts = range(filterWidth).map((j) =>
    padImage(translation, x, [top, left - j, rows - inHeight - top, outWidth - inWidth - left + j]),
  );
  const rowShifts = range(filterHeight).map((i) =>
    padImage(translation, dy, [i, 0, filterHeight - 1 - i, 0]),
  );
  const pixels = rows * outWidth;
  const product = multiplyBatches(translation, {
    a: concatenate(translation, rowShifts, [batchSize, filterHeight * outChannels, pixels]),
    b: concatenate(translation, columnShifts, [batchSize, filterWidth * inChannels, pixels]),
  });
  const taps = translation.reshape(product, [filterHeight, outChannels, filterWidth, inChannels]);
  return translation.transpose(taps, [0, 2, 3, 1]);
}

/** Sum over the batch of a b^T: [batch, m, pixels] and [batch, n, pixels] give [m, n]. */
function multiplyBatches(translation: Translation, { a, b }: { a: string; b: string }): string {
  const product = translation.graph.add('FusedMatMul', [a, b], { transB: 1 }, { domain: MICROSOFT_DOMAIN });
  return translation.graph.add('ReduceSum', [product, translation.graph.integers([0])], { keepdims: 0 });
}

function concatenate(translation: Translation, names: readonly string[], shape: readonly number[]): string {
  return translation.reshape(translation.graph.add('Concat', names, { axis: 1 }), shape);
}

export function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
