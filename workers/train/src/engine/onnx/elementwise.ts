/** Translations of operations that work number by number, with broadcasting. */
import { invariant } from '@microtome/domain/app-error';
import { RELU_GRADIENT_KERNEL } from '../activation.ts';
import type { TracedNode, TracedType } from '../trace/traced-node.ts';
import {
  equalShapes,
  getChannels,
  isVector,
  type Layout,
  layoutShape,
  type Stored,
  storeAs,
  storeFill,
  type Translation,
  type Translator,
  toChannelsFirst,
} from './translation.ts';

/** Operations that are called otherwise in ONNX but take the same operands. */
const SAME_OPERANDS: Readonly<Record<string, string>> = {
  Sigmoid: 'Sigmoid',
  Softplus: 'Softplus',
  Tanh: 'Tanh',
  Exp: 'Exp',
  Log: 'Log',
  Sqrt: 'Sqrt',
  Neg: 'Neg',
  Abs: 'Abs',
  Reciprocal: 'Reciprocal',
  LogicalNot: 'Not',
  Sub: 'Sub',
  RealDiv: 'Div',
  Maximum: 'Max',
  Minimum: 'Min',
  Pow: 'Pow',
  Greater: 'Greater',
  GreaterEqual: 'GreaterOrEqual',
  Less: 'Less',
  LessEqual: 'LessOrEqual',
  Equal: 'Equal',
  LogicalAnd: 'And',
  LogicalOr: 'Or',
  Select: 'Where',
};

const CAST_TARGETS: Readonly<Record<TracedType, number>> = { float32: 1, int32: 6, bool: 9 };
/** Large enough to lift any positive normal float32 to 1, where the hard sigmoid stops. */
const MASK_SLOPE = 3e38;

export const ELEMENTWISE_TRANSLATORS: Readonly<Record<string, Translator>> = {
  ...Object.fromEntries(
    Object.entries(SAME_OPERANDS).map(([op, opType]): [string, Translator] => [
      op,
      (translation, node) => [applyElementwise(translation, node, opType)],
    ]),
  ),
  Relu: (translation, node) => {
    const x = translation.input(node, 0);
    if (x.includesRelu) return [{ ...x, includesRelu: false }];
    return [applyElementwise(translation, node, 'Relu')];
  },
  Add: translateAdd,
  AddN: (translation, node) => [applyElementwise(translation, node, 'Sum')],
  Multiply: translateMultiply,
  Square: (translation, node) => {
    const x = translation.input(node, 0);
    return [applyElementwise(translation, node, 'Mul', [x, x])];
  },
  SquaredDifference: (translation, node) => {
    const difference = applyElementwise(translation, node, 'Sub');
    return [applyElementwise(translation, node, 'Mul', [difference, difference])];
  },
  Rsqrt: (translation, node) => {
    const root = applyElementwise(translation, node, 'Sqrt');
    return [applyElementwise(translation, node, 'Reciprocal', [root])];
  },
  NotEqual: (translation, node) => {
    const equal = applyElementwise(translation, node, 'Equal');
    return [applyElementwise(translation, node, 'Not', [equal])];
  },
  Step: (translation, node) => {
    const greater = applyElementwise(translation, node, 'Greater', [
      translation.input(node, 0),
      storeNumber(0),
    ]);
    return [{ ...greater, name: castTo(translation, translation.materialise(greater), 'float32') }];
  },
  Cast: translateCast,
  [RELU_GRADIENT_KERNEL]: translateReluGradient,
};

/** Applies an ONNX operation to operands brought into one layout, expanding where broadcasting does not. */
function applyElementwise(
  translation: Translation,
  node: TracedNode,
  opType: string,
  operands: readonly Stored[] = node.inputs.map((input) => translation.read(input)),
): Stored {
  const output = node.outputs[0];
  invariant(output, `${node.op} has an output`);
  const layout = chooseLayout(output.shape, operands);
  const isFull = (operand: Stored) => equalShapes(effectiveShape(operand), output.shape);
  // A vector over channels meets blocks of channels only where the block is an axis of its own.
  const splitsBlocks =
    layout === 'blocked' && operands.some((operand) => !isFill(operand) && !isFull(operand));
  const names = operands.map((operand) => nameOperand(translation, operand, { layout, splitsBlocks }));
  const shape = splitsBlocks
    ? splitBlocks(translation, output.shape)
    : layoutShape({ shape: output.shape, layout });
  if (!operands.some(isFull) && shape.length > 0) names[0] = translation.expand(names[0] as string, shape);
  const name = translation.graph.add(opType, names);
  return storeAs(
    node,
    splitsBlocks ? translation.reshape(name, toChannelsFirst(output.shape)) : name,
    layout,
  );
}

/** A constant without a place in the trace. */
function storeNumber(fill: number): Stored {
  return { shape: [], dtype: 'float32', layout: 'plain', name: null, fill, forms: {} };
}

function castTo(translation: Translation, name: string, dtype: TracedType): string {
  return translation.graph.add('Cast', [name], { to: CAST_TARGETS[dtype] });
}

function chooseLayout(shape: readonly number[], operands: readonly Stored[]): Layout {
  if (shape.length !== 4) return 'plain';
  const layouts = operands.filter((operand) => !isVector(operand.shape)).map(({ layout }) => layout);
  if (layouts.includes('blocked')) return 'blocked';
  return layouts.includes('channelsFirst') ? 'channelsFirst' : 'plain';
}

type Fill = Stored & { name: null; fill: number };

function isFill(operand: Stored): operand is Fill {
  return operand.name === null && operand.fill !== null;
}

/** A fill that was never written out enters as a scalar, whatever its shape. */
function effectiveShape(operand: Stored): readonly number[] {
  return isFill(operand) ? [] : operand.shape;
}

function nameOperand(
  translation: Translation,
  operand: Stored,
  { layout, splitsBlocks }: { layout: Layout; splitsBlocks: boolean },
): string {
  if (operand.name === null && operand.fill !== null)
    return translation.graph.scalar(operand.fill, operand.dtype);
  const { shape } = operand;
  if (layout === 'plain' || shape.length === 0) return translation.plain(operand);
  if (shape.length === 1) return nameChannelVector(translation, operand, splitsBlocks);
  invariant(shape.length === 4, `a value of shape [${shape}] is not broadcast over images`);
  if (!splitsBlocks) return translation.inLayout(operand, layout);
  const isShared = getChannels(operand) === 1;
  const name = isShared ? translation.channelsFirst(operand) : translation.blocked(operand);
  return translation.reshape(
    name,
    isShared ? [...toChannelsFirst(shape), 1] : splitBlocks(translation, shape),
  );
}

function nameChannelVector(translation: Translation, operand: Stored, splitsBlocks: boolean): string {
  const channels = getChannels(operand);
  const { channelBlock } = translation;
  const shape = splitsBlocks ? [channels / channelBlock, 1, 1, channelBlock] : [channels, 1, 1];
  return translation.reshape(translation.plain(operand), shape);
}

/** [n, h, w, c] as [n, c / b, h, w, b]. */
function splitBlocks({ channelBlock }: Translation, shape: readonly number[]): number[] {
  const [batch, channels, height, width] = toChannelsFirst(shape) as [number, number, number, number];
  return [batch, channels / channelBlock, height, width, channelBlock];
}

function translateAdd(translation: Translation, node: TracedNode): Stored[] {
  const first = translation.input(node, 0);
  if (first.includesBias) return [{ ...first, includesBias: false }];
  return [applyElementwise(translation, node, 'Add')];
}

/** Gradients of sums multiply by ones to broadcast: that is an expansion, or nothing. */
function translateMultiply(translation: Translation, node: TracedNode): Stored[] {
  const output = node.outputs[0];
  const operands = [translation.input(node, 0), translation.input(node, 1)] as const;
  const one = operands.find(({ name, fill }) => name === null && fill === 1);
  const other = one === operands[0] ? operands[1] : operands[0];
  if (!one || !output) return [applyElementwise(translation, node, 'Mul')];
  if (other.name === null && other.fill !== null) return [storeFill(node, other.fill)];
  if (equalShapes(other.shape, output.shape)) return [{ ...other }];
  return [storeAs(node, translation.expand(translation.plain(other), output.shape))];
}

function translateCast(translation: Translation, node: TracedNode): Stored[] {
  const operand = translation.input(node, 0);
  const dtype = node.outputs[0]?.dtype ?? 'float32';
  if (operand.dtype === dtype) return [{ ...operand }];
  if (operand.name === null && operand.fill !== null) return [storeFill(node, operand.fill)];
  return [storeAs(node, castTo(translation, translation.materialise(operand), dtype), operand.layout)];
}

/** dy x (1 where y > 0): the mask is one pass, as a hard sigmoid so steep that it is a step. */
function translateReluGradient(translation: Translation, node: TracedNode): Stored[] {
  const y = translation.input(node, 1);
  const attributes = { alpha: { float: MASK_SLOPE }, beta: { float: 0 } };
  const name = translation.graph.add('HardSigmoid', [translation.materialise(y)], attributes);
  return [
    applyElementwise(translation, node, 'Mul', [translation.input(node, 0), { ...y, name, forms: {} }]),
  ];
}
