/** Class weights must not leak into probabilities. */
import { expect, it } from 'vitest';
import { correctPrior } from '../../../workers/train/src/trainer/prior-correction.ts';

it('takes the log of the weights ratio off the bias of the logit and leaves every other weight as it is', () => {
  const tensor = (name: string, ...values: number[]) => ({
    name,
    shape: [values.length],
    values: Float32Array.from(values),
  });
  const weights = [
    tensor('00-dense/bias', 1, 2),
    tensor('02-dense/kernel', 3),
    tensor('02-dense/bias', 0.5),
    tensor('01-batchNorm/moving_mean', 4),
    // Given, so not among the trained ones in front.
    tensor('00-conv2d/bias', 5),
  ];
  const corrected = correctPrior(weights, [0.7, 1.76]);
  expect(corrected[2]!.values[0]).toBeCloseTo(0.5 - Math.log(1.76 / 0.7), 6);
  expect([corrected[0], corrected[1], ...corrected.slice(3)]).toEqual([
    weights[0],
    weights[1],
    ...weights.slice(3),
  ]);
  expect(weights[2]!.values[0]).toBe(0.5);
});
