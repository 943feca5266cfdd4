/**
 * Builds an ONNX graph node by node and encodes it. Equal constants and equal operations are made once, so
 * translations may ask for what they need without checking for duplicates.
 */
import { invariant } from '@microtome/domain/app-error';
import onnxProto, { type onnx } from 'onnx-proto';

const OPSET = 17;
const IR_VERSION = 8;
/** ONNX Runtime's own operations. */
export const MICROSOFT_DOMAIN = 'com.microsoft';
/** ONNX Runtime's operations on its blocked layout of channels. */
export const BLOCKED_DOMAIN = 'com.microsoft.nchwc';
const LARGEST_SHARED_CONSTANT = 64;

type OnnxType = 'float32' | 'uint8' | 'int32' | 'int64' | 'bool';

const ELEMENT_TYPES: Readonly<Record<OnnxType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
};

/** Whole numbers are integers unless wrapped as `{ float }`. */
export type OnnxAttribute =
  | number
  | string
  | readonly number[]
  | { float: number }
  | { floats: readonly number[] };

type GraphNode = {
  opType: string;
  domain: string;
  inputs: readonly string[];
  outputs: string[];
  attributes: Readonly<Record<string, OnnxAttribute>>;
};

type GraphValue = { name: string; shape: readonly number[]; dtype: OnnxType };
type GraphOutput = GraphValue & { source: string };
type Initializer = GraphValue & { bytes: Uint8Array };

type OperationOptions = { outputs?: number; domain?: string };

export class OnnxGraph {
  #nodes: GraphNode[] = [];
  #inputs = new Map<string, GraphValue>();
  #outputs: GraphOutput[] = [];
  #initializers = new Map<string, Initializer>();
  #known = new Map<string, string[]>();
  #count = 0;

  addInput(name: string, shape: readonly number[], dtype: OnnxType = 'float32'): string {
    this.#inputs.set(name, { name, shape, dtype });
    return name;
  }

  /** An input of bytes that the rest of the graph sees as float32. */
  addByteInput(name: string, shape: readonly number[]): string {
    return this.add('Cast', [this.addInput(name, shape, 'uint8')], { to: ELEMENT_TYPES.float32 });
  }

  /** A weight that is part of the model: a constant for the optimizer of ONNX Runtime, so that it can be folded. */
  addWeight(name: string, shape: readonly number[], values: Float32Array): string {
    this.#initializers.set(name, { name, shape, dtype: 'float32', bytes: toBytes(values) });
    return name;
  }

  /** Names the value `source` as an output of the graph. Outputs are computed in the order in which they are named. */
  addOutput(name: string, source: string, shape: readonly number[]): void {
    this.#outputs.push({ name, source, shape, dtype: 'float32' });
  }

  /** Adds an operation with one result and gives its name. */
  add(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    options: OperationOptions = {},
  ): string {
    const [output] = this.addMany(opType, inputs, attributes, options);
    invariant(output, `${opType} has a result`);
    return output;
  }

  addMany(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
    { outputs = 1, domain = '' }: OperationOptions = {},
  ): string[] {
    const key = JSON.stringify([opType, inputs, attributes, outputs, domain]);
    const known = this.#known.get(key);
    if (known) return known;
    const names = Array.from({ length: outputs }, () => `t${this.#count++}`);
    this.#nodes.push({ opType, domain, inputs, outputs: names, attributes });
    this.#known.set(key, names);
    return names;
  }

  floats(values: ArrayLike<number>, shape: readonly number[]): string {
    return this.#addConstant(toBytes(Float32Array.from(values)), { shape, dtype: 'float32' });
  }

  scalar(value: number, dtype: OnnxType = 'float32'): string {
    if (dtype === 'float32') return this.floats([value], []);
    if (dtype === 'bool') return this.#addConstant(Uint8Array.of(value ? 1 : 0), { shape: [], dtype });
    return this.#addConstant(toBytes(Int32Array.of(value)), { shape: [], dtype: 'int32' });
  }

  /** A list of int64, the type in which ONNX takes shapes, axes and pads. */
  integers(values: readonly number[]): string {
    const bytes = toBytes(BigInt64Array.from(values, (value) => BigInt(value)));
    return this.#addConstant(bytes, { shape: [values.length], dtype: 'int64' });
  }

  encode(): Uint8Array {
    const describeValue = ({ name, shape, dtype }: GraphValue) => ({
      name,
      type: {
        tensorType: {
          elemType: ELEMENT_TYPES[dtype],
          shape: { dim: shape.map((dimValue) => ({ dimValue })) },
        },
      },
    });
    const graph = {
      name: 'microtome',
      node: this.#orderNodes().map(describeNode),
      initializer: [...this.#initializers.values()].map(({ name, shape, dtype, bytes }) => ({
        name,
        dims: [...shape],
        dataType: ELEMENT_TYPES[dtype],
        rawData: bytes,
      })),
      input: [...this.#inputs.values()].map(describeValue),
      output: this.#outputs.map(describeValue),
    };
    const used = new Set(this.#nodes.map(({ domain }) => domain));
    const runtimeDomains = [MICROSOFT_DOMAIN, BLOCKED_DOMAIN].filter((domain) => used.has(domain));
    const opsetImport = [
      { domain: '', version: OPSET },
      ...runtimeDomains.map((domain) => ({ domain, version: 1 })),
    ];
    return onnxProto.onnx.ModelProto.encode({ irVersion: IR_VERSION, opsetImport, graph }).finish();
  }

  /**
   * ONNX Runtime begins with what the last node needs. So nodes that end in outputs come last, that of the first output
   * at the very end: each output is computed as soon as it can be, while what it is made of is still in the caches.
   */
  #orderNodes(): GraphNode[] {
    const renamed = this.#nameOutputs();
    const rename = (name: string) => renamed.get(name) ?? name;
    const nodes = this.#nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map(rename),
      outputs: node.outputs.map(rename),
    }));
    const used = new Set(nodes.flatMap(({ inputs }) => inputs));
    const isEnd = ({ outputs: [output = '', ...others] }: GraphNode) =>
      others.length === 0 && !used.has(output);
    const ends = new Map(nodes.filter(isEnd).map((node) => [node.outputs[0], node]));
    const last = this.#outputs.flatMap(({ name, source }): GraphNode[] => {
      const end = ends.get(name);
      if (end) return [end];
      if (renamed.get(source) === name) return [];
      return [{ opType: 'Identity', domain: '', inputs: [rename(source)], outputs: [name], attributes: {} }];
    });
    return [...nodes.filter((node) => !isEnd(node)), ...last.reverse()];
  }

  /** Results that bear the name of an output themselves, so that they need not be copied: by their names so far. */
  #nameOutputs(): Map<string, string> {
    const made = new Set(this.#nodes.flatMap(({ outputs }) => outputs));
    const names = new Map<string, string>();
    for (const { name, source } of this.#outputs) {
      if (made.has(source) && !names.has(source)) names.set(source, name);
    }
    return names;
  }

  #addConstant(bytes: Uint8Array, { shape, dtype }: { shape: readonly number[]; dtype: OnnxType }): string {
    const shared = bytes.length <= LARGEST_SHARED_CONSTANT * 4;
    const key = shared ? `${dtype}[${shape}]${Buffer.from(bytes).toString('hex')}` : '';
    const known = shared ? this.#known.get(key)?.[0] : undefined;
    if (known) return known;
    const name = `c${this.#count++}`;
    this.#initializers.set(name, { name, shape, dtype, bytes });
    if (shared) this.#known.set(key, [name]);
    return name;
  }
}

function toBytes(values: Float32Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

function describeNode({ opType, domain, inputs, outputs, attributes }: GraphNode): onnx.INodeProto {
  return {
    opType,
    domain,
    name: `${opType}_${outputs[0]}`,
    input: [...inputs],
    output: outputs,
    attribute: Object.entries(attributes).map(([name, value]) => describeAttribute(name, value)),
  };
}

function describeAttribute(name: string, value: OnnxAttribute): onnx.IAttributeProto {
  const { AttributeType } = onnxProto.onnx.AttributeProto;
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value };
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) };
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float };
  if ('floats' in value) return { name, type: AttributeType.FLOATS, floats: [...value.floats] };
  return { name, type: AttributeType.INTS, ints: [...value] };
}
