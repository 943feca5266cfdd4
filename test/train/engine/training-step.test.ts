/** Engines against the oracle: the same weights after the same steps, whatever the network and the optimizer. */
import type { Layer } from '@microtome/domain/network/layer';
import { createEngine } from '@microtome/train/engine/create-engine';
import { createOnnxEngine } from '@microtome/train/engine/onnx/onnx-engine';
import type {
  EngineOptions,
  OptimizerOptions,
  TrainingEngine,
} from '@microtome/train/engine/training-engine';
import { describe, expect, it } from 'vitest';
import { trainOracle } from './layers-oracle.ts';
import {
  createBatch,
  measureDistance,
  measureLargest,
  NORMALISATION,
  narrowNetwork,
  PLAIN_SGD,
  smoothNetwork,
} from './training-case.ts';

const SMOOTH_BOUND = 1e-5;
/** Units within rounding of a ReLU's kink may flip, and each flip moves a gradient by a visible amount. */
const RELU_BOUND = 1e-3;
const PATCH_SIZE_PX = 16;
const BATCH_SIZE = 3;

const ADAM: OptimizerOptions = { ...PLAIN_SGD, optimizer: 'adam' };
const OPTIMIZERS: Record<string, OptimizerOptions> = {
  sgd: PLAIN_SGD,
  momentum: { ...PLAIN_SGD, optimizer: 'momentum', momentum: 0.9 },
  adam: ADAM,
  'adamw with weight decay': { ...PLAIN_SGD, optimizer: 'adamw', weightDecay: 0.1 },
  'sgd with clipping': { ...PLAIN_SGD, gradientClipNorm: 0.2 },
  'sgd with focal loss': { ...PLAIN_SGD, focalGamma: 2 },
};

/**
 * `onnx` as it comes, in blocks of channels where the machine has them; `onnx plain` without; `onnx halves` computes its
 * batch in two parts, the second in a thread; `cpu`.
 */
type Subject = 'onnx' | 'onnx plain' | 'onnx halves' | 'cpu';

async function createSubject(subject: Subject, options: EngineOptions): Promise<TrainingEngine> {
  if (subject === 'cpu') return createEngine({ ...options, backend: 'cpu' });
  if (subject === 'onnx halves') return createOnnxEngine({ ...options, threads: 2 }, { partCount: 2 });
  return createOnnxEngine(options, subject === 'onnx plain' ? { channelBlock: 1 } : {});
}

type Comparison = { layers: Layer[]; options: OptimizerOptions; patchSizePx?: number; batchSize?: number };

/** Trains the oracle once and every subject from the same start; the distances are those of the worst subject. */
async function compareWithOracle(subjects: readonly Subject[], comparison: Comparison) {
  const { layers, options, patchSizePx = PATCH_SIZE_PX, batchSize = BATCH_SIZE } = comparison;
  const scale = options.optimizer === 'sgd' ? 15 : 1;
  const batches = [0.003, 0.001].map((learningRate, index) =>
    createBatch({ seed: index, batchSize, patchSizePx, learningRate: learningRate * scale }),
  );
  const size = { patchSizePx, batchSize, normalisation: NORMALISATION };
  const engines = await Promise.all(
    subjects.map((subject) =>
      createSubject(subject, { layers, ...size, seed: 5, optimizer: options, threads: 1 }),
    ),
  );
  const start = (await engines[0]?.weights()) ?? [];
  const oracle = await trainOracle({ layers, patchSizePx, weights: start, options, batches });
  const worst = { weights: 0, loss: 0, logits: 0, update: measureDistance(start, oracle.weights) };
  for (const engine of engines) {
    const losses: number[] = [];
    for (const batch of batches) losses.push((await engine.step(batch)).loss);
    const logits = await engine.predictLogits(batches[0]?.images ?? new Uint8Array(), batchSize);
    worst.weights = Math.max(worst.weights, measureDistance(await engine.weights(), oracle.weights));
    worst.loss = Math.max(worst.loss, measureLargest(losses, oracle.losses));
    worst.logits = Math.max(worst.logits, measureLargest([...logits], [...oracle.logits]));
    await engine.dispose();
  }
  return worst;
}

describe.each(['shallow', 'deep', 'colour-baseline'])(
  'the onnx engine on %s with smooth activations',
  (architecture) => {
    it.each(Object.keys(OPTIMIZERS))('moves every weight as the oracle does under %s', async (name) => {
      const layers = smoothNetwork(narrowNetwork(architecture));
      expectCloseTo(await compareWithOracle(['onnx'], { layers, options: OPTIMIZERS[name] ?? ADAM }));
    });
  },
);

describe('the onnx engine on halves of a batch', () => {
  it.each(Object.keys(OPTIMIZERS))('moves every weight as the oracle does under %s', async (name) => {
    const layers = smoothNetwork(narrowNetwork('shallow'));
    const options = OPTIMIZERS[name] ?? ADAM;
    expectCloseTo(await compareWithOracle(['onnx halves'], { layers, options, batchSize: 4 }));
  });
});

describe('the onnx engine without blocks and the plain JavaScript engine', () => {
  it.each(['shallow', 'deep', 'colour-baseline'])(
    'move every weight of %s as the oracle does',
    async (architecture) => {
      const layers = smoothNetwork(narrowNetwork(architecture));
      expectCloseTo(await compareWithOracle(['onnx plain', 'cpu'], { layers, options: ADAM }));
    },
  );
});

function expectCloseTo(distance: Awaited<ReturnType<typeof compareWithOracle>>): void {
  expect(distance.update).toBeGreaterThan(5e-4);
  expect(distance.weights).toBeLessThan(SMOOTH_BOUND);
  expect(distance.loss).toBeLessThan(SMOOTH_BOUND);
  expect(distance.logits).toBeLessThan(10 * SMOOTH_BOUND);
}

describe('the onnx engine on networks with ReLU', () => {
  it.each(['shallow', 'deep', 'resnet', 'mobile', 'colour-baseline'])(
    'moves the weights of %s as the oracle does, up to units at the kink',
    async (architecture) => {
      const layers = narrowNetwork(architecture);
      const distance = await compareWithOracle(['onnx'], { layers, options: PLAIN_SGD });
      expect(distance.update).toBeGreaterThan(1e-3);
      expect(distance.weights).toBeLessThan(RELU_BOUND);
    },
  );

  // Not against the oracle: its average pooling has a wrong gradient at padded borders.
  it('moves the weights of janowczyk2016 as the plain JavaScript engine does', async () => {
    const layers = smoothNetwork(narrowNetwork('janowczyk2016'));
    const options = {
      layers,
      patchSizePx: PATCH_SIZE_PX,
      batchSize: BATCH_SIZE,
      normalisation: NORMALISATION,
      seed: 5,
      optimizer: PLAIN_SGD,
    };
    const [onnx, plain] = [
      await createEngine({ ...options, backend: 'onnx' }),
      await createEngine({ ...options, backend: 'cpu' }),
    ];
    const batch = createBatch({
      seed: 1,
      batchSize: BATCH_SIZE,
      patchSizePx: PATCH_SIZE_PX,
      learningRate: 0.1,
    });
    const start = await onnx.weights();
    await onnx.step(batch);
    await plain.step(batch);
    expect(measureDistance(start, await onnx.weights())).toBeGreaterThan(1e-3);
    expect(measureDistance(await onnx.weights(), await plain.weights())).toBeLessThan(SMOOTH_BOUND);
    await Promise.all([onnx.dispose(), plain.dispose()]);
  });
});

const WINDOWS: Record<string, Layer[]> = {
  'stride 2, same': [conv({ stridePx: 2 })],
  'stride 2, valid': [conv({ stridePx: 2, padding: 'valid' })],
  'stride 2, valid, with a rest': [
    conv({ kernelSizePx: 2, padding: 'valid' }),
    conv({ stridePx: 2, padding: 'valid' }),
  ],
  '5x5 on two blocks of channels': [conv({ filters: 32 }), conv({ kernelSizePx: 5 })],
  '1x1': [conv({ kernelSizePx: 1 })],
  '1x1, stride 2': [conv({ kernelSizePx: 1, stridePx: 2 })],
  '5x5, valid': [conv({ kernelSizePx: 5, padding: 'valid' })],
  '2x2, same': [conv({ kernelSizePx: 2 })],
  'without bias': [conv({ useBias: false })],
  'depthwise 3x3': [depthwise({})],
  'depthwise, stride 2': [depthwise({ stridePx: 2 })],
  'depthwise 5x5, valid, without bias': [depthwise({ kernelSizePx: 5, padding: 'valid', useBias: false })],
  'max pooling of an odd size': [pool('maxPool2d', { sizePx: 2, stridePx: 2, padding: 'valid' })],
  'max pooling 2/2, same': [pool('maxPool2d', { sizePx: 2, stridePx: 2, padding: 'same' })],
  'max pooling 3/2, same': [pool('maxPool2d', { sizePx: 3, stridePx: 2, padding: 'same' })],
  'max pooling 3/1, valid': [pool('maxPool2d', { sizePx: 3, stridePx: 1, padding: 'valid' })],
  'average pooling 2/2': [pool('avgPool2d', { sizePx: 2, stridePx: 2, padding: 'valid' })],
  'average pooling 3/2, valid': [pool('avgPool2d', { sizePx: 3, stridePx: 2, padding: 'valid' })],
  'global average pooling': [{ kind: 'globalAveragePool2d' }],
  'batch norm of a flat input': [{ kind: 'flatten' }, { kind: 'batchNorm' }],
};

describe('the onnx engine with and without blocks, window by window', () => {
  it.each(Object.keys(WINDOWS))('differentiates %s as the oracle does', async (name) => {
    const tail: Layer[] = [{ kind: 'flatten' }, { kind: 'dense', units: 1, activation: 'linear' }];
    const window = WINDOWS[name] ?? [];
    const isFlat = window.some(({ kind }) => kind === 'globalAveragePool2d' || kind === 'flatten');
    const layers: Layer[] = [conv({ filters: 16 }), ...window, ...tail.slice(isFlat ? 1 : 0)];
    const distance = await compareWithOracle(['onnx', 'onnx plain'], {
      layers,
      options: PLAIN_SGD,
      patchSizePx: 11,
    });
    expect(distance.update).toBeGreaterThan(5e-4);
    expect(distance.weights).toBeLessThan(SMOOTH_BOUND);
  });

  it('differentiates a first layer whose windows leave a rest as the oracle does', async () => {
    const distance = await compareWithOracle(['onnx', 'onnx plain'], {
      layers: [
        conv({ stridePx: 2, padding: 'valid' }),
        { kind: 'flatten' },
        { kind: 'dense', units: 1, activation: 'linear' },
      ],
      options: PLAIN_SGD,
      patchSizePx: 12,
    });
    expect(distance.update).toBeGreaterThan(5e-4);
    expect(distance.weights).toBeLessThan(SMOOTH_BOUND);
  });
});

function conv(options: Partial<Extract<Layer, { kind: 'conv2d' }>>): Layer {
  const layer = { filters: 16, kernelSizePx: 3, stridePx: 1, padding: 'same', useBias: true } as const;
  return { kind: 'conv2d', ...layer, activation: 'tanh', ...options };
}

function depthwise(options: Partial<Extract<Layer, { kind: 'depthwiseConv2d' }>>): Layer {
  const layer = { kernelSizePx: 3, stridePx: 1, padding: 'same', useBias: true } as const;
  return { kind: 'depthwiseConv2d', ...layer, activation: 'tanh', ...options };
}

function pool(
  kind: 'maxPool2d' | 'avgPool2d',
  window: { sizePx: number; stridePx: number; padding: 'same' | 'valid' },
): Layer {
  return { kind, ...window };
}
