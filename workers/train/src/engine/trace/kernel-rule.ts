/** What the trace backend has to know of one operation: which operands, attributes and results a call of it has. */
import type * as tf from '@tensorflow/tfjs';
import type { TracedOutput } from './traced-node.ts';

/** What a kernel is called with; attributes are as TensorFlow.js passes them. */
export type KernelCall = { inputs: Record<string, tf.TensorInfo>; attrs: Record<string, unknown> };

/** What a rule says of a call: operands in order, attributes to record, results. */
export type TracedCall = {
  operands: (tf.TensorInfo | undefined)[];
  attributes?: Record<string, unknown>;
  outputs: TracedOutput[];
};

export type KernelRule = (call: KernelCall) => TracedCall;
