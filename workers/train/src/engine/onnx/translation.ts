/**
 * What the translators of single operations share while a recorded step becomes an ONNX graph: which value
 * is stored where and how. TensorFlow.js keeps channels last, ONNX Runtime's convolutions want them first; so
 * every value knows in which order it is stored, and is transposed only where an operation forces it.
 */
import { invariant } from '@microtome/domain/app-error';
import type { OnnxGraph } from './onnx-graph.ts';
import type { TracedNode, TracedType, TracedValue } from './trace-backend.ts';

/** `plain`: axes as TensorFlow.js has them. `channelsFirst`: [n, h, w, c] is stored as [n, c, h, w]. */
export type Layout = 'plain' | 'channelsFirst';

export type Stored = {
  /** As TensorFlow.js sees it, whatever the layout. */
  shape: readonly number[];
  dtype: TracedType;
  layout: Layout;
  /** Name in the graph; null while the value is one number throughout and nobody needed it in full. */
  name: string | null;
  /** That number. */
  fill: number | null;
  /** The same value in the other layout, once somebody asked for it. */
  transposed?: string;
  /** Set by a convolution that has taken in the bias which the next operation adds. */
  includesBias?: boolean;
};

/** Translates one recorded operation; the result has one entry per output. */
export type Translator = (translation: Translation, node: TracedNode) => Stored[];

export class Translation {
  readonly graph: OnnxGraph;
  #consumers = new Map<TracedNode, TracedNode[]>();
  #stored = new Map<TracedNode, Stored[]>();
  #notes = new Map<TracedNode, unknown>();

  /** `nodes` are those that the outputs depend on, in recorded order. */
  constructor(graph: OnnxGraph, nodes: readonly TracedNode[]) {
    this.graph = graph;
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

  /** The value's name with axes as TensorFlow.js has them. */
  plain(stored: Stored): string {
    const name = this.materialise(stored);
    if (stored.layout === 'plain') return name;
    stored.transposed ??= isVector(stored.shape)
      ? this.reshape(name, stored.shape)
      : this.graph.add('Transpose', [name], { perm: [0, 2, 3, 1] });
    return stored.transposed;
  }

  /** The name of a rank-4 value stored as [n, c, h, w]. */
  channelsFirst(stored: Stored): string {
    invariant(stored.shape.length === 4, `only rank 4 has channels first, not [${stored.shape}]`);
    const name = this.materialise(stored);
    if (stored.layout === 'channelsFirst') return name;
    stored.transposed ??= isVector(stored.shape)
      ? this.reshape(name, toChannelsFirst(stored.shape))
      : this.graph.add('Transpose', [name], { perm: [0, 3, 1, 2] });
    return stored.transposed;
  }

  inLayout(stored: Stored, layout: Layout): string {
    return layout === 'plain' ? this.plain(stored) : this.channelsFirst(stored);
  }

  /** The value's name in whatever layout it has. */
  materialise(stored: Stored): string {
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
  return { ...described, layout, name, fill: null };
}

export function storeFill(node: TracedNode, fill: number): Stored {
  const described = node.outputs[0];
  invariant(described, `${node.op} has an output`);
  return { ...described, layout: 'plain', name: null, fill };
}

export function toChannelsFirst(shape: readonly number[]): number[] {
  invariant(shape.length === 4, `only rank 4 has channels first, not [${shape}]`);
  const [batch, height, width, channels] = shape as [number, number, number, number];
  return [batch, channels, height, width];
}

/** The shape in which the value lies in the graph. */
export function layoutShape({ shape, layout }: Pick<Stored, 'shape' | 'layout'>): readonly number[] {
  return layout === 'channelsFirst' ? toChannelsFirst(shape) : shape;
}

/** Whether at most one axis is longer than 1: such a value lies the same in every layout. */
export function isVector(shape: readonly number[]): boolean {
  return shape.filter((length) => length !== 1).length <= 1;
}

export function equalShapes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((length, axis) => length === b[axis]);
}
