/**
 * A TensorFlow.js backend that computes nothing: it records which operation was asked for, on what, and
 * hands out tensors without data. What runs under it once leaves a graph behind.
 */

import { AppError, invariant } from '@microtome/domain/app-error';
import * as tf from '@tensorflow/tfjs';
import type { TracedNode, TracedValue } from './traced-node.ts';

export const TRACE_BACKEND = 'trace';
const RANDOM_OPERATION = /^(rand|random\w*|truncatedNormal|dropout|multinomial|stateless\w*)__op$/;

/** Records operations in the order in which they were asked for, so that inputs come before their users. */
export class TraceBackend extends tf.KernelBackend {
  nodes: TracedNode[] = [];
  #values = new WeakMap<object, TracedValue>();

  reset(): void {
    this.nodes = [];
    this.#values = new WeakMap();
  }

  record(node: TracedNode): tf.TensorInfo[] {
    this.nodes.push(node);
    return node.outputs.map(({ shape, dtype }, output) => {
      const dataId = {};
      this.#values.set(dataId, { node, output });
      return { dataId, shape: [...shape], dtype };
    });
  }

  /** A tensor that is fed when the graph runs. */
  createInput(name: string, shape: readonly number[]): tf.Tensor {
    const outputs = [{ shape, dtype: 'float32' as const }];
    const [info] = this.record({ op: 'Input', inputs: [], attributes: { name }, outputs });
    invariant(info, 'an input has one output');
    return tf.engine().makeTensorFromDataId(info.dataId, info.shape, 'float32');
  }

  getValue(tensor: tf.TensorInfo): TracedValue {
    const value = this.#values.get(tensor.dataId);
    invariant(value, `the tensor of shape [${tensor.shape}] was made under the trace`);
    return value;
  }

  override write(
    values: tf.backend_util.BackendValues | null,
    shape: number[],
    dtype: tf.DataType,
  ): tf.DataId {
    refuseRandomOperations();
    invariant(
      dtype === 'float32' || dtype === 'int32' || dtype === 'bool',
      `a constant is numeric, not ${dtype}`,
    );
    const constant = values ? Array.from(values as ArrayLike<number>) : [];
    const [info] = this.record({
      op: 'Constant',
      inputs: [],
      attributes: { values: constant },
      outputs: [{ shape, dtype }],
    });
    invariant(info, 'a constant has one output');
    return info.dataId;
  }

  override readSync(): never {
    throw new AppError(
      'INTERNAL',
      'A training step read a value while it was being traced; traced tensors have none.',
    );
  }

  override async read(): Promise<never> {
    return this.readSync();
  }

  override move(): never {
    throw new AppError(
      'INTERNAL',
      'A training step used a tensor of another backend while it was being traced.',
    );
  }

  override numDataIds(): number {
    return this.nodes.length;
  }

  override disposeData(): boolean {
    return true;
  }

  override incRef(): void {}

  override refCount(): number {
    return 1;
  }

  override memory() {
    return { unreliable: true };
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  override dispose(): void {}
}

/** Random numbers are made outside of kernels and would enter the graph as constants, the same in every step. */
function refuseRandomOperations(): void {
  const scope = tf.engine().state.scopeStack.find(({ name }) => RANDOM_OPERATION.test(name));
  if (!scope) return;
  const operation = scope.name.replace('__op', '');
  throw new AppError(
    'INTERNAL',
    `The random operation '${operation}' cannot be traced: it would repeat one draw in every step.`,
  );
}
