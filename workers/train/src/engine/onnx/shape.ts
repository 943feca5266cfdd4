/** Translations of constants and of operations that only move or rename numbers. */
import type { TracedNode } from '../trace/traced-node.ts';
import {
  equalShapes,
  isColumn,
  isVector,
  type Stored,
  storeAs,
  storeFill,
  type Translation,
  type Translator,
} from './translation.ts';

export const SHAPE_TRANSLATORS: Readonly<Record<string, Translator>> = {
  Constant: translateConstant,
  Fill: translateFill,
  ZerosLike: translateFill,
  OnesLike: translateFill,
  Reshape: translateReshape,
  ExpandDims: translateReshape,
  Transpose: (translation, node) => {
    const { perm } = node.attributes as { perm: number[] };
    return [storeAs(node, translation.transpose(translation.plain(translation.input(node, 0)), perm))];
  },
};

function translateConstant(translation: Translation, node: TracedNode): Stored[] {
  const { values } = node.attributes as { values: number[] };
  const first = values[0] ?? 0;
  if (values.every((value) => value === first)) return [storeFill(node, first)];
  return [storeAs(node, translation.graph.floats(values, node.outputs[0]?.shape ?? []))];
}

function translateFill(_translation: Translation, node: TracedNode): Stored[] {
  return [storeFill(node, (node.attributes as { value: number }).value)];
}

function translateReshape(translation: Translation, node: TracedNode): Stored[] {
  const x = translation.input(node, 0);
  const shape = node.outputs[0]?.shape ?? [];
  if (x.name === null && x.fill !== null) return [storeFill(node, x.fill)];
  if (equalShapes(x.shape, shape)) return [{ ...x }];
  const orderMatters = x.layout !== 'plain' && !isVector(x.shape) && !isColumn(x.shape);
  const name = orderMatters ? translation.plain(x) : translation.materialise(x);
  return [storeAs(node, translation.reshape(name, shape))];
}
