/** The traced operations that slide a window: convolutions and pooling, with all gradients. */
import * as tf from '@tensorflow/tfjs';
import type { KernelCall, KernelRule, TracedCall } from './kernel-rule.ts';

/** Sizes, strides and padding of a sliding window, as TensorFlow.js works them out. */
export type WindowInfo = tf.backend_util.Conv2DInfo;

type Shape4 = [number, number, number, number];
type Strides = number | [number, number];

export const WINDOW_RULES: Readonly<Record<string, KernelRule>> = {
  ...traceConvolutions('Conv2D', describeConvolution),
  ...traceConvolutions('DepthwiseConv2dNative', describeDepthwise),
  MaxPool: tracePool,
  AvgPool: tracePool,
  MaxPoolGrad: ({ inputs, attrs }) =>
    traceWindow(
      [inputs.dy, inputs.input, inputs.output],
      describePool(shapeOf(inputs.input), attrs),
      shapeOf(inputs.input),
    ),
  AvgPoolGrad: ({ inputs, attrs }) =>
    traceWindow([inputs.dy], describePool(shapeOf(inputs.input), attrs), shapeOf(inputs.input)),
};

/** A convolution and its gradients by input and by filter. */
function traceConvolutions(
  op: string,
  describe: (call: KernelCall, shapes: Shapes) => WindowInfo,
): Record<string, KernelRule> {
  return {
    [op]: (call) => {
      const { x, filter } = call.inputs;
      const info = describe(call, { input: shapeOf(x), filter: shapeOf(filter) });
      return traceWindow([x, filter], info, info.outShape);
    },
    [`${op}BackpropInput`]: (call) => {
      const { dy, filter } = call.inputs;
      const input = call.attrs.inputShape as Shape4;
      return traceWindow([dy, filter], describe(call, { input, filter: shapeOf(filter) }), input);
    },
    [`${op}BackpropFilter`]: (call) => {
      const { x, dy } = call.inputs;
      const filter = call.attrs.filterShape as Shape4;
      return traceWindow([x, dy], describe(call, { input: shapeOf(x), filter }), filter);
    },
  };
}

function tracePool({ inputs, attrs }: KernelCall): TracedCall {
  const info = describePool(shapeOf(inputs.x), attrs);
  return traceWindow([inputs.x], info, info.outShape);
}

function traceWindow(
  operands: TracedCall['operands'],
  info: WindowInfo,
  shape: readonly number[],
): TracedCall {
  return { operands, attributes: { info }, outputs: [{ shape: [...shape], dtype: 'float32' }] };
}

type Shapes = { input: Shape4; filter: Shape4 };

function describeConvolution(call: KernelCall, { input, filter }: Shapes): WindowInfo {
  const { strides, dilations, pad, dimRoundingMode } = readWindowAttributes(call);
  return tf.backend_util.computeConv2DInfo(
    input,
    filter,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    'channelsLast',
  );
}

function describeDepthwise(call: KernelCall, { input, filter }: Shapes): WindowInfo {
  const { strides, dilations, pad, dimRoundingMode } = readWindowAttributes(call);
  return tf.backend_util.computeConv2DInfo(input, filter, strides, dilations, pad, dimRoundingMode, true);
}

function describePool(input: Shape4, attrs: Record<string, unknown>): WindowInfo {
  return tf.backend_util.computePool2DInfo(
    input,
    attrs.filterSize as Strides,
    attrs.strides as Strides,
    1,
    attrs.pad as 'same' | 'valid',
  );
}

function readWindowAttributes({ attrs }: KernelCall) {
  return {
    strides: attrs.strides as Strides,
    dilations: (attrs.dilations ?? 1) as Strides,
    pad: attrs.pad as 'same' | 'valid',
    dimRoundingMode: attrs.dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
  };
}

function shapeOf(tensor: tf.TensorInfo | undefined): Shape4 {
  return (tensor?.shape ?? []) as unknown as Shape4;
}
