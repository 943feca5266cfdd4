/** Drops recorded operations that no output depends on: mostly gradients of inputs. */
import type { TracedNode, TracedValue } from './traced-node.ts';

/** The nodes that the outputs depend on, in recorded order. */
export function findLiveNodes(nodes: readonly TracedNode[], outputs: readonly TracedValue[]): TracedNode[] {
  const live = new Set<TracedNode>();
  const open = outputs.map(({ node }) => node);
  for (let node = open.pop(); node; node = open.pop()) {
    if (live.has(node)) continue;
    live.add(node);
    open.push(...node.inputs.map((input) => input.node));
  }
  return nodes.filter((node) => live.has(node));
}
