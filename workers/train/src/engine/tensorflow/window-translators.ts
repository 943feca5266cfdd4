/** Convolutions and pooling, with all gradients: TensorFlow has each as one operation under nearly the same name. */

import { countShares } from '../average-pool.ts';
import type { TracedNode } from '../trace/traced-node.ts';
import type { WindowInfo } from '../trace/traced-windows.ts';
import type { TensorflowAttribute } from './tensorflow-graph.ts';
import { inputShape, type Numbers, outputShape, type Translation, type Translator } from './translation.ts';

/** Bits of the four axes of a batch of images. */
const EVERY_AXIS = 0b1111;

export const WINDOW_TRANSLATORS: Readonly<Record<string, Translator>> = {
  Conv2D: translateForward,
  DepthwiseConv2dNative: translateForward,
  Conv2DBackpropInput: translateInputGradient,
  DepthwiseConv2dNativeBackpropInput: translateInputGradient,
  Conv2DBackpropFilter: translateFilterGradient,
  DepthwiseConv2dNativeBackpropFilter: translateFilterGradient,
  MaxPool: translatePool,
  AvgPool: translatePool,
  MaxPoolGrad: (translation, node) => {
    const numbers = translation.numbersOf(node, 1);
    const inputs = [1, 2, 0].map((index) => translation.inputIn(numbers, node, index));
    return [translation.computeIn(numbers, 'MaxPoolGrad', inputs, describePool(node))];
  },
  AvgPoolGrad: translateAverageGradient,
};

function translatePool(translation: Translation, node: TracedNode): string[] {
  const numbers = translation.numbersOf(node, 0);
  const x = translation.inputIn(numbers, node, 0);
  return [translation.computeIn(numbers, node.op, [x], describePool(node))];
}

function translateForward(translation: Translation, node: TracedNode): string[] {
  return [convolve(translation, node, translation.inputIn(chooseNumbers(translation, node), node, 1))];
}

/** A convolution of each channel by itself has few products: in bfloat16 it takes longer. */
function chooseNumbers(translation: Translation, node: TracedNode): Numbers {
  return node.op.startsWith('Depthwise') ? 'float32' : translation.numbers;
}

/** The recorded convolution, with a filter in the place of its own. */
export function convolve(translation: Translation, node: TracedNode, filter: string): string {
  const numbers = chooseNumbers(translation, node);
  const x = translation.inputIn(numbers, node, 0);
  const thinned = isThinning(node) ? thin(translation, x, node) : x;
  return translation.computeIn(numbers, node.op, [thinned, filter], describeConvolution(node));
}

function translateInputGradient(translation: Translation, node: TracedNode): string[] {
  const { graph } = translation;
  const numbers = chooseNumbers(translation, node);
  const [dy, filter] = [0, 1].map((index) => translation.inputIn(numbers, node, index)) as [string, string];
  const [batch, height, width, channels] = outputShape(node) as [number, number, number, number];
  if (!isThinning(node)) {
    const sizes = graph.integers([batch, height, width, channels]);
    return [translation.computeIn(numbers, node.op, [sizes, filter, dy], describeConvolution(node))];
  }
  const sizes = graph.integers([...inputShape(node, 0).slice(0, 3), channels]);
  const kept = translation.computeIn(numbers, node.op, [sizes, filter, dy], describeConvolution(node));
  const { bounds, attributes } = describeThinning(translation, node);
  const inputs = [graph.integers(outputShape(node)), ...bounds, kept];
  return [translation.computeIn(numbers, 'StridedSliceGrad', inputs, attributes)];
}

function translateFilterGradient(translation: Translation, node: TracedNode): string[] {
  const numbers = chooseNumbers(translation, node);
  const [x, dy] = [0, 1].map((index) => translation.inputIn(numbers, node, index)) as [string, string];
  const thinned = isThinning(node) ? thin(translation, x, node) : x;
  const sizes = translation.graph.integers(outputShape(node));
  const gradient = translation.computeIn(numbers, node.op, [thinned, sizes, dy], describeConvolution(node));
  // What moves weights is float32 from here on.
  return [translation.convert(gradient, 'float32')];
}

/**
 * Whether a window of one pixel leaves pixels out. oneDNN 3.x computes wrong filter gradients of such a convolution on
 * processors with AVX2 alone, and reads where it should not; so the pixels are left out first.
 */
function isThinning(node: TracedNode): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth } = node.attributes.info as WindowInfo;
  return filterHeight * filterWidth === 1 && strideHeight * strideWidth > 1;
}

function thin(translation: Translation, x: string, node: TracedNode): string {
  const { bounds, attributes } = describeThinning(translation, node);
  return translation.computeIn(chooseNumbers(translation, node), 'StridedSlice', [x, ...bounds], attributes);
}

/** Begin, end and strides; the masks say that all axes are taken from their begin to their end. */
function describeThinning({ graph }: Translation, node: TracedNode) {
  const { strideHeight, strideWidth } = node.attributes.info as WindowInfo;
  const zeros = graph.integers([0, 0, 0, 0]);
  const attributes: Record<string, TensorflowAttribute> = {
    Index: { type: 'int32' },
    begin_mask: { int: EVERY_AXIS },
    end_mask: { int: EVERY_AXIS },
  };
  return { bounds: [zeros, zeros, graph.integers([1, strideHeight, strideWidth, 1])], attributes };
}

/** TensorFlow divides by the pixels of a window that are there, the recorded operation by the whole window. */
function translateAverageGradient(translation: Translation, node: TracedNode): string[] {
  const info = node.attributes.info as WindowInfo;
  const numbers = translation.numbersOf(node, 0);
  let dy = translation.inputIn(numbers, node, 0);
  if (info.padInfo.type !== 'VALID') {
    const shares = countShares(info);
    const inverse = shares.values.map((share) => 1 / share);
    const factors = translation.convert(translation.graph.constant(inverse, shares.shape), numbers);
    dy = translation.computeIn(numbers, 'Mul', [dy, factors]);
  }
  const sizes = translation.graph.integers(outputShape(node));
  return [translation.computeIn(numbers, 'AvgPoolGrad', [sizes, dy], describePool(node))];
}

function describeConvolution(node: TracedNode): Record<string, TensorflowAttribute> {
  const info = node.attributes.info as WindowInfo;
  return {
    ...describeWindow(info),
    ...(isThinning(node) ? { strides: { ints: [1, 1, 1, 1] } } : {}),
    dilations: { ints: [1, info.dilationHeight, info.dilationWidth, 1] },
  };
}

function describePool(node: TracedNode): Record<string, TensorflowAttribute> {
  const info = node.attributes.info as WindowInfo;
  return { ...describeWindow(info), ksize: { ints: [1, info.filterHeight, info.filterWidth, 1] } };
}

function describeWindow(info: WindowInfo): Record<string, TensorflowAttribute> {
  return {
    strides: { ints: [1, info.strideHeight, info.strideWidth, 1] },
    padding: info.padInfo.type,
    data_format: 'NHWC',
  };
}
