/** Translations of matrix products. */
import type { TracedNode } from '../trace/traced-node.ts';
import { findFollowingBias } from './following.ts';
import { getInput, type Stored, storeAs, type Translation, type Translator } from './translation.ts';

export const MATMUL_TRANSLATORS: Readonly<Record<string, Translator>> = { BatchMatMul: translateMatMul };

type MatMulAttributes = { transposeA: boolean; transposeB: boolean };

/** The bias that the next operation adds, if it is the only user, is taken into the product. */
function translateMatMul(translation: Translation, node: TracedNode): Stored[] {
  const { transposeA, transposeB } = node.attributes as MatMulAttributes;
  const a = translation.plain(translation.input(node, 0));
  const b = translation.plain(translation.input(node, 1));
  const attributes = { transA: transposeA ? 1 : 0, transB: transposeB ? 1 : 0 };
  const rank = getInput(node, 0).node.outputs[getInput(node, 0).output]?.shape.length;
  if (rank !== 2) {
    return [
      storeAs(node, translation.graph.add('FusedMatMul', [a, b], attributes, { domain: 'com.microsoft' })),
    ];
  }
  const bias = findFollowingBias(translation, node);
  const name = translation.graph.add('Gemm', bias ? [a, b, bias] : [a, b], attributes);
  return [{ ...storeAs(node, name), includesBias: bias !== null }];
}
