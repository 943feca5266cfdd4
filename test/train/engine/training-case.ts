/** Small training cases for engines: seeded batches, smooth networks, and how far two results are apart. */
import { getArchitecture } from '@microtome/domain/network/architectures';
import type { Layer } from '@microtome/domain/network/layer';
import { createRandom, gaussian, type SeededRandom } from '@microtome/domain/seeded-random';
import type { Normalisation } from '@microtome/train/engine/normalisation';
import type {
  NamedTensor,
  OptimizerOptions,
  TrainingStepInput,
} from '@microtome/train/engine/training-engine';

export const PLAIN_SGD: OptimizerOptions = {
  optimizer: 'sgd',
  momentum: 0,
  weightDecay: 0,
  gradientClipNorm: 0,
  focalGamma: 0,
};

/** Of the noise that `createBatch` draws, roughly. */
export const NORMALISATION: Normalisation = { mean: [0.5, 0.45, 0.55], sd: [0.2, 0.25, 0.2] };
const MID_GREY = 127.5;
const NOISE_GREYS = 50;

/** A batch of noise with unequal weights; the learning rate differs from batch to batch. */
export function createBatch(request: {
  seed: number;
  batchSize: number;
  patchSizePx: number;
  learningRate: number;
}): TrainingStepInput {
  const { seed, batchSize, patchSizePx, learningRate } = request;
  const random = createRandom(seed);
  return {
    images: drawImages(batchSize * patchSizePx * patchSizePx * 3, random),
    labels: Float32Array.from({ length: batchSize }, (_, index) => (index % 2 === 0 ? 1 : 0)),
    sampleWeights: Float32Array.from({ length: batchSize }, () => 0.5 + random.next()),
    learningRate,
  };
}

function drawImages(length: number, random: SeededRandom): Uint8Array {
  const greys = Uint8ClampedArray.from({ length }, () => MID_GREY + NOISE_GREYS * gaussian(random));
  return new Uint8Array(greys.buffer);
}

/**
 * On the colour scale of NORMALISATION, value by value, in float32 as engines do: where a gradient is nearly 0, Adam
 * makes a step out of the last bit.
 */
export function normaliseImages(bytes: Uint8Array): Float32Array {
  const [mean, sd] = [NORMALISATION.mean, NORMALISATION.sd].map((scale) =>
    Float32Array.from(scale, (x) => 255 * x),
  );
  return Float32Array.from(bytes, (grey, at) => Math.fround(grey - mean![at % 3]!) / sd![at % 3]!);
}

/** Its channels fill a block on every machine. */
export const CONVOLUTION = {
  kind: 'conv2d',
  filters: 16,
  kernelSizePx: 3,
  stridePx: 1,
  padding: 'same',
  useBias: true,
  activation: 'relu',
} as const satisfies Layer;

/**
 * A network narrow enough for the oracle, with channels that fill blocks and channels that do not. Dropout is
 * left out, since the oracle draws its masks elsewhere.
 */
export function narrowNetwork(architecture: string): Layer[] {
  return getArchitecture(architecture).layers({ width: 0.25, dropoutRate: 0 });
}

/** Puts tanh in the place of every ReLU: rounding then cannot flip a unit at the kink. */
export function smoothNetwork(layers: readonly Layer[]): Layer[] {
  return layers.map((layer) => {
    if (layer.kind === 'residual') {
      return { ...layer, body: smoothNetwork(layer.body), shortcut: smoothNetwork(layer.shortcut) };
    }
    return 'activation' in layer && layer.activation === 'relu' ? { ...layer, activation: 'tanh' } : layer;
  });
}

/** The largest absolute difference between tensors of the same names. */
export function measureDistance(a: readonly NamedTensor[], b: readonly NamedTensor[]): number {
  const byName = new Map(b.map((tensor) => [tensor.name, tensor.values]));
  let largest = 0;
  for (const { name, values } of a) {
    const others = byName.get(name);
    if (others?.length !== values.length) throw new Error(`The tensor '${name}' is not in both.`);
    values.forEach((value, index) => {
      const difference = Math.abs(value - (others[index] as number));
      // Written so that NaN counts as infinitely far.
      if (!(difference <= largest))
        largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
    });
  }
  return largest;
}

/** A small network with a layer of every kind that is smooth (a residual ends in a ReLU); for 16-pixel patches. */
export const EVERY_LAYER: Layer[] = [
  { ...convolution(8), useBias: false, activation: 'linear' },
  { kind: 'batchNorm' },
  { kind: 'activation', activation: 'tanh' },
  { kind: 'maxPool2d', sizePx: 2, stridePx: 2, padding: 'valid' },
  {
    kind: 'depthwiseConv2d',
    kernelSizePx: 3,
    stridePx: 1,
    padding: 'same',
    useBias: true,
    activation: 'tanh',
  },
  convolution(8),
  { kind: 'avgPool2d', sizePx: 2, stridePx: 2, padding: 'valid' },
  convolution(16),
  { kind: 'globalAveragePool2d' },
  { kind: 'dense', units: 6, activation: 'tanh' },
  { kind: 'dense', units: 1, activation: 'linear' },
];

function convolution(filters: number): Extract<Layer, { kind: 'conv2d' }> {
  const window = { kernelSizePx: 3, stridePx: 1, padding: 'same', useBias: true } as const;
  return { kind: 'conv2d', filters, ...window, activation: 'tanh' };
}

/** NaN where the lists differ in length or hold one. */
export function measureLargest(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))));
}
