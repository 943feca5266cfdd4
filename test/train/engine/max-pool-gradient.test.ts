/** The gradient of max pooling by WebAssembly, against one that is written out window by window; and steps that are cut at it. */
import { getArchitecture } from '@microtome/domain/network/architectures';
import type { Layer } from '@microtome/domain/network/layer';
import { createEngine } from '@microtome/train/engine/create-engine';
import { createInitialState } from '@microtome/train/engine/initial-state';
import { createMaxPoolGradient } from '@microtome/train/engine/onnx/step/max-pool-gradient';
import { type PooledWindow, planStages } from '@microtome/train/engine/onnx/step/part-stages';
import { createSharedMemory } from '@microtome/train/engine/onnx/step/shared-memory';
import { traceGradients } from '@microtome/train/engine/trace/traced-gradients';
import type { EngineOptions } from '@microtome/train/engine/training-engine';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONVOLUTION,
  createBatch,
  measureDistance,
  NORMALISATION,
  PLAIN_SGD,
  smoothNetwork,
} from './training-case.ts';

const axis = fc
  .record({
    length: fc.integer({ min: 1, max: 7 }),
    filter: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    pad: fc.integer({ min: 0, max: 2 }),
  })
  .filter(({ filter, pad }) => pad < filter)
  .map((drawn) => ({ ...drawn, out: Math.ceil(drawn.length / drawn.stride) }))
  .filter(({ out, stride, pad, length }) => (out - 1) * stride - pad < length);

const shapes = fc.record({
  planes: fc.integer({ min: 1, max: 2 }),
  channels: fc.constantFrom(4, 8, 16),
  rows: axis,
  columns: axis,
});

/** Few different numbers, so that maxima are often equal. */
const number = fc.integer({ min: -2, max: 2 });

describe('the gradient of max pooling', () => {
  it('goes to the first maximum of each window, whatever windows, strides and borders', () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(number), ({ planes, channels, rows, columns }, numbers) => {
        const window: PooledWindow = {
          planes,
          channels,
          inHeight: rows.length,
          inWidth: columns.length,
          outHeight: rows.out,
          outWidth: columns.out,
          filterHeight: rows.filter,
          filterWidth: columns.filter,
          strideHeight: rows.stride,
          strideWidth: columns.stride,
          padTop: rows.pad,
          padLeft: columns.pad,
        };
        const memory = createSharedMemory();
        const draw = (length: number) => {
          const values = memory.allocateFloats(length);
          for (const index of values.keys()) values[index] = numbers.next().value as number;
          return values;
        };
        const inputs = planes * rows.length * columns.length * channels;
        const outputs = planes * rows.out * columns.out * channels;
        const [x, dy, target] = [draw(inputs), draw(outputs), draw(inputs)];
        const y = memory.allocateFloats(outputs);
        const expected = spellOut({ x, y, dy }, window);
        createMaxPoolGradient(memory.memory)({ x, y, dy, target }, window);
        expect([...target]).toEqual(expected);
      }),
    );
  });
});

/** Fills y with the maxima and gives the gradient. */
function spellOut({ x, y, dy }: Record<'x' | 'y' | 'dy', Float32Array>, window: PooledWindow): number[] {
  const { planes, channels, inHeight, inWidth, outHeight, outWidth } = window;
  const gradient = Array<number>(x.length).fill(0);
  let at = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < outHeight; row++) {
      for (let column = 0; column < outWidth; column++) {
        for (let channel = 0; channel < channels; channel++) {
          let place = -1;
          for (let i = 0; i < window.filterHeight; i++) {
            for (let j = 0; j < window.filterWidth; j++) {
              const inRow = row * window.strideHeight - window.padTop + i;
              const inColumn = column * window.strideWidth - window.padLeft + j;
              if (inRow < 0 || inRow >= inHeight || inColumn < 0 || inColumn >= inWidth) continue;
              const here = ((plane * inHeight + inRow) * inWidth + inColumn) * channels + channel;
              if (place < 0 || (x[here] as number) > (x[place] as number)) place = here;
            }
          }
          y[at] = x[place] as number;
          gradient[place] = (gradient[place] as number) + (dy[at] as number);
          at++;
        }
      }
    }
  }
  return gradient;
}

const OPTIONS: EngineOptions = {
  layers: [],
  patchSizePx: 12,
  batchSize: 4,
  normalisation: NORMALISATION,
  seed: 5,
  optimizer: PLAIN_SGD,
};
const overlapping: Layer = { kind: 'maxPool2d', sizePx: 3, stridePx: 2, padding: 'same' };
const end: Layer[] = [{ kind: 'flatten' }, { kind: 'dense', units: 1, activation: 'linear' }];

describe('a step that is cut at its last overlapping max pooling', () => {
  describe.each([
    ['right behind the images', [overlapping, CONVOLUTION, ...end]],
    ['behind one convolution', [CONVOLUTION, overlapping, CONVOLUTION, ...end]],
    [
      'behind several, and another one behind it',
      [CONVOLUTION, CONVOLUTION, overlapping, CONVOLUTION, overlapping, ...end],
    ],
    ['of channels that fill no block', [{ ...CONVOLUTION, filters: 12 }, overlapping, ...end]],
  ])('%s', (_, layers: Layer[]) => {
    it.each([
      ['smooth activations', smoothNetwork(layers)],
      ['ReLU', layers],
    ])('moves the weights as the plain JavaScript engine does, with %s', async (__, given) => {
      const trained = [];
      for (const backend of ['onnx', 'cpu'] as const) {
        const engine = await createEngine({ ...OPTIONS, layers: given, backend });
        for (const seed of [0, 1]) {
          await engine.step(createBatch({ seed, batchSize: 4, patchSizePx: 12, learningRate: 0.05 }));
        }
        trained.push(await engine.weights());
        await engine.dispose();
      }
      const [onnx = [], cpu = []] = trained;
      expect(measureDistance(onnx, cpu)).toBeLessThan(1e-5);
    });
  });

  it.each([
    ['janowczyk2016', 3],
    ['shallow', 1],
    ['deep', 1],
  ])('is one of %s in %i stages', (name, count) => {
    const layers = getArchitecture(name).layers({ width: 1, dropoutRate: 0 });
    const options = { ...OPTIONS, layers, patchSizePx: 48 };
    const stages = planStages(traceGradients(options, createInitialState(options)), 16).stages;
    expect(stages).toHaveLength(count);
  });
});
