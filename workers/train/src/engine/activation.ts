/**
 * ReLU with its gradient as one operation of its output: dy where y > 0. TensorFlow.js would keep the input
 * and make a mask in two steps; most runtimes have, or can do, it in one.
 */
import type { Activation } from '@microtome/domain/network/layer';
import * as tf from '@tensorflow/tfjs';

export const RELU_GRADIENT_KERNEL = 'ReluGradOfOutput';

export function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  if (activation === 'relu') return rectify(x);
  return activation === 'tanh' ? tf.tanh(x) : x;
}

export function rectify(x: tf.Tensor): tf.Tensor {
  const rectifier = tf.customGrad((input, save) => {
    const y = tf.relu(input as tf.Tensor);
    (save as (tensors: tf.Tensor[]) => void)([y]);
    return {
      value: y,
      gradFunc: (dy, [output]) => {
        const inputs = { dy: dy as tf.Tensor, y: output as tf.Tensor };
        return tf.engine().runKernel(RELU_GRADIENT_KERNEL, inputs) as tf.Tensor;
      },
    };
  });
  return rectifier(x);
}

/** Registers the gradient for a backend that has the ordinary operations, composed of those. */
export function registerComposedReluGradient(backendName: string): void {
  if (tf.getKernel(RELU_GRADIENT_KERNEL, backendName)) return;
  tf.registerKernel({
    kernelName: RELU_GRADIENT_KERNEL,
    backendName,
    kernelFunc: ({ inputs }) => {
      const { dy, y } = inputs as unknown as Record<'dy' | 'y', tf.Tensor>;
      return tf.tidy(() => tf.mul(dy, tf.cast(tf.greater(y, 0), 'float32')));
    },
  });
}
