/** Translations of the convolution and of its gradient by the input. Filters lie as [height, width, in, out]. */

import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import {
  addBlockedConvolution,
  addBlockedInputGradient,
  canBlockConvolution,
  gradientPads,
} from './blocked-convolution.ts';
import { translateFilterGradient } from './filter-gradient.ts';
import { findFollowingBias } from './following.ts';
import { type Stored, storeAs, type Translation, type Translator } from './translation.ts';
import { isUnitStride, windowAttributes } from './window.ts';

/** "To the very beginning" for a slice that runs backwards. */
const BEFORE_START = -(2 ** 31);

export const CONVOLUTION_TRANSLATORS: Readonly<Record<string, Translator>> = {
  Conv2D: (translation, node) => {
    const { info } = node.attributes as { info: WindowInfo };
    if (canBlockConvolution(translation, info)) return [addBlockedConvolution(translation, node, info)];
    const filter = translation.transpose(translation.plain(translation.input(node, 1)), [3, 2, 0, 1]);
    return [addConvolution(translation, node, { filter, groups: 1 })];
  },
  Conv2DBackpropInput: (translation, node) => {
    const filter = translation.plain(translation.input(node, 1));
    const { info } = node.attributes as { info: WindowInfo };
    if (isUnitStride(info) && translation.canBlock(info.inChannels, info.outChannels)) {
      return [addBlockedInputGradient(translation, node, info)];
    }
    const dy = translation.channelsFirst(translation.input(node, 0));
    if (!isUnitStride(info)) {
      return [
        storeAs(
          node,
          addTransposedConvolution(translation, {
            dy,
            filter: translation.transpose(filter, [3, 2, 0, 1]),
            info,
            groups: 1,
          }),
          'channelsFirst',
        ),
      ];
    }
    const flipped = flipFilter(translation, translation.transpose(filter, [2, 3, 0, 1]), info);
    return [
      storeAs(
        node,
        addGradientConvolution(translation, { dy, filter: flipped, info, groups: 1 }),
        'channelsFirst',
      ),
    ];
  },
  Conv2DBackpropFilter: translateFilterGradient,
};

/** The convolution with the bias that follows, if any, taken in: ONNX Runtime then fuses a ReLU as well. */
export function addConvolution(
  translation: Translation,
  node: TracedNode,
  { filter, groups }: { filter: string; groups: number },
): Stored {
  const { info } = node.attributes as { info: WindowInfo };
  const x = translation.channelsFirst(translation.input(node, 0));
  const bias = findFollowingBias(translation, node);
  const name = translation.graph.add('Conv', bias ? [x, filter, bias] : [x, filter], {
    ...windowAttributes(info),
    dilations: [info.dilationHeight, info.dilationWidth],
    group: groups,
  });
  return { ...storeAs(node, name, 'channelsFirst'), includesBias: bias !== null };
}

type GradientParts = { dy: string; filter: string; info: WindowInfo; groups: number };

/** Stride 1: the input's gradient is a convolution of dy with the filter turned by 180 degrees. */
export function addGradientConvolution(
  translation: Translation,
  { dy, filter, info, groups }: GradientParts,
): string {
  return translation.graph.add('Conv', [dy, filter], {
    kernel_shape: [info.filterHeight, info.filterWidth],
    pads: gradientPads(info),
    group: groups,
  });
}

/** Any stride: dy is spread out and convolved; the output padding restores rows that no window reached. */
export function addTransposedConvolution(
  translation: Translation,
  { dy, filter, info, groups }: GradientParts,
): string {
  const { top, left, bottom, right } = info.padInfo;
  const coveredHeight = (info.outHeight - 1) * info.strideHeight + info.filterHeight - top - bottom;
  const coveredWidth = (info.outWidth - 1) * info.strideWidth + info.filterWidth - left - right;
  return translation.graph.add('ConvTranspose', [dy, filter], {
    ...windowAttributes(info),
    output_padding: [info.inHeight - coveredHeight, info.inWidth - coveredWidth],
    group: groups,
  });
}

/** Turns the last two axes of a filter by 180 degrees. */
export function flipFilter(translation: Translation, filter: string, info: WindowInfo): string {
  if (info.filterHeight === 1 && info.filterWidth === 1) return filter;
  const { graph } = translation;
  const ends = graph.integers([BEFORE_START, BEFORE_START]);
  const starts = graph.integers([-1, -1]);
  return graph.add('Slice', [filter, starts, ends, graph.integers([2, 3]), graph.integers([-1, -1])]);
}
