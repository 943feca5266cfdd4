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
import { Translation, type Translator } from './translation.ts';

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
};

/** Adds to the graph all that the outputs depend on. INTERNAL when an operation has no translation. */
export function translateNodes(request: TranslationRequest): void {
  const { graph, nodes, outputs, bindInput, channelBlock } = request;
  const live = findLiveNodes(nodes, [...outputs.values()]);
  const translation = new Translation(graph, live, channelBlock);
  for (const node of live) {
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
}
