/** What the translators of single operations share while a recorded step becomes a TensorFlow graph. */
import { invariant } from '@microtome/domain/app-error';
import type { TracedNode, TracedType, TracedValue } from '../trace/traced-node.ts';
import { outputOf, type TensorflowAttribute, type TensorflowGraph } from './tensorflow-graph.ts';

/** Translates one recorded operation; gives the name of each output. */
export type Translator = (translation: Translation, node: TracedNode) => string[];

export class Translation {
  readonly graph: TensorflowGraph;
  #names = new Map<TracedNode, string[]>();

  constructor(graph: TensorflowGraph) {
    this.graph = graph;
  }

  setOutputs(node: TracedNode, names: string[]): void {
    invariant(names.length === node.outputs.length, `${node.op} has ${node.outputs.length} outputs`);
    this.#names.set(node, names);
  }

  read({ node, output }: TracedValue): string {
    const name = this.#names.get(node)?.[output];
    invariant(name, `${node.op} was translated before its users`);
    return name;
  }

  input(node: TracedNode, index: number): string {
    return this.read(getInput(node, index));
  }

  listInputs(node: TracedNode): string[] {
    return node.inputs.map((value) => this.read(value));
  }

  reshape(name: string, shape: readonly number[], dtype: TracedType = 'float32'): string {
    const attributes = { T: { type: dtype }, Tshape: { type: 'int32' as const } };
    return this.graph.add('Reshape', [name, this.graph.integers(shape)], attributes);
  }

  /** An operation on float32 with the attribute T. */
  compute(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, TensorflowAttribute> = {},
  ): string {
    return this.graph.add(op, inputs, { T: { type: 'float32' }, ...attributes });
  }

  /** The same, for one with several outputs: the names of the first `count`. */
  computeMany(
    op: string,
    inputs: readonly string[],
    { count, ...attributes }: { count: number } & Record<string, TensorflowAttribute | number>,
  ): string[] {
    const name = this.compute(op, inputs, attributes as Record<string, TensorflowAttribute>);
    return Array.from({ length: count }, (_, index) => outputOf(name, index));
  }
}

export function getInput(node: TracedNode, index: number): TracedValue {
  const value = node.inputs[index];
  invariant(value, `${node.op} has an input ${index}`);
  return value;
}

export function inputShape(node: TracedNode, index: number): readonly number[] {
  const { node: source, output } = getInput(node, index);
  return source.outputs[output]?.shape ?? [];
}

export function outputShape(node: TracedNode, output = 0): readonly number[] {
  return node.outputs[output]?.shape ?? [];
}
