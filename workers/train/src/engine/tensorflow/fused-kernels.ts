/**
 * What native TensorFlow has as one operation each and TensorFlow.js would compose: batch norm and its gradient, ReLU's
 * gradient, a bias and its gradient. They are called by name, past what the package offers.
 */
import { invariant } from '@microtome/domain/app-error';
import * as tf from '@tensorflow/tfjs';
import { RELU_GRADIENT_KERNEL } from '../activation.ts';
import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL, registerBatchNormGradient } from '../batch-norm.ts';
import { BIAS_GRADIENT_KERNEL, BIAS_KERNEL, registerBiasGradient } from '../bias.ts';

type OpAttribute = { name: string; type: number; value: unknown };

/** What of the package's backend is used here. */
type NativeBackend = {
  binding: Record<'TF_ATTR_TYPE' | 'TF_ATTR_FLOAT' | 'TF_ATTR_BOOL' | 'TF_ATTR_STRING' | 'TF_FLOAT', number>;
  executeSingleOutput(op: string, attributes: OpAttribute[], inputs: tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: OpAttribute[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
};

const BACKEND = 'tensorflow';
/** y, mean, variance and three that only the gradient understands: what they hold depends on the device. */
const BATCH_NORM_OUTPUTS = 6;
/** dx, dgamma, dbeta and two that are empty. */
const BATCH_NORM_GRADIENT_OUTPUTS = 5;

/** Before the composed kernels, which leave alone what is registered already. */
export function registerFusedKernels(): void {
  registerBatchNormGradient();
  if (tf.getKernel(BATCH_NORM_KERNEL, BACKEND)) return;
  register(BATCH_NORM_KERNEL, (native, { x, gamma, beta }, epsilon) =>
    normalise(native, { x: x!, gamma: gamma!, beta: beta! }, epsilon),
  );
  register(BATCH_NORM_GRADIENT_KERNEL, (native, inputs, epsilon) =>
    differentiateNorm(native, inputs, epsilon),
  );
  registerBiasGradient();
  register(BIAS_KERNEL, (native, { x, bias }) =>
    native.executeSingleOutput('BiasAdd', [typeAttribute(native, 'T'), formatAttribute(native)], [x!, bias!]),
  );
  register(BIAS_GRADIENT_KERNEL, (native, { dy }) =>
    native.executeSingleOutput('BiasAddGrad', [typeAttribute(native, 'T'), formatAttribute(native)], [dy!]),
  );
  register(RELU_GRADIENT_KERNEL, (native, { dy, y }) =>
    native.executeSingleOutput('ReluGrad', [typeAttribute(native, 'T')], [dy!, y!]),
  );
}

type Inputs = Partial<Record<string, tf.Tensor>>;

function register(
  kernelName: string,
  compute: (native: NativeBackend, inputs: Inputs, epsilon: number) => tf.Tensor | tf.Tensor[],
): void {
  tf.registerKernel({
    kernelName,
    backendName: BACKEND,
    kernelFunc: ({ inputs, backend, attrs }) =>
      tf.tidy(() => compute(backend as NativeBackend, inputs as unknown as Inputs, Number(attrs?.epsilon))),
  });
}

/** [y, mean, variance, …]; TensorFlow gives the variance divided by n - 1, the engine's is divided by n. */
function normalise(
  native: NativeBackend,
  { x, gamma, beta }: Record<'x' | 'gamma' | 'beta', tf.Tensor>,
  epsilon: number,
): tf.Tensor[] {
  const image = toImage(x);
  const none = tf.tensor1d([]);
  const outputs = native.executeMultipleOutputs(
    'FusedBatchNormV3',
    batchNormAttributes(native, epsilon),
    [image, gamma, beta, none, none],
    BATCH_NORM_OUTPUTS,
  );
  const [y, mean, variance, ...reserved] = outputs as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
  const count = x.size / gamma.size;
  return [tf.reshape(y, x.shape), mean, tf.mul(variance, (count - 1) / count), ...reserved];
}

function differentiateNorm(native: NativeBackend, inputs: Inputs, epsilon: number): tf.Tensor[] {
  const { dy, x, gamma, reserved0, reserved1, reserved2 } = inputs;
  invariant(dy && x && gamma && reserved0 && reserved1 && reserved2, 'the reserved outputs were kept');
  const [dx, dgamma, dbeta] = native.executeMultipleOutputs(
    'FusedBatchNormGradV3',
    batchNormAttributes(native, epsilon),
    [toImage(dy), toImage(x), gamma, reserved0, reserved1, reserved2],
    BATCH_NORM_GRADIENT_OUTPUTS,
  );
  return [tf.reshape(dx as tf.Tensor, x.shape), dgamma as tf.Tensor, dbeta as tf.Tensor];
}

/** The operation takes images alone: [n, c] becomes [n, 1, 1, c]. */
function toImage(x: tf.Tensor): tf.Tensor {
  if (x.rank === 4) return x;
  const channels = x.shape[x.rank - 1] as number;
  return tf.reshape(x, [x.size / channels, 1, 1, channels]);
}

function batchNormAttributes(native: NativeBackend, epsilon: number): OpAttribute[] {
  const { TF_ATTR_FLOAT, TF_ATTR_BOOL } = native.binding;
  return [
    typeAttribute(native, 'T'),
    typeAttribute(native, 'U'),
    { name: 'epsilon', type: TF_ATTR_FLOAT, value: epsilon },
    formatAttribute(native),
    { name: 'is_training', type: TF_ATTR_BOOL, value: true },
  ];
}

function formatAttribute({ binding }: NativeBackend): OpAttribute {
  return { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' };
}

function typeAttribute({ binding }: NativeBackend, name: string): OpAttribute {
  return { name, type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
}
