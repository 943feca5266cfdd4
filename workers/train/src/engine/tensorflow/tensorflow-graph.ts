/**
 * Builds a TensorFlow graph node by node and writes it as a SavedModel in text form, which TensorFlow loads as it does
 * the binary one. Equal operations without an effect are made once, so translations may ask for what they need.
 */
import { invariant } from '@microtome/domain/app-error';

/** Version of the graph format (GRAPH_DEF_VERSION) that the operations are meant in. TensorFlow 2.21 reads 0 to 2474. */
const GRAPH_PRODUCER = 1087;
export const GRAPH_TAG = 'serve';

/** Types of which a graph has constants and inputs. */
type GivenType = 'float32' | 'int32' | 'bool' | 'uint8';
type TensorflowType = GivenType | 'bfloat16';

const TYPE_NAMES: Readonly<Record<TensorflowType, string>> = {
  float32: 'DT_FLOAT',
  bfloat16: 'DT_BFLOAT16',
  int32: 'DT_INT32',
  bool: 'DT_BOOL',
  uint8: 'DT_UINT8',
};
const VALUE_FIELDS = { float32: 'float_val', int32: 'int_val', bool: 'bool_val', uint8: 'int_val' } as const;

export type TensorflowAttribute =
  | boolean
  | string
  | { int: number }
  | { float: number }
  | { ints: readonly number[] }
  | { type: TensorflowType }
  | { shape: readonly number[] }
  | { tensor: { values: readonly number[]; shape: readonly number[]; dtype: GivenType } };

type TensorflowAttributes = Readonly<Record<string, TensorflowAttribute>>;

type GraphNode = {
  name: string;
  op: string;
  inputs: readonly string[];
  attributes: TensorflowAttributes;
};

export class TensorflowGraph {
  #nodes: GraphNode[] = [];
  #known = new Map<string, string>();

  /** Adds an operation and gives its name, which stands for its first output; `output` names the others. */
  add(op: string, inputs: readonly string[], attributes: TensorflowAttributes = {}): string {
    const key = JSON.stringify([op, inputs, attributes]);
    const known = this.#known.get(key);
    if (known) return known;
    const name = `${op}_${this.#nodes.length}`;
    this.#nodes.push({ name, op, inputs, attributes });
    this.#known.set(key, name);
    return name;
  }

  /** What is fed when the graph runs. */
  addInput(dtype: GivenType, shape: readonly number[]): string {
    const name = `Placeholder_${this.#nodes.length}`;
    const attributes = { dtype: { type: dtype }, shape: { shape } };
    this.#nodes.push({ name, op: 'Placeholder', inputs: [], attributes });
    return name;
  }

  /** A variable of the session that runs the graph; gives its handle. */
  addVariable(name: string, shape: readonly number[]): string {
    return this.add('VarHandleOp', [], {
      dtype: { type: 'float32' },
      shape: { shape },
      shared_name: name,
      container: '',
    });
  }

  constant(values: readonly number[], shape: readonly number[], dtype: GivenType = 'float32'): string {
    return this.add('Const', [], { dtype: { type: dtype }, value: { tensor: { values, shape, dtype } } });
  }

  /** A list of int32, the type in which operations take shapes and axes. */
  integers(values: readonly number[]): string {
    return this.constant(values, [values.length], 'int32');
  }

  /** A value whose fetching waits for the operations `after`. */
  addBarrier(value: string, after: readonly string[]): string {
    return this.add('Identity', [value, ...after.map((name) => `^${name}`)], { T: { type: 'float32' } });
  }

  /** The text of `saved_model.pbtxt`. */
  encode(): string {
    return [
      'saved_model_schema_version: 1',
      'meta_graphs {',
      `meta_info_def { tags: "${GRAPH_TAG}" }`,
      'graph_def {',
      ...this.#nodes.map(encodeNode),
      `versions { producer: ${GRAPH_PRODUCER} }`,
      '} }',
    ].join('\n');
  }
}

/** The name of an operation's further output. */
export function outputOf(operation: string, index: number): string {
  return index === 0 ? operation : `${operation}:${index}`;
}

function encodeNode({ name, op, inputs, attributes }: GraphNode): string {
  const parts = [
    `name: "${name}" op: "${op}"`,
    ...inputs.map((input) => `input: "${input}"`),
    ...Object.entries(attributes).map(
      ([key, value]) => `attr { key: "${key}" value { ${encodeAttribute(value)} } }`,
    ),
  ];
  return `node { ${parts.join(' ')} }`;
}

function encodeAttribute(value: TensorflowAttribute): string {
  if (typeof value === 'boolean') return `b: ${value}`;
  if (typeof value === 'string') return `s: "${value}"`;
  if ('int' in value) return `i: ${value.int}`;
  if ('float' in value) return `f: ${value.float}`;
  if ('ints' in value) return `list { ${value.ints.map((int) => `i: ${int}`).join(' ')} }`;
  if ('type' in value) return `type: ${TYPE_NAMES[value.type]}`;
  if ('shape' in value) return `shape { ${encodeShape(value.shape)} }`;
  return encodeTensor(value.tensor);
}

function encodeShape(shape: readonly number[]): string {
  return shape.map((size) => `dim { size: ${size} }`).join(' ');
}

/** A single value stands for all. */
function encodeTensor(tensor: { values: readonly number[]; shape: readonly number[]; dtype: GivenType }) {
  const { values, shape, dtype } = tensor;
  invariant(values.every(Number.isFinite), 'constants of a graph are finite');
  const field = VALUE_FIELDS[dtype];
  const listed = values.map((value) => `${field}: ${dtype === 'bool' ? value !== 0 : value}`).join(' ');
  return `tensor { dtype: ${TYPE_NAMES[dtype]} tensor_shape { ${encodeShape(shape)} } ${listed} }`;
}
