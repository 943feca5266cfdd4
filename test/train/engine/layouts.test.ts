/** Blocks of channels are only another way to lie in memory: random networks give the same steps with and without. */
import type { Layer, Padding } from '@microtome/domain/network/layer';
import { probeChannelBlock } from '@microtome/train/engine/onnx/channel-block';
import { createOnnxEngine } from '@microtome/train/engine/onnx/onnx-engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONVOLUTION, createBatch, measureDistance, NORMALISATION, PLAIN_SGD } from './training-case.ts';

const BOUND = 1e-4;
const padding = fc.constantFrom<Padding>('same', 'valid');
const activation = fc.constantFrom('linear', 'tanh', 'relu') as fc.Arbitrary<'linear' | 'tanh' | 'relu'>;
/** 16 fill a block on every machine, 8 on some; 3 fill none. */
const channels = fc.constantFrom(3, 8, 16);

const convolution = fc.record({
  kind: fc.constant('conv2d' as const),
  filters: channels,
  kernelSizePx: fc.integer({ min: 1, max: 3 }),
  stridePx: fc.integer({ min: 1, max: 2 }),
  padding,
  useBias: fc.boolean(),
  activation,
});

const depthwise = fc.record({
  kind: fc.constant('depthwiseConv2d' as const),
  kernelSizePx: fc.integer({ min: 2, max: 3 }),
  stridePx: fc.integer({ min: 1, max: 2 }),
  padding,
  useBias: fc.boolean(),
  activation,
});

const pooling = fc.record({
  kind: fc.constantFrom('maxPool2d' as const, 'avgPool2d' as const),
  sizePx: fc.integer({ min: 2, max: 3 }),
  stridePx: fc.integer({ min: 1, max: 2 }),
  padding,
});

const norm = fc.constant({ kind: 'batchNorm' as const });
const rectifier = fc.record({ kind: fc.constant('activation' as const), activation });

/** Keeps the size, so that the shortcut fits. */
const residual = channels.map((filters): Layer => {
  const conv = {
    kind: 'conv2d',
    filters,
    kernelSizePx: 3,
    stridePx: 1,
    padding: 'same',
    useBias: false,
  } as const;
  return {
    kind: 'residual',
    body: [{ ...conv, activation: 'tanh' }, { ...conv, activation: 'linear' }, { kind: 'batchNorm' }],
    shortcut: [{ ...conv, kernelSizePx: 1, activation: 'linear' }],
  };
});

const network = fc
  .array(fc.oneof(convolution, depthwise, pooling, norm, rectifier, residual), { minLength: 1, maxLength: 4 })
  .chain((middle) =>
    fc
      .constantFrom<Layer>({ kind: 'flatten' }, { kind: 'globalAveragePool2d' })
      .map((end): Layer[] => [
        { ...CONVOLUTION, activation: 'tanh' },
        ...middle,
        end,
        { kind: 'dense', units: 1, activation: 'linear' },
      ]),
  );

describe('the blocked layout', () => {
  it('is there on x86', async () => {
    if (process.arch === 'x64') expect([8, 16]).toContain(await probeChannelBlock());
  });

  it.each([
    { sizePx: 2, stridePx: 2, padding: 'valid', patchSizePx: 12 },
    { sizePx: 3, stridePx: 2, padding: 'same', patchSizePx: 12 },
    // Windows look past the image on both sides, where a zero is more than what is negative.
    { sizePx: 3, stridePx: 2, padding: 'same', patchSizePx: 13 },
  ] as const)(
    'gives every window of $sizePx/$stridePx on $patchSizePx px its gradient once where all its pixels are equal, as in the white of a slide',
    async ({ patchSizePx, ...window }) => {
      const convolution = {
        kind: 'conv2d',
        filters: 16,
        kernelSizePx: 3,
        stridePx: 1,
        useBias: true,
      } as const;
      const layers: Layer[] = [
        { ...convolution, padding: 'valid', activation: 'linear' },
        { kind: 'maxPool2d', ...window },
        { kind: 'globalAveragePool2d' },
        { kind: 'dense', units: 1, activation: 'linear' },
      ];
      const options = {
        layers,
        patchSizePx,
        batchSize: 2,
        normalisation: NORMALISATION,
        seed: 1,
        optimizer: PLAIN_SGD,
        threads: 1,
      };
      const blocked = await createOnnxEngine(options);
      const plain = await createOnnxEngine(options, { channelBlock: 1 });
      const start = await plain.weights();
      const batch = createBatch({ seed: 1, batchSize: 2, patchSizePx, learningRate: 0.5 });
      const white = { ...batch, images: new Uint8Array(batch.images.length).fill(200) };
      await Promise.all([blocked.step(white), plain.step(white)]);
      expect(measureDistance(start, await plain.weights())).toBeGreaterThan(1e-2);
      expect(measureDistance(await blocked.weights(), await plain.weights())).toBeLessThan(1e-5);
      await Promise.all([blocked.dispose(), plain.dispose()]);
    },
  );

  it('changes no step of any network', async () => {
    const cases = fc.record({
      layers: network,
      patchSizePx: fc.integer({ min: 13, max: 18 }),
      batchSize: fc.integer({ min: 1, max: 6 }),
      seed: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ layers, patchSizePx, batchSize, seed }) => {
        const options = {
          layers,
          patchSizePx,
          batchSize,
          normalisation: NORMALISATION,
          seed,
          optimizer: PLAIN_SGD,
          threads: 1,
        };
        const blocked = await createOnnxEngine(options);
        const plain = await createOnnxEngine(options, { channelBlock: 1 });
        const batch = createBatch({ seed, batchSize, patchSizePx, learningRate: 0.01 });
        const [one, other] = [await blocked.step(batch), await plain.step(batch)];
        const distance = measureDistance(await blocked.weights(), await plain.weights());
        await Promise.all([blocked.dispose(), plain.dispose()]);
        expect(Math.abs(one.loss - other.loss)).toBeLessThan(BOUND);
        expect(distance).toBeLessThan(BOUND);
      }),
      { numRuns: 25, seed: 20261123 },
    );
  }, 60_000);
});
