/** Translations of sums, means and extremes over axes. */
import type { TracedNode } from './trace-backend.ts';
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
  const keepsOrder = keepDims || !splitsChannels(axes);
  if (x.layout === 'channelsFirst' && keepsOrder) {
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
