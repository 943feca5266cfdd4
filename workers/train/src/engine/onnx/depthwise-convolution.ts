/** Translations of the depthwise convolution (one filter per channel, [height, width, channels, 1]) and its gradients. */
import { invariant } from '@microtome/domain/app-error';
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import {
  addBlockedDepthwise,
  addBlockedDepthwiseFilterGradient,
  addBlockedDepthwiseInputGradient,
} from './blocked-depthwise.ts';
import {
  addConvolution,
  addGradientConvolution,
  addTransposedConvolution,
  flipFilter,
} from './convolution.ts';
import { range } from './filter-gradient.ts';
import { MICROSOFT_DOMAIN } from './onnx-graph.ts';
import { type Stored, storeAs, type Translation, type Translator } from './translation.ts';
import { hasNoDilation, isUnitStride, padImage } from './window.ts';

export const DEPTHWISE_TRANSLATORS: Readonly<Record<string, Translator>> = {
  DepthwiseConv2dNative: (translation, node) => {
    const info = readInfo(node);
    const { inChannels } = info;
    if (translation.canBlock(inChannels)) return [addBlockedDepthwise(translation, node, info)];
    return [addConvolution(translation, node, { filter: readFilter(translation, node), groups: inChannels })];
  },
  DepthwiseConv2dNativeBackpropInput: (translation, node) => {
    const info = readInfo(node);
    if (hasNoDilation(info) && translation.canBlock(info.inChannels)) {
      return [addBlockedDepthwiseInputGradient(translation, node, info)];
    }
    const filter = readFilter(translation, node);
    const dy = translation.channelsFirst(translation.input(node, 0));
    const groups = info.inChannels;
    const name = isUnitStride(info)
      ? addGradientConvolution(translation, {
          dy,
          filter: flipFilter(translation, filter, info),
          info,
          groups,
        })
      : addTransposedConvolution(translation, { dy, filter, info, groups });
    return [storeAs(node, name, 'channelsFirst')];
  },
  DepthwiseConv2dNativeBackpropFilter: (translation, node) => {
    const info = readInfo(node);
    if (translation.canBlock(info.inChannels))
      return [addBlockedDepthwiseFilterGradient(translation, node, info)];
    return [translateFilterGradient(translation, node)];
  },
};

function readInfo(node: TracedNode): WindowInfo {
  const { info } = node.attributes as { info: WindowInfo };
  invariant(info.outChannels === info.inChannels, 'a depthwise convolution here has one filter per channel');
  return info;
}

/** [channels, 1, height, width] */
function readFilter(translation: Translation, node: TracedNode): string {
  return translation.transpose(translation.plain(translation.input(node, 1)), [2, 3, 0, 1]);
}

/** Every image and channel by itself: its k x k shifted copies times dy, then summed over the batch. */
function translateFilterGradient(translation: Translation, node: TracedNode): Stored {
  const info = readInfo(node);
  const { graph } = translation;
  const { batchSize, inChannels, filterHeight, filterWidth, outHeight, outWidth } = info;
  const x = translation.channelsFirst(translation.input(node, 0));
  const dy = translation.channelsFirst(translation.input(node, 1));
  const windows = listWindows(translation, x, info).map((name) =>
    translation.reshape(name, [batchSize, inChannels, 1, outHeight * outWidth]),
  );
  const shifts = graph.add('Concat', windows, { axis: 2 });
  const column = translation.reshape(dy, [batchSize, inChannels, outHeight * outWidth, 1]);
  const product = graph.add('FusedMatMul', [shifts, column], {}, { domain: MICROSOFT_DOMAIN });
  const sum = graph.add('ReduceSum', [product, graph.integers([0])], { keepdims: 0 });
  const taps = translation.transpose(
    translation.reshape(sum, [inChannels, filterHeight * filterWidth]),
    [1, 0],
  );
  return storeAs(node, translation.reshape(taps, [filterHeight, filterWidth, inChannels, 1]));
}

/** For each tap of the window, in rows: what of the input it sees, as large as the output. */
function listWindows(translation: Translation, x: string, info: WindowInfo): string[] {
  const { graph } = translation;
  const { top, left } = info.padInfo;
  const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  const padded = padImage(translation, x, [
    top,
    left,
    height - info.inHeight - top,
    width - info.inWidth - left,
  ]);
  const axes = graph.integers([2, 3]);
  const steps = graph.integers([info.strideHeight, info.strideWidth]);
  return range(info.filterHeight).flatMap((i) =>
    range(info.filterWidth).map((j) => {
      const ends = [
        i + (info.outHeight - 1) * info.strideHeight + 1,
        j + (info.outWidth - 1) * info.strideWidth + 1,
      ];
      return graph.add('Slice', [padded, graph.integers([i, j]), graph.integers(ends), axes, steps]);
    }),
  );
}
