/**
 * Adding a bias as one named operation with its own gradient, for a backend that has both as one each. TensorFlow.js
 * would add with broadcasting and sum the gradient over three axes.
 */
import * as tf from '@tensorflow/tfjs';

export const BIAS_KERNEL = 'AddBias';
export const BIAS_GRADIENT_KERNEL = 'AddBiasGrad';

/** [..., channels] plus [channels]; a plain addition where the backend has no kernel of its own. */
export function addBias(x: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  if (!tf.getKernel(BIAS_KERNEL, tf.getBackend())) return tf.add(x, bias);
  return tf.engine().runKernel(BIAS_KERNEL, { x, bias }) as tf.Tensor;
}

export function registerBiasGradient(): void {
  if (tf.getGradient(BIAS_KERNEL)) return;
  tf.registerGradient({
    kernelName: BIAS_KERNEL,
    gradFunc: (dy) => ({
      x: () => tf.clone(dy as tf.Tensor),
      bias: () => tf.engine().runKernel(BIAS_GRADIENT_KERNEL, { dy: dy as tf.Tensor }) as tf.Tensor,
    }),
  });
}
