/** Translations of sums, means and extremes over axes. */
import type { TracedNode } from '../trace/traced-node.ts';
import { BLOCKED_DOMAIN } from './onnx-graph.ts';
import { type Stored, storeAs, type Translation, type Translator } from './translation.ts';

const CHANNELS_FIRST_AXIS: readonly number[] = [0, 2, 3, 1];

export const REDUCTION_TRANSLATORS: Readonly<Record<string, Translator>> = {
  Sum: (translation, node) => reduce(translation, node, 'ReduceSum'),
  Mean: (translation, node) => reduce(translation, node, 'ReduceMean'),
  Max: (translation, node) => reduce(translation, node, 'ReduceMax'),
  Min: (translation, node) => reduce(translation, node, 'ReduceMin'),
};

function reduce(translation: Translation, node: TracedNode, opType: string): Stored[] {
  const x = translation.input(node, 0);
  const { axes, keepDims } = node.attributes as { axes: number[]; keepDims: boolean };
  if (x.layout === 'blocked' && x.name !== null) {
    const blocked = reduceBlocked(translation, node, { x, opType, axes });
    if (blocked) return [blocked];
  }
  if (x.layout === 'channelsFirst' && (keepDims || !splitsChannels(axes))) {
    const mapped = axes.map((axis) => CHANNELS_FIRST_AXIS[axis] as number);
    const name = addReduction(translation, opType, {
      name: translation.materialise(x),
      axes: mapped,
      keepDims,
    });
    return [storeAs(node, name, keepDims ? 'channelsFirst' : 'plain')];
  }
  return [storeAs(node, addReduction(translation, opType, { name: translation.plain(x), axes, keepDims }))];
}

/** Means over an image and sums over all pixels of a batch, the two that networks need, without reordering. */
function reduceBlocked(
  translation: Translation,
  node: TracedNode,
  { x, opType, axes }: { x: Stored; opType: string; axes: readonly number[] },
): Stored | null {
  const shape = node.outputs[0]?.shape ?? [];
  const reduced = axes.join();
  if (opType === 'ReduceMean' && reduced === '1,2') {
    return storeAs(node, translation.reshape(averageImages(translation, x), shape));
  }
  if (opType === 'ReduceSum' && reduced === '0,1,2') {
    const sums = sumPixels(translation, x);
    return storeAs(node, shape.length === 1 ? sums : translation.reshape(sums, shape));
  }
  return null;
}

/** The mean of every image and channel of a blocked value, in the order [n, c]. */
export function averageImages(translation: Translation, stored: Stored): string {
  return translation.graph.add(
    'GlobalAveragePool',
    [translation.blocked(stored)],
    {},
    { domain: BLOCKED_DOMAIN },
  );
}

/** The sum over all images and pixels of a blocked value, [c]. */
function sumPixels(translation: Translation, stored: Stored): string {
  const { graph, channelBlock } = translation;
  if (stored.unpooled) return sumPixels(translation, stored.unpooled);
  const [batch, height, width, channels] = stored.shape as [number, number, number, number];
  const blocks = channels / channelBlock;
  const rows = translation.reshape(translation.blocked(stored), [
    batch * blocks,
    height * width,
    channelBlock,
  ]);
  const images = graph.add('ReduceSum', [rows, graph.integers([1])], { keepdims: 0 });
  return graph.add('ReduceSum', [translation.reshape(images, [batch, channels]), graph.integers([0])], {
    keepdims: 0,
  });
}

/** Whether channels and a spatial axis both remain: their order would differ between the layouts. */
function splitsChannels(axes: readonly number[]): boolean {
  return !axes.includes(3) && (!axes.includes(1) || !axes.includes(2));
}

/** In this version of ONNX only ReduceSum takes its axes as an input. */
function addReduction(
  translation: Translation,
  opType: string,
  { name, axes, keepDims }: { name: string; axes: readonly number[]; keepDims: boolean },
): string {
  if (axes.length === 0) return name;
  const keepdims = keepDims ? 1 : 0;
  if (opType === 'ReduceSum') {
    return translation.graph.add(opType, [name, translation.graph.integers(axes)], { keepdims });
  }
  return translation.graph.add(opType, [name], { axes, keepdims });
}
