/**
 * What the translators of single operations share while a recorded step becomes a TensorFlow graph: the names of what was
 * translated, and in which numbers it is stored. Under bf16 convolutions and dense layers work on bfloat16, and what follows
 * them goes on in it; whatever asks for a value by `read` or `input` gets float32.
 */
import { invariant } from '@microtome/domain/app-error';
import type { TracedNode, TracedType, TracedValue } from '../trace/traced-node.ts';
import { outputOf, type TensorflowAttribute, type TensorflowGraph } from './tensorflow-graph.ts';

/** Translates one recorded operation; gives the name of each output. */
export type Translator = (translation: Translation, node: TracedNode) => string[];

/** Those in which an operation on images works. */
export type Numbers = 'float32' | 'bfloat16';

export class Translation {
  readonly graph: TensorflowGraph;
  /** Those of convolutions and dense layers. */
  readonly numbers: Numbers;
  #names = new Map<TracedNode, string[]>();
  /** Names of what is stored in bfloat16. */
  #narrow = new Set<string>();

  constructor(graph: TensorflowGraph, numbers: Numbers = 'float32') {
    this.graph = graph;
    this.numbers = numbers;
  }

  setOutputs(node: TracedNode, names: string[]): void {
    invariant(names.length === node.outputs.length, `${node.op} has ${node.outputs.length} outputs`);
    this.#names.set(node, names);
  }

  /** In float32. */
  read(value: TracedValue): string {
    return this.convert(this.#find(value), 'float32');
  }

  #find({ node, output }: TracedValue): string {
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

  inputIn(numbers: Numbers, node: TracedNode, index: number): string {
    return this.convert(this.#find(getInput(node, index)), numbers);
  }

  /** bfloat16 where one of these inputs is: what works on images goes on in the numbers that it finds. */
  numbersOf(node: TracedNode, ...indexes: number[]): Numbers {
    const isNarrow = indexes.some((index) => this.#narrow.has(this.#find(getInput(node, index))));
    return isNarrow ? 'bfloat16' : 'float32';
  }

  convert(name: string, numbers: Numbers): string {
    const isNarrow = this.#narrow.has(name);
    if (isNarrow === (numbers === 'bfloat16')) return name;
    const [SrcT, DstT] = [{ type: isNarrow ? 'bfloat16' : 'float32' }, { type: numbers }] as const;
    return this.#mark(this.graph.add('Cast', [name], { SrcT, DstT }), numbers);
  }

  reshape(name: string, shape: readonly number[], dtype: TracedType | 'bfloat16' = 'float32'): string {
    const attributes = { T: { type: dtype }, Tshape: { type: 'int32' as const } };
    const reshaped = this.graph.add('Reshape', [name, this.graph.integers(shape)], attributes);
    return dtype === 'bfloat16' ? this.#mark(reshaped, dtype) : reshaped;
  }

  /** An operation on float32 with the attribute T. */
  compute(
    op: string,
    inputs: readonly string[],
    attributes: Record<string, TensorflowAttribute> = {},
  ): string {
    return this.computeIn('float32', op, inputs, attributes);
  }

  /** The same on such numbers, in which the inputs already are. */
  computeIn(
    numbers: Numbers,
    op: string,
    inputs: readonly string[],
    attributes: Record<string, TensorflowAttribute> = {},
  ): string {
    return this.#mark(this.graph.add(op, inputs, { T: { type: numbers }, ...attributes }), numbers);
  }

  #mark(name: string, numbers: Numbers): string {
    if (numbers === 'bfloat16') this.#narrow.add(name);
    return name;
  }

  /** The same, for one with several outputs: the names of the first `count`, of which the first alone is of these numbers. */
  computeMany(
    { count, numbers }: { count: number; numbers: Numbers },
    op: string,
    inputs: readonly string[],
    attributes: Record<string, TensorflowAttribute>,
  ): string[] {
    const name = this.computeIn(numbers, op, inputs, attributes);
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
