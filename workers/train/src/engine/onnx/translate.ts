/** Turns recorded operations into an ONNX graph, operation by operation; one without a translator is an error. */
import { AppError } from '@microtome/domain/app-error';
import { findLiveNodes } from '../trace/live-nodes.ts';
import type { TracedNode, TracedValue } from '../trace/traced-node.ts';
import { BATCH_NORM_TRANSLATORS } from './batch-norm.ts';
import { CONVOLUTION_TRANSLATORS } from './convolution.ts';
import { DEPTHWISE_TRANSLATORS } from './depthwise-convolution.ts';
import { ELEMENTWISE_TRANSLATORS } from './elementwise.ts';
import { MATMUL_TRANSLATORS } from './matmul.ts';
import type { OnnxGraph } from './onnx-graph.ts';
import { POOLING_TRANSLATORS } from './pooling.ts';
import { REDUCTION_TRANSLATORS } from './reduction.ts';
import { SHAPE_TRANSLATORS } from './shape.ts';
import { getChannels, layoutShape, type Stored, Translation, type Translator } from './translation.ts';

const TRANSLATORS: Readonly<Record<string, Translator>> = {
  ...BATCH_NORM_TRANSLATORS,
  ...CONVOLUTION_TRANSLATORS,
  ...DEPTHWISE_TRANSLATORS,
  ...ELEMENTWISE_TRANSLATORS,
  ...MATMUL_TRANSLATORS,
  ...POOLING_TRANSLATORS,
  ...REDUCTION_TRANSLATORS,
  ...SHAPE_TRANSLATORS,
};

type TranslationRequest = {
  graph: OnnxGraph;
  nodes: readonly TracedNode[];
  /** Name in the graph's outputs → recorded value. */
  outputs: ReadonlyMap<string, TracedValue>;
  /** Puts a recorded input into the graph (as an input or as a weight) and gives its name. */
  bindInput: (name: string, shape: readonly number[]) => string;
  /** Block of the blocked layout; 1 leaves the choice of layouts to ONNX Runtime. */
  channelBlock: number;
  /** Where another graph computes a part of it. */
  share?: GraphShare;
};

/** Which of the recorded operations a graph computes, where it shares them with another one. */
export type GraphShare = {
  nodes: readonly TracedNode[];
  /** What it gives to others: name → value, in the layout that `shareLayout` says. */
  given: ReadonlyMap<string, TracedValue>;
  /** What it takes from others in that layout. */
  taken: ReadonlyMap<string, TracedValue>;
  /** Two of the taken values that have the same sum, of which one is smaller. */
  unpooled?: { large: TracedValue; small: TracedValue };
};

/** Adds to the graph all that the outputs depend on. INTERNAL when an operation has no translation. */
export function translateNodes(request: TranslationRequest): void {
  const { graph, nodes, outputs, bindInput, channelBlock, share } = request;
  const live = findLiveNodes(nodes, [...outputs.values(), ...(share?.given.values() ?? [])]);
  const own = share?.nodes ?? live;
  const translation = new Translation(graph, share ? nodes : live, { channelBlock, own });
  for (const [name, value] of share?.taken ?? []) takeValue(translation, name, value);
  if (share?.unpooled)
    translation.read(share.unpooled.large).unpooled = translation.read(share.unpooled.small);
  for (const node of own) {
    const translator = node.op === 'Input' ? null : TRANSLATORS[node.op];
    if (translator === undefined) {
      throw new AppError('INTERNAL', `The operation '${node.op}' has no translation to ONNX.`);
    }
    const stored =
      translator?.(translation, node) ??
      node.outputs.map((output) => ({
        ...output,
        layout: 'plain' as const,
        name: bindInput(String(node.attributes.name), output.shape),
        fill: null,
        forms: {},
      }));
    translation.setOutputs(node, stored);
  }
  for (const [name, value] of outputs) {
    const stored = translation.read(value);
    graph.addOutput(name, translation.plain(stored), stored.shape);
  }
  for (const [name, value] of share?.given ?? []) {
    const stored = translation.read(value);
    const layout = shareLayout(stored.shape, channelBlock);
    graph.addOutput(name, translation.inLayout(stored, layout), layoutShape({ shape: stored.shape, layout }));
  }
}

/** How a value lies between two graphs. */
export function shareLayout(shape: readonly number[], channelBlock: number): 'blocked' | 'plain' {
  return shape.length === 4 && channelBlock > 1 && getChannels({ shape }) % channelBlock === 0
    ? 'blocked'
    : 'plain';
}

function takeValue(translation: Translation, name: string, { node, output }: TracedValue): void {
  const stored = node.outputs.map((described, index): Stored => {
    const layout = shareLayout(described.shape, translation.channelBlock);
    const shape = layoutShape({ shape: described.shape, layout });
    const isTaken = index === output;
    return {
      ...described,
      layout,
      name: isTaken ? translation.graph.addInput(name, shape) : null,
      fill: null,
      forms: {},
    };
  });
  translation.setOutputs(node, stored);
}
