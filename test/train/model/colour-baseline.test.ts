/** The figures of the colour baseline, worked out by hand and by the given layers. */
import { buildColourBaseline } from '@microtome/domain/network/colour-baseline';
import { buildModel, getModelWeights } from '@microtome/train/engine/layers-model';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';

const SIZE_PX = 6;
const COLOUR_THRESHOLDS = 9;

beforeAll(async () => {
  tf.enableProdMode();
  await tf.setBackend('cpu');
});

/** The figures alone: what comes before batch norm and logit. */
function computeFigures(pixel: (y: number, x: number) => [number, number, number]): Float32Array {
  const model = buildModel({
    layers: buildColourBaseline({ width: 1 }).slice(0, 4),
    patchSizePx: SIZE_PX,
    seed: 1,
  });
  const values = Array.from({ length: SIZE_PX ** 2 }, (_, at) =>
    pixel(Math.floor(at / SIZE_PX), at % SIZE_PX),
  );
  const figures = model.predict(tf.tensor4d(values.flat(), [1, SIZE_PX, SIZE_PX, 3])) as tf.Tensor;
  return figures.dataSync() as Float32Array;
}

test('an even patch has its place among the thresholds of each colour and no texture', () => {
  const figures = computeFigures(() => [0.25, 0, -3]);
  // Red 0.25 lies above -2 ... 0 and half-way between 0 and 0.5, green at 0, blue below all of them.
  expect([...figures.slice(0, COLOUR_THRESHOLDS)]).toEqual([1, 1, 1, 1, 0.5, 0, 0, 0, 0]);
  expect([...figures.slice(9, 18)]).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0]);
  expect([...figures.slice(18, 27)]).toEqual(new Array(9).fill(0));
  expect(Math.max(...figures.slice(6 * COLOUR_THRESHOLDS))).toBeLessThan(1e-6);
});

test('textures do not change when a patch is turned or mirrored', () => {
  const pixel = (y: number, x: number): [number, number, number] => [
    Math.sin(3 * x + y),
    x * 0.2,
    Math.cos(y),
  ];
  const upright = computeFigures(pixel);
  expect(Math.max(...upright.slice(6 * COLOUR_THRESHOLDS))).toBeGreaterThan(0.1);
  for (const moved of [
    computeFigures((y, x) => pixel(x, y)),
    computeFigures((y, x) => pixel(SIZE_PX - 1 - y, x)),
  ]) {
    moved.forEach((figure, index) => {
      expect(figure).toBeCloseTo(upright[index] as number, 5);
    });
  }
});

test('the given weights are not trained, and the same for every seed', () => {
  const build = (seed: number) =>
    buildModel({ layers: buildColourBaseline({ width: 1 }), patchSizePx: SIZE_PX, seed });
  const trainable = build(1).trainableWeights.map(({ originalName }) => originalName);
  expect(trainable).toEqual(['04-batchNorm/gamma', '04-batchNorm/beta', '05-dense/kernel', '05-dense/bias']);
  const given = (seed: number) => getModelWeights(build(seed)).filter(({ name }) => /^0[013]-/.test(name));
  expect(given(1)).toHaveLength(6);
  expect(given(1)).toEqual(given(2));
});
