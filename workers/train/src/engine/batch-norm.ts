/**
 * Batch norm in training as one operation with a closed-form gradient. TensorFlow.js composes it out of
 * moments and small steps, whose gradients cost many passes over the activations; as one named kernel an
 * engine can do it in few. Its statistics are the batch's own; the caller updates the moving ones.
 */
import { invariant } from '@microtome/domain/app-error';
import * as tf from '@tensorflow/tfjs';

export const BATCH_NORM_KERNEL = 'BatchNormTraining';
export const BATCH_NORM_GRADIENT_KERNEL = 'BatchNormTrainingGrad';

type BatchNormResult = {
  normalised: tf.Tensor;
  /** [channels] of this batch. */
  mean: tf.Tensor;
  /** [channels] of this batch; divided by n, not n - 1. */
  variance: tf.Tensor;
};

/** Normalises over all axes but the last: gamma x (x - mean) / sqrt(variance + epsilon) + beta. */
export function normaliseBatch(input: {
  x: tf.Tensor;
  gamma: tf.Tensor;
  beta: tf.Tensor;
  epsilon: number;
}): BatchNormResult {
  const { x, gamma, beta, epsilon } = input;
  const outputs: unknown = tf.engine().runKernel(BATCH_NORM_KERNEL, { x, gamma, beta }, { epsilon });
  invariant(Array.isArray(outputs) && outputs.length === 3, 'batch norm has three outputs');
  const [normalised, mean, variance] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor];
  return { normalised, mean, variance };
}

/** The gradient is one for all backends; each backend brings (or composes) the two kernels. */
export function registerBatchNormGradient(): void {
  if (tf.getGradient(BATCH_NORM_KERNEL)) return;
  tf.registerGradient({
    kernelName: BATCH_NORM_KERNEL,
    inputsToSave: ['x', 'gamma'],
    outputsToSave: [false, true, true],
    gradFunc: (dys, saved, attrs) => {
      const [x, gamma, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const dy = (dys as tf.Tensor[])[0] as tf.Tensor;
      const inputs = { dy, x, gamma, mean, variance };
      let kept: tf.Tensor[] | null = null;
      // The three gradients come from one kernel but are asked for in three scopes, each of which frees what
      // was made inside; so they are kept, and handed over one by one.
      const gradient = (index: number) => () => {
        kept ??= runGradientKernel(inputs, attrs);
        const handed = tf.clone(kept[index] as tf.Tensor);
        kept[index]?.dispose();
        return handed;
      };
      return { x: gradient(0), gamma: gradient(1), beta: gradient(2) };
    },
  });
}

function runGradientKernel(inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor[] {
  const outputs: unknown = tf.engine().runKernel(BATCH_NORM_GRADIENT_KERNEL, inputs, attrs);
  return (outputs as tf.Tensor[]).map((tensor) => tf.keep(tensor));
}

/** Registers both kernels for a backend that has the ordinary operations, composed of those. */
export function registerComposedBatchNorm(backendName: string): void {
  registerBatchNormGradient();
  if (tf.getKernel(BATCH_NORM_KERNEL, backendName)) return;
  tf.registerKernel({
    kernelName: BATCH_NORM_KERNEL,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, gamma, beta } = inputs as unknown as Record<'x' | 'gamma' | 'beta', tf.Tensor>;
      return tf.tidy(() => {
        const { mean, variance } = tf.moments(x, listBatchAxes(x));
        const scale = gamma.div(variance.add(Number(attrs?.epsilon)).sqrt());
        return [x.sub(mean).mul(scale).add(beta), mean, variance];
      });
    },
  });
  tf.registerKernel({
    kernelName: BATCH_NORM_GRADIENT_KERNEL,
    backendName,
    kernelFunc: ({ inputs, attrs }) =>
      tf.tidy(() =>
        composeGradient(inputs as unknown as Parameters<typeof composeGradient>[0], Number(attrs?.epsilon)),
      ),
  });
}

/** Closed form of Ioffe & Szegedy 2015, section 3: [dx, dgamma, dbeta]. */
function composeGradient(
  { dy, x, gamma, mean, variance }: Record<'dy' | 'x' | 'gamma' | 'mean' | 'variance', tf.Tensor>,
  epsilon: number,
): tf.Tensor[] {
  const axes = listBatchAxes(x);
  const count = x.size / (x.shape[x.rank - 1] as number);
  const inverseDeviation = variance.add(epsilon).rsqrt();
  const normalised = x.sub(mean).mul(inverseDeviation);
  const dbeta = dy.sum(axes);
  const dgamma = dy.mul(normalised).sum(axes);
  const centred = dy.sub(dbeta.div(count)).sub(normalised.mul(dgamma.div(count)));
  return [centred.mul(gamma.mul(inverseDeviation)), dgamma, dbeta];
}

function listBatchAxes(x: tf.Tensor): number[] {
  return Array.from({ length: x.rank - 1 }, (_, axis) => axis);
}
