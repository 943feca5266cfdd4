/**
 * What the translators of single operations share while a recorded step becomes an ONNX graph: which value
 * is stored where and how. TensorFlow.js keeps channels last, ONNX Runtime's convolutions want them first; so
 * every value knows in which order it is stored, and is transposed only where an operation forces it.
 */
import { invariant } from '@microtome/domain/app-error';
import type { TracedNode, TracedType, TracedValue } from '../trace/traced-node.ts';
import { BLOCKED_DOMAIN, type OnnxGraph } from './onnx-graph.ts';

/**
 * `plain`: axes as TensorFlow.js has them. `channelsFirst`: [n, h, w, c] is stored as [n, c, h, w].
 * `blocked`: ONNX Runtime's own order for convolutions, [n, c / b, h, w, b], under the shape [n, c, h, w]; b is
 * the width of the CPU's vectors, and c a multiple of it.
 */
export type Layout = 'plain' | 'channelsFirst' | 'blocked';

export type Stored = {
  /** As TensorFlow.js sees it, whatever the layout. */
  shape: readonly number[];
  dtype: TracedType;
  layout: Layout;
  /** Name in the graph; null while the value is one number throughout, or factored, and no operation needed it in full. */
  name: string | null;
  /** That number. */
  fill: number | null;
  /** The same value in other layouts, once an operation asked for them. */
  forms: Partial<Record<Layout, string>>;
  /** Set by the gradient of a pooling whose windows tile the image: a smaller value with the same sum. */
  unpooled?: Stored;
  /** Set by an operation that has taken in the bias which the next one adds. */
  includesBias?: boolean;
  /** A blocked value without its factors by channel, [c]; `name` is null until it has been written out. */
  factored?: { name: string; scale: string; writeOut: () => string };
  /** Set by an operation that has taken in the ReLU which the next one applies. */
  includesRelu?: boolean;
};

/** Translates one recorded operation; the result has one entry per output. */
export type Translator = (translation: Translation, node: TracedNode) => Stored[];

export class Translation {
  readonly graph: OnnxGraph;
  /** b of the blocked layout; 1 where it is not used. */
  readonly channelBlock: number;
  #own: ReadonlySet<TracedNode>;
  #consumers = new Map<TracedNode, TracedNode[]>();
  #stored = new Map<TracedNode, Stored[]>();
  #notes = new Map<TracedNode, unknown>();

  /** `nodes` are those that the outputs depend on, in recorded order; `own` those of them that this graph computes. */
  constructor(
    graph: OnnxGraph,
    nodes: readonly TracedNode[],
    { channelBlock, own = nodes }: { channelBlock: number; own?: readonly TracedNode[] },
  ) {
    this.graph = graph;
    this.channelBlock = channelBlock;
    this.#own = new Set(own);
    for (const node of nodes) {
      for (const { node: source } of node.inputs) {
        const consumers = this.#consumers.get(source) ?? [];
        this.#consumers.set(source, [...consumers, node]);
      }
    }
  }

  setOutputs(node: TracedNode, outputs: Stored[]): void {
    invariant(outputs.length === node.outputs.length, `${node.op} has ${node.outputs.length} outputs`);
    this.#stored.set(node, outputs);
  }

  read({ node, output }: TracedValue): Stored {
    const stored = this.#stored.get(node)?.[output];
    invariant(stored, `${node.op} was translated before its users`);
    return stored;
  }

  isTranslated(value: TracedValue): boolean {
    return this.#stored.has(value.node);
  }

  input(node: TracedNode, index: number): Stored {
    return this.read(getInput(node, index));
  }

  /** Whether this graph computes the node. */
  isOwn(node: TracedNode): boolean {
    return this.#own.has(node);
  }

  /** Those of other graphs too: what one of them needs is not taken into the next operation. */
  listConsumers(node: TracedNode): readonly TracedNode[] {
    return this.#consumers.get(node) ?? [];
  }

  /** What the translation of a forward operation leaves behind for that of its gradient. */
  setNote(node: TracedNode, note: unknown): void {
    this.#notes.set(node, note);
  }

  findNote(node: TracedNode): unknown {
    return this.#notes.get(node);
  }

  /** Whether values of so many channels can be stored blocked. */
  canBlock(...channels: number[]): boolean {
    return this.channelBlock > 1 && channels.every((count) => count % this.channelBlock === 0);
  }

  /** The value's name with axes as TensorFlow.js has them. */
  plain(stored: Stored): string {
    return this.inLayout(stored, 'plain');
  }

  /** The name of a rank-4 value stored as [n, c, h, w]. */
  channelsFirst(stored: Stored): string {
    return this.inLayout(stored, 'channelsFirst');
  }

  /** The name of a rank-4 value stored in blocks of channels, under the shape [n, c, h, w]. */
  blocked(stored: Stored): string {
    invariant(this.canBlock(getChannels(stored)), `channels of [${stored.shape}] come in blocks`);
    return this.inLayout(stored, 'blocked');
  }

  inLayout(stored: Stored, layout: Layout): string {
    const name = this.materialise(stored);
    if (stored.layout === layout) return name;
    const known = stored.forms[layout];
    if (known) return known;
    const converted = this.#convert(stored, name, layout);
    stored.forms[layout] = converted;
    return converted;
  }

  #convert(stored: Stored, name: string, layout: Layout): string {
    const { shape } = stored;
    invariant(shape.length === 4, `only rank 4 has several layouts, not [${shape}]`);
    // One pixel, or one axis alone: the numbers lie in the same order everywhere.
    if (isVector(shape) || isColumn(shape)) return this.reshape(name, layoutShape({ shape, layout }));
    if (layout === 'blocked') {
      const first = stored.layout === 'channelsFirst' ? name : this.channelsFirst(stored);
      return this.graph.add('ReorderInput', [first], { channels_last: 0 }, { domain: BLOCKED_DOMAIN });
    }
    if (stored.layout === 'blocked') {
      const attributes = { channels: getChannels(stored), channels_last: layout === 'plain' ? 1 : 0 };
      return this.graph.add('ReorderOutput', [name], attributes, { domain: BLOCKED_DOMAIN });
    }
    return this.transpose(name, layout === 'plain' ? [0, 2, 3, 1] : [0, 3, 1, 2]);
  }

  /** A blocked value as images and a factor by channel that they are still to be multiplied by, if any. */
  blockedFactors(stored: Stored): { name: string; scale: string | null } {
    if (stored.name === null && stored.factored) return stored.factored;
    return { name: this.blocked(stored), scale: null };
  }

  /** The value's name in whatever layout it has. */
  materialise(stored: Stored): string {
    if (stored.name === null && stored.factored) stored.name = stored.factored.writeOut();
    if (stored.name === null) {
      invariant(stored.fill !== null, 'a value without a name is a fill');
      const scalar = this.graph.scalar(stored.fill, stored.dtype);
      stored.name = stored.shape.length === 0 ? scalar : this.expand(scalar, layoutShape(stored));
    }
    return stored.name;
  }

  reshape(name: string, shape: readonly number[]): string {
    return this.graph.add('Reshape', [name, this.graph.integers(shape)]);
  }

  expand(name: string, shape: readonly number[]): string {
    return this.graph.add('Expand', [name, this.graph.integers(shape)]);
  }

  transpose(name: string, perm: readonly number[]): string {
    return this.graph.add('Transpose', [name], { perm });
  }
}

export function getInput(node: TracedNode, index: number): TracedValue {
  const value = node.inputs[index];
  invariant(value, `${node.op} has an input ${index}`);
  return value;
}

/** One result of the node, stored under a name. */
export function storeAs(node: TracedNode, name: string, layout: Layout = 'plain', output = 0): Stored {
  const described = node.outputs[output];
  invariant(described, `${node.op} has an output ${output}`);
  return { ...described, layout, name, fill: null, forms: {} };
}

export function storeFill(node: TracedNode, fill: number): Stored {
  const described = node.outputs[0];
  invariant(described, `${node.op} has an output`);
  return { ...described, layout: 'plain', name: null, fill, forms: {} };
}

export function toChannelsFirst(shape: readonly number[]): number[] {
  invariant(shape.length === 4, `only rank 4 has channels first, not [${shape}]`);
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return [batch, channels, height, width];
}

/** The shape in which the value lies in the graph. */
export function layoutShape({ shape, layout }: Pick<Stored, 'shape' | 'layout'>): readonly number[] {
  return layout === 'plain' ? shape : toChannelsFirst(shape);
}

/** Whether at most one axis is longer than 1: such a value lies the same in every layout. */
export function isVector(shape: readonly number[]): boolean {
  return shape.filter((length) => length !== 1).length <= 1;
}

/** [n, 1, 1, c]: one pixel per image, which lies the same in every layout. */
export function isColumn(shape: readonly number[]): boolean {
  return shape.length === 4 && shape[1] === 1 && shape[2] === 1;
}

export function getChannels({ shape }: Pick<Stored, 'shape'>): number {
  const channels = shape[shape.length - 1];
  invariant(channels, `[${shape}] has channels`);
  return channels;
}

export function equalShapes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
