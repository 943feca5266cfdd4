/**
 * What a part of a batch is computed by, one after the other: a graph, and where a max pooling with overlapping windows
 * stands nearest to the images, its gradient by WebAssembly and a second graph for what follows. ONNX Runtime has no such
 * gradient, and a graph needs two dozen passes over the largest images of the network for it.
 */
import { invariant } from '@microtome/domain/app-error';
import { findLiveNodes } from '../../trace/live-nodes.ts';
import { splitNodes } from '../../trace/split-nodes.ts';
import type { TracedGradients } from '../../trace/traced-gradients.ts';
import type { TracedNode, TracedValue } from '../../trace/traced-node.ts';
import { IMAGES } from '../../trace/traced-step.ts';
import type { WindowInfo } from '../../trace/traced-windows.ts';
import { OnnxGraph } from '../onnx-graph.ts';
import { type GraphShare, shareLayout, translateNodes } from '../translate.ts';
import { getChannels, getInput, layoutShape } from '../translation.ts';
import { VECTOR_LANES } from './kernel-limits.ts';
import { LOSS_OUTPUT, nameGradient, nameMoved } from './network-memory.ts';

/** Tensors are named; each part has its own under the same names. */
export type Stage =
  | { kind: 'graph'; bytes: Uint8Array }
  | { kind: 'maxPoolGradient'; x: string; y: string; dy: string; target: string; window: PooledWindow };

/** Images as the kernel takes them: `planes` of them, each [height, width, channels]. */
export type PooledWindow = Pick<
  WindowInfo,
  | 'inHeight'
  | 'inWidth'
  | 'outHeight'
  | 'outWidth'
  | 'filterHeight'
  | 'filterWidth'
  | 'strideHeight'
  | 'strideWidth'
> & { planes: number; channels: number; padTop: number; padLeft: number };

type PlannedStages = {
  stages: Stage[];
  /** What the stages hand to each other. */
  between: { name: string; shape: readonly number[] }[];
};

export function planStages(traced: TracedGradients, channelBlock: number): PlannedStages {
  const outputs = listOutputs(traced);
  const nodes = findLiveNodes(traced.nodes, [...outputs.values()]);
  const pooling = nodes.findLast(({ op }) => op === 'MaxPoolGrad');
  // What batch norm finds out on its way forward would have to be handed on.
  if (!pooling || !canCut(pooling) || traced.statistics.size > 0) {
    return { stages: [encodeStage({ nodes, outputs, channelBlock })], between: [] };
  }
  return cutStages({ nodes, outputs, channelBlock }, pooling);
}

/** The last layer's gradients first, as soon as they can be: they are computed from what the step has just made. */
function listOutputs({ loss, gradients, statistics }: TracedGradients): Map<string, TracedValue> {
  return new Map([
    ...[...gradients].reverse().map(([name, value]) => [nameGradient(name), value] as const),
    [LOSS_OUTPUT, loss] as const,
    ...[...statistics].map(([name, value]) => [nameMoved(name), value] as const),
  ]);
}

function canCut(pooling: TracedNode): boolean {
  const { filterHeight, strideHeight, filterWidth, strideWidth, inChannels } = readWindow(pooling);
  const overlaps = filterHeight > strideHeight || filterWidth > strideWidth;
  return overlaps && inChannels % VECTOR_LANES === 0;
}

type Graph = {
  nodes: readonly TracedNode[];
  outputs: ReadonlyMap<string, TracedValue>;
  channelBlock: number;
};

function cutStages({ nodes, outputs, channelBlock }: Graph, pooling: TracedNode): PlannedStages {
  const { before, after, between } = splitNodes(nodes, pooling);
  const [dy, x, y] = [0, 1, 2].map((index) => getInput(pooling, index)) as [
    TracedValue,
    TracedValue,
    TracedValue,
  ];
  const names = new Map<string, TracedValue>();
  const nameValue = (value: TracedValue): string => {
    const known = [...names].find(([, { node, output }]) => node === value.node && output === value.output);
    if (known) return known[0];
    const name = `between:${names.size}`;
    names.set(name, value);
    return name;
  };
  const stage = { kind: 'maxPoolGradient' as const, x: nameValue(x), y: nameValue(y), dy: nameValue(dy) };
  for (const value of between) nameValue(value);
  const given = new Map(names);
  const result = { node: pooling, output: 0 };
  const target = nameValue(result);
  const late = new Set(after);
  const select = (isLate: boolean) =>
    new Map([...outputs].filter(([, { node }]) => late.has(node) === isLate));
  const [early, rest] = [select(false), select(true)];
  return {
    stages: [
      encodeStage({ nodes, outputs: early, channelBlock }, { nodes: before, given, taken: new Map() }),
      { ...stage, target, window: describeWindow(pooling, channelBlock) },
      encodeStage(
        { nodes, outputs: rest, channelBlock },
        { nodes: after, given: new Map(), taken: names, unpooled: { large: result, small: dy } },
      ),
    ],
    between: [...names].map(([name, { node, output }]) => {
      const shape = node.outputs[output]?.shape ?? [];
      return { name, shape: layoutShape({ shape, layout: shareLayout(shape, channelBlock) }) };
    }),
  };
}

function encodeStage({ nodes, outputs, channelBlock }: Graph, share?: GraphShare): Stage {
  const graph = new OnnxGraph();
  translateNodes({
    graph,
    nodes,
    outputs,
    bindInput: (name, shape) =>
      name === IMAGES ? graph.addByteInput(name, shape) : graph.addInput(name, shape),
    channelBlock,
    ...(share ? { share } : {}),
  });
  return { kind: 'graph', bytes: graph.encode() };
}

function readWindow(node: TracedNode): WindowInfo {
  return (node.attributes as { info: WindowInfo }).info;
}

function describeWindow(pooling: TracedNode, channelBlock: number): PooledWindow {
  const info = readWindow(pooling);
  const shape = pooling.outputs[0]?.shape ?? [];
  invariant(getChannels({ shape }) === info.inChannels, 'pooling keeps the channels');
  const channels = shareLayout(shape, channelBlock) === 'blocked' ? channelBlock : info.inChannels;
  const { inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth } =
    info;
  return {
    ...{ inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, strideHeight, strideWidth },
    planes: (info.batchSize * info.inChannels) / channels,
    channels,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
  };
}
