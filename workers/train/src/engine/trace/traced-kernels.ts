/**
 * The operations that the trace backend knows, each with the shape and type of its result. An operation that
 * is absent here stops a trace with TensorFlow.js's own error, which names it.
 */

import * as tf from '@tensorflow/tfjs';
import { RELU_GRADIENT_KERNEL } from '../activation.ts';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL } from '../batch-norm.ts';
import type { KernelCall, KernelRule, TracedCall } from './kernel-rule.ts';
import type { TraceBackend } from './trace-backend.ts';
import type { TracedOutput, TracedType } from './traced-node.ts';
import { WINDOW_RULES } from './traced-windows.ts';

const UNARY = [
  'Relu',
  'Sigmoid',
  'Softplus',
  'Tanh',
  'Exp',
  'Log',
  'Sqrt',
  'Rsqrt',
  'Square',
  'Neg',
  'Abs',
  'Reciprocal',
  'Step',
  'LogicalNot',
];
const BINARY = ['Add', 'Sub', 'Multiply', 'RealDiv', 'Maximum', 'Minimum', 'Pow', 'SquaredDifference'];
const COMPARISON = [
  'Greater',
  'GreaterEqual',
  'Less',
  'LessEqual',
  'Equal',
  'NotEqual',
  'LogicalAnd',
  'LogicalOr',
];
const REDUCTION = ['Sum', 'Mean', 'Max', 'Min'];

const RULES: Readonly<Record<string, KernelRule>> = {
  ...sameRule(UNARY, ({ inputs }) => ({ operands: [inputs.x], outputs: [describe(inputs.x)] })),
  ...sameRule(BINARY, traceBroadcast),
  ...sameRule(COMPARISON, (call) => {
    const traced = traceBroadcast(call);
    return { ...traced, outputs: traced.outputs.map(({ shape }) => ({ shape, dtype: 'bool' })) };
  }),
  ...sameRule(REDUCTION, traceReduction),
  Cast: ({ inputs, attrs }) => ({
    operands: [inputs.x],
    outputs: [{ shape: shapeOf(inputs.x), dtype: attrs.dtype as TracedType }],
  }),
  ZerosLike: ({ inputs }) => traceFill(0, describe(inputs.x)),
  OnesLike: ({ inputs }) => traceFill(1, describe(inputs.x)),
  Fill: ({ attrs }) =>
    traceFill(Number(attrs.value), {
      shape: attrs.shape as number[],
      dtype: (attrs.dtype ?? 'float32') as TracedType,
    }),
  Reshape: ({ inputs, attrs }) => {
    const shape = tf.util.inferFromImplicitShape(
      attrs.shape as number[],
      tf.util.sizeFromShape(shapeOf(inputs.x)),
    );
    return { operands: [inputs.x], outputs: [{ ...describe(inputs.x), shape }] };
  },
  ExpandDims: ({ inputs, attrs }) => {
    const shape = [...shapeOf(inputs.input)];
    const axis = Number(attrs.dim);
    shape.splice(axis < 0 ? shape.length + 1 + axis : axis, 0, 1);
    return { operands: [inputs.input], outputs: [{ ...describe(inputs.input), shape }] };
  },
  Transpose: ({ inputs, attrs }) => {
    const perm = attrs.perm as number[];
    const shape = perm.map((axis) => shapeOf(inputs.x)[axis] as number);
    return { operands: [inputs.x], attributes: { perm }, outputs: [{ ...describe(inputs.x), shape }] };
  },
  Select: ({ inputs }) => ({
    operands: [inputs.condition, inputs.t, inputs.e],
    outputs: [describe(inputs.t)],
  }),
  AddN: ({ inputs }) => ({ operands: Object.values(inputs), outputs: [describe(Object.values(inputs)[0])] }),
  BatchMatMul: traceMatMul,
  FusedBatchNorm: ({ inputs, attrs }) => ({
    operands: [inputs.x, inputs.mean, inputs.variance, inputs.offset, inputs.scale],
    attributes: { epsilon: Number(attrs.varianceEpsilon) },
    outputs: [describe(inputs.x)],
  }),
  [RELU_GRADIENT_KERNEL]: ({ inputs }) => ({
    operands: [inputs.dy, inputs.y],
    outputs: [describe(inputs.dy)],
  }),
  [BATCH_NORM_KERNEL]: ({ inputs, attrs }) => ({
    operands: [inputs.x, inputs.gamma, inputs.beta],
    attributes: attrs,
    outputs: [describe(inputs.x), describe(inputs.gamma), describe(inputs.gamma)],
  }),
  [BATCH_NORM_GRADIENT_KERNEL]: ({ inputs, attrs }) => ({
    operands: [inputs.dy, inputs.x, inputs.gamma, inputs.mean, inputs.variance],
    attributes: attrs,
    outputs: [describe(inputs.x), describe(inputs.gamma), describe(inputs.gamma)],
  }),
  ...WINDOW_RULES,
};

export function registerTracedKernels(backendName: string): void {
  for (const [kernelName, rule] of Object.entries(RULES)) {
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs, backend }) => {
        const call = {
          inputs: inputs as Record<string, tf.TensorInfo>,
          attrs: (attrs ?? {}) as Record<string, unknown>,
        };
        return recordCall(backend as TraceBackend, kernelName, rule(call));
      },
    });
  }
  // An identity is the tensor itself.
  tf.registerKernel({
    kernelName: 'Identity',
    backendName,
    kernelFunc: ({ inputs }) => ({ ...(inputs.x as tf.TensorInfo) }),
  });
}

function describe(tensor: tf.TensorInfo | undefined): TracedOutput {
  return { shape: shapeOf(tensor), dtype: (tensor?.dtype ?? 'float32') as TracedType };
}

function recordCall(backend: TraceBackend, op: string, call: TracedCall): tf.TensorInfo | tf.TensorInfo[] {
  const inputs = call.operands.flatMap((operand) => (operand ? [backend.getValue(operand)] : []));
  const outputs = backend.record({ op, inputs, attributes: call.attributes ?? {}, outputs: call.outputs });
  return outputs.length === 1 ? (outputs[0] as tf.TensorInfo) : outputs;
}

function traceBroadcast({ inputs }: KernelCall): TracedCall {
  const shape = tf.broadcast_util.assertAndGetBroadcastShape(shapeOf(inputs.a), shapeOf(inputs.b));
  return { operands: [inputs.a, inputs.b], outputs: [{ ...describe(inputs.a), shape }] };
}

function traceReduction({ inputs, attrs }: KernelCall): TracedCall {
  const shape = shapeOf(inputs.x);
  const axes = tf.util.parseAxisParam((attrs.axis ?? attrs.reductionIndices) as number[], shape);
  const kept = shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
  const keepDims = Boolean(attrs.keepDims);
  const reduced = keepDims ? kept : shape.filter((_, axis) => !axes.includes(axis));
  return {
    operands: [inputs.x],
    attributes: { axes, keepDims },
    outputs: [{ ...describe(inputs.x), shape: reduced }],
  };
}

function traceMatMul({ inputs, attrs }: KernelCall): TracedCall {
  const a = shapeOf(inputs.a);
  const b = shapeOf(inputs.b);
  const rows = a[a.length - (attrs.transposeA ? 1 : 2)] as number;
  const columns = b[b.length - (attrs.transposeB ? 2 : 1)] as number;
  const attributes = { transposeA: Boolean(attrs.transposeA), transposeB: Boolean(attrs.transposeB) };
  return {
    operands: [inputs.a, inputs.b],
    attributes,
    outputs: [{ ...describe(inputs.a), shape: [...a.slice(0, -2), rows, columns] }],
  };
}

function traceFill(value: number, output: TracedOutput): TracedCall {
  return { operands: [], attributes: { value }, outputs: [output] };
}

function sameRule(names: readonly string[], rule: KernelRule): Record<string, KernelRule> {
  return Object.fromEntries(names.map((name) => [name, rule]));
}

function shapeOf(tensor: tf.TensorInfo | undefined): number[] {
  return tensor?.shape ?? [];
}
