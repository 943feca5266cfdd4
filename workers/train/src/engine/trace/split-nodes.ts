/** Splits a recording at one operation: what does not depend on its result, and what does. */
import type { TracedNode, TracedValue } from './traced-node.ts';

type SplitNodes = {
  before: readonly TracedNode[];
  /** With what has no inputs itself and is used there, as constants are. */
  after: readonly TracedNode[];
  /** What is computed before and used after. */
  between: readonly TracedValue[];
};

/** `nodes` in recorded order; the operation itself is on neither side. */
export function splitNodes(nodes: readonly TracedNode[], operation: TracedNode): SplitNodes {
  const dependent = new Set([operation]);
  for (const node of nodes) {
    if (node.inputs.some((input) => dependent.has(input.node))) dependent.add(node);
  }
  const after = nodes.filter((node) => dependent.has(node) && node !== operation);
  const used = after.flatMap(({ inputs }) => inputs).filter(({ node }) => !dependent.has(node));
  const sources = new Set(used.map(({ node }) => node).filter(({ inputs }) => inputs.length === 0));
  const between = used.filter(
    ({ node, output }, index) =>
      !sources.has(node) &&
      used.findIndex((value) => value.node === node && value.output === output) === index,
  );
  return {
    before: nodes.filter((node) => !dependent.has(node)),
    after: [...nodes.filter((node) => sources.has(node)), ...after],
    between,
  };
}
