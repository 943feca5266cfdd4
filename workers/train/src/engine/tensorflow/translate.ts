/** Turns recorded operations into a TensorFlow graph, operation by operation; one without a translator is an error. */
import { AppError } from '@microtome/domain/app-error';
import { RELU_GRADIENT_KERNEL } from '../activation.ts';
import { findLiveNodes } from '../trace/live-nodes.ts';
import type { TracedNode, TracedValue } from '../trace/traced-node.ts';
import { BATCH_NORM_TRANSLATORS } from './batch-norm-translators.ts';
import type { TensorflowAttribute, TensorflowGraph } from './tensorflow-graph.ts';
import { inputShape, type Numbers, outputShape, Translation, type Translator } from './translation.ts';
import { WINDOW_TRANSLATORS } from './window-translators.ts';

/** Recorded name → TensorFlow's. */
const SAME_OPERANDS: Readonly<Record<string, string>> = {
  Sigmoid: 'Sigmoid',
  Softplus: 'Softplus',
  Tanh: 'Tanh',
  Exp: 'Exp',
  Log: 'Log',
  Sqrt: 'Sqrt',
  Rsqrt: 'Rsqrt',
  Square: 'Square',
  Neg: 'Neg',
  Abs: 'Abs',
  Reciprocal: 'Reciprocal',
  Sub: 'Sub',
  Multiply: 'Mul',
  RealDiv: 'RealDiv',
  Maximum: 'Maximum',
  Minimum: 'Minimum',
  Pow: 'Pow',
  SquaredDifference: 'SquaredDifference',
  Greater: 'Greater',
  GreaterEqual: 'GreaterEqual',
  Less: 'Less',
  LessEqual: 'LessEqual',
  Equal: 'Equal',
  NotEqual: 'NotEqual',
  Select: 'SelectV2',
};

/** The same of operations that work on images in the numbers that those have. */
const SAME_IN_EITHER: Readonly<Record<string, string>> = { Relu: 'Relu', [RELU_GRADIENT_KERNEL]: 'ReluGrad' };

const TRANSLATORS: Readonly<Record<string, Translator>> = {
  ...Object.fromEntries(
    Object.entries(SAME_OPERANDS).map(([recorded, op]): [string, Translator] => [
      recorded,
      (translation, node) => [translation.compute(op, translation.listInputs(node))],
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(SAME_IN_EITHER).map(([recorded, op]): [string, Translator] => [
      recorded,
      (translation, node) => [computeInEither(translation, node, op)],
    ]),
  ),
  ...Object.fromEntries(['Sum', 'Mean', 'Max', 'Min'].map((op) => [op, translateReduction])),
  ...Object.fromEntries(['Fill', 'ZerosLike', 'OnesLike'].map((op) => [op, translateFill])),
  ...Object.fromEntries(['Reshape', 'ExpandDims'].map((op) => [op, translateReshape])),
  ...BATCH_NORM_TRANSLATORS,
  ...WINDOW_TRANSLATORS,
  Add: translateAddition,
  AddN: (translation, node) => [
    translation.compute('AddN', translation.listInputs(node), { N: { int: node.inputs.length } }),
  ],
  BatchMatMul: translateMatMul,
  Cast: (translation, node) => [
    translation.graph.add('Cast', translation.listInputs(node), {
      SrcT: { type: node.inputs[0]?.node.outputs[node.inputs[0].output]?.dtype ?? 'float32' },
      DstT: { type: node.outputs[0]?.dtype ?? 'float32' },
    }),
  ],
  Constant: (translation, node) => {
    const { values } = node.attributes as { values: number[] };
    const isUniform = values.every((value) => value === values[0]);
    const listed = isUniform ? values.slice(0, 1) : values;
    return [translation.graph.constant(listed, outputShape(node), node.outputs[0]?.dtype)];
  },
  Transpose: (translation, node) => {
    const perm = translation.graph.integers(node.attributes.perm as number[]);
    const inputs = [translation.input(node, 0), perm];
    return [translation.compute('Transpose', inputs, { Tperm: { type: 'int32' } })];
  },
};

type TranslationRequest = {
  graph: TensorflowGraph;
  nodes: readonly TracedNode[];
  outputs: readonly TracedValue[];
  /** Of convolutions and dense layers, and of what lies between them; float32 when left out. */
  numbers?: Numbers;
  /** Gives the node that stands for a recorded input. */
  bindInput: (name: string, shape: readonly number[]) => string;
};

/** Adds to the graph all that the outputs depend on, and gives their names. INTERNAL when an operation has no translation. */
export function translateNodes(request: TranslationRequest): string[] {
  const { graph, nodes, outputs, numbers, bindInput } = request;
  const translation = new Translation(graph, numbers);
  for (const node of findLiveNodes(nodes, outputs)) {
    if (node.op === 'Input') {
      translation.setOutputs(node, [bindInput(String(node.attributes.name), outputShape(node))]);
      continue;
    }
    const translator = TRANSLATORS[node.op];
    if (!translator) {
      throw new AppError('INTERNAL', `The operation '${node.op}' has no translation to TensorFlow.`);
    }
    translation.setOutputs(node, translator(translation, node));
  }
  return outputs.map((output) => translation.read(output));
}

/** In bfloat16 where one of the inputs has come in it. */
function computeInEither(
  translation: Translation,
  node: TracedNode,
  op: string,
  attributes: Record<string, TensorflowAttribute> = {},
): string {
  const indexes = node.inputs.map((_, index) => index);
  const numbers = translation.numbersOf(node, ...indexes);
  const inputs = indexes.map((index) => translation.inputIn(numbers, node, index));
  return translation.computeIn(numbers, op, inputs, attributes);
}

/** A vector along the last axis is a bias: TensorFlow fuses it into the operation before. */
function translateAddition(translation: Translation, node: TracedNode): string[] {
  const [x, addend] = [inputShape(node, 0), inputShape(node, 1)];
  const isBias = x.length > 1 && addend.length === 1 && addend[0] === x[x.length - 1];
  return [
    isBias
      ? computeInEither(translation, node, 'BiasAdd', { data_format: 'NHWC' })
      : translation.compute('AddV2', translation.listInputs(node)),
  ];
}

/** A sum over all axes but the last is the gradient of a bias, which is faster than the sum of any axes. */
function translateReduction(translation: Translation, node: TracedNode): string[] {
  const { axes, keepDims } = node.attributes as { axes: number[]; keepDims: boolean };
  const rank = inputShape(node, 0).length;
  const leavesChannels = rank > 1 && axes.length === rank - 1 && !axes.includes(rank - 1);
  if (node.op === 'Sum' && leavesChannels && !keepDims) {
    const sum = computeInEither(translation, node, 'BiasAddGrad', { data_format: 'NHWC' });
    return [translation.convert(sum, 'float32')];
  }
  const x = translation.input(node, 0);
  const attributes = { keep_dims: keepDims, Tidx: { type: 'int32' as const } };
  return [translation.compute(node.op, [x, translation.graph.integers(axes)], attributes)];
}

function translateFill(translation: Translation, node: TracedNode): string[] {
  const { value } = node.attributes as { value: number };
  return [translation.graph.constant([value], outputShape(node), node.outputs[0]?.dtype)];
}

function translateReshape(translation: Translation, node: TracedNode): string[] {
  const numbers = translation.numbersOf(node, 0);
  const x = translation.inputIn(numbers, node, 0);
  const shape = outputShape(node);
  return [inputShape(node, 0).join() === shape.join() ? x : translation.reshape(x, shape, numbers)];
}

/** The products around the one logit stay float32: of bfloat16 alone a few hundred probabilities would differ. */
function translateMatMul(translation: Translation, node: TracedNode): string[] {
  const { transposeA, transposeB } = node.attributes as { transposeA: boolean; transposeB: boolean };
  if (inputShape(node, 0).length !== 2) {
    const inputs = translation.listInputs(node);
    return [translation.compute('BatchMatMulV2', inputs, { adj_x: transposeA, adj_y: transposeB })];
  }
  const lengths = [0, 1].flatMap((index) => inputShape(node, index));
  const numbers = lengths.includes(1) ? 'float32' : translation.numbers;
  const inputs = [0, 1].map((index) => translation.inputIn(numbers, node, index));
  const attributes = { transpose_a: transposeA, transpose_b: transposeB };
  return [translation.computeIn(numbers, 'MatMul', inputs, attributes)];
}
