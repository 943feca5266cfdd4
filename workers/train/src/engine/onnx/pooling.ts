/** Translations of max and average pooling and their gradients. */
import { invariant } from '@microtome/domain/app-error';
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import {
  addOverlappingAveragePoolGradient,
  addOverlappingMaxPool,
  addOverlappingMaxPoolGradient,
} from './blocked-overlap.ts';
import {
  addBlockedAveragePoolGradient,
  addBlockedMaxPoolGradient,
  addBlockedPool,
  tilesImage,
} from './blocked-pooling.ts';
import { addTransposedConvolution } from './convolution.ts';
import {
  getInput,
  type Stored,
  storeAs,
  type Translation,
  type Translator,
  toChannelsFirst,
} from './translation.ts';
import { windowAttributes } from './window.ts';

export const POOLING_TRANSLATORS: Readonly<Record<string, Translator>> = {
  MaxPool: translateMaxPool,
  MaxPoolGrad: translateMaxPoolGradient,
  AvgPool: (translation, node) => {
    const input = translation.input(node, 0);
    if (input.layout === 'blocked') return [addBlockedPool(translation, node, readInfo(node))];
    const x = translation.channelsFirst(translation.input(node, 0));
    return [
      storeAs(
        node,
        translation.graph.add('AveragePool', [x], windowAttributes(readInfo(node))),
        'channelsFirst',
      ),
    ];
  },
  AvgPoolGrad: translateAveragePoolGradient,
};

function readInfo(node: TracedNode): WindowInfo {
  return (node.attributes as { info: WindowInfo }).info;
}

/** With the places of the maxima when a gradient will ask for them. */
function translateMaxPool(translation: Translation, node: TracedNode): Stored[] {
  const input = translation.input(node, 0);
  const info = readInfo(node);
  if (input.layout === 'blocked' && tilesImage(info)) return [addBlockedPool(translation, node, info)];
  const isDifferentiated = translation
    .listConsumers(node)
    .some((user) => user.op === 'MaxPoolGrad' && translation.isOwn(user));
  if (input.layout === 'blocked') {
    return [
      isDifferentiated
        ? addOverlappingMaxPool(translation, node, info)
        : addBlockedPool(translation, node, info),
    ];
  }
  const x = translation.channelsFirst(input);
  const [name, places] = translation.graph.addMany('MaxPool', [x], windowAttributes(info), {
    outputs: isDifferentiated ? 2 : 1,
  });
  invariant(name, 'max pooling has a result');
  translation.setNote(node, places);
  return [storeAs(node, name, 'channelsFirst')];
}

/** dy goes to the place of each window's (first) maximum. */
function translateMaxPoolGradient(translation: Translation, node: TracedNode): Stored[] {
  const info = readInfo(node);
  const { graph } = translation;
  const note = translation.findNote(getInput(node, 2).node);
  if (translation.input(node, 1).layout === 'blocked') {
    return [
      tilesImage(info)
        ? addBlockedMaxPoolGradient(translation, node, info)
        : addOverlappingMaxPoolGradient(translation, node, { info, note }),
    ];
  }
  invariant(typeof note === 'string', 'max pooling has left the places of its maxima');
  const places = note;
  const dy = translation.channelsFirst(translation.input(node, 0));
  const shape = toChannelsFirst(node.outputs[0]?.shape ?? []);
  const overlaps = info.filterHeight > info.strideHeight || info.filterWidth > info.strideWidth;
  if (!overlaps) {
    const name = graph.add('MaxUnpool', [dy, places, graph.integers(shape)], windowAttributes(info));
    return [storeAs(node, name, 'channelsFirst')];
  }
  // A place can be the maximum of several windows: unpooling would overwrite, so the gradients are added up.
  const size = shape.reduce((product, length) => product * length, 1);
  const zeros = translation.expand(graph.scalar(0), [size]);
  const flat = [places, dy].map((name) => translation.reshape(name, [-1]));
  const sum = graph.add('ScatterElements', [zeros, ...flat], { axis: 0, reduction: 'add' });
  return [storeAs(node, translation.reshape(sum, shape), 'channelsFirst')];
}

/** Each pixel gets its share of every window that covers it; images and channels are taken as one batch. */
function translateAveragePoolGradient(translation: Translation, node: TracedNode): Stored[] {
  const info = readInfo(node);
  if (translation.canBlock(info.inChannels)) {
    return [
      tilesImage(info)
        ? addBlockedAveragePoolGradient(translation, node, info)
        : addOverlappingAveragePoolGradient(translation, node, info),
    ];
  }
  const share = 1 / (info.filterHeight * info.filterWidth);
  const taps = new Float32Array(info.filterHeight * info.filterWidth).fill(share);
  const images = info.batchSize * info.inChannels;
  const dy = translation.reshape(translation.channelsFirst(translation.input(node, 0)), [
    images,
    1,
    info.outHeight,
    info.outWidth,
  ]);
  const filter = translation.graph.floats(taps, [1, 1, info.filterHeight, info.filterWidth]);
  const name = addTransposedConvolution(translation, { dy, filter, info, groups: 1 });
  return [
    storeAs(node, translation.reshape(name, toChannelsFirst(node.outputs[0]?.shape ?? [])), 'channelsFirst'),
  ];
}
