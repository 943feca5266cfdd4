/** Where thresholds lie: between two scores, so that a last bit of a probability moves no patch across. */
import { confusionAt } from '@microtome/domain/metrics/confusion';
import { callAlike, cutBelow } from '@microtome/domain/metrics/cut';
import { markPoints, planExploration } from '@microtome/domain/metrics/explored-points';
import { measureOperatingPoints } from '@microtome/domain/metrics/operating-points';
import { countByScore, prCurve, rocCurve } from '@microtome/domain/metrics/roc';
import { chooseThreshold, THRESHOLD_RULES } from '@microtome/domain/metrics/threshold';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toScored, WORKED_A } from '../../fixtures/worked-example.ts';
import { scoredPatches } from './scored-examples.ts';

const KEEP_ALL = -1;
const ABOVE_HALF = 0.5 + Number.EPSILON / 2;

test('no chosen threshold is a score, wherever another number lies between two scores', () => {
  fc.assert(
    fc.property(scoredPatches, fc.constantFrom(...THRESHOLD_RULES), (scored, rule) => {
      const threshold = chooseThreshold({ scored, rule, targetSensitivity: 0.9 });
      const { scores } = countByScore(scored);
      const isOneClass = new Set(scored.labels).size < 2;
      if (!isOneClass && scores.every((score) => score > 0)) expect(scores).not.toContain(threshold);
    }),
  );
});

test('a threshold between two scores calls what the score above it calls', () => {
  const scores = fc.array(fc.double({ noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(scores, (drawn) => {
      const falling = Float64Array.from(new Set(drawn.map((score) => score + 0)))
        .sort()
        .reverse();
      falling.forEach((score, place) => {
        const cut = cutBelow(falling, place);
        expect(score >= cut).toBe(true);
        if (place + 1 < falling.length) expect(falling[place + 1]! < cut).toBe(true);
        expect(Object.is(cut, -0)).toBe(false);
      });
    }),
    {
      examples: [
        [[0.5, ABOVE_HALF]],
        [[Infinity, -Infinity]],
        [[1, Infinity]],
        [[-Infinity, 3]],
        [[5e-324, 0]],
      ],
    },
  );
});

test('where two scores touch, the threshold is the upper of them', () => {
  expect(cutBelow([ABOVE_HALF, 0.5], 0)).toBe(ABOVE_HALF);
  expect(cutBelow([5e-324, 0], 0)).toBe(5e-324);
  expect(cutBelow([1e308, -1e308], 0)).toBe(0);
  expect(cutBelow([Number.POSITIVE_INFINITY, 1], 0)).toBe(Number.POSITIVE_INFINITY);
});

test('below the lowest score the threshold is halfway to 0, and 0 where that score is 0', () => {
  expect(cutBelow([0.5, 0.25], 1)).toBe(0.125);
  expect(cutBelow([0.5, 0], 1)).toBe(0);
  expect(Object.is(cutBelow([-0], 0), 0)).toBe(true);
  const flat = toScored([0.3, 0.3, 0.3], [0, 1, 0]);
  for (const rule of THRESHOLD_RULES) {
    expect(chooseThreshold({ scored: flat, rule, targetSensitivity: 0.9 })).toBe(0.15);
  }
  const zero = toScored([0, -0, 0], [0, 1, 0]);
  expect(chooseThreshold({ scored: zero, rule: 'youden', targetSensitivity: 0.9 })).toBe(0);
});

test('one class alone still gives one half', () => {
  for (const rule of THRESHOLD_RULES) {
    const scored = toScored([0.2, 0.4], [1, 1]);
    expect(chooseThreshold({ scored, rule, targetSensitivity: 0.9 })).toBe(0.5);
  }
});

test('a probability that another machine rounds in its last digits stays on its side', () => {
  for (const rule of THRESHOLD_RULES) {
    const threshold = chooseThreshold({ scored: WORKED_A, rule, targetSensitivity: 0.95 });
    const counted = confusionAt({ scored: WORKED_A, threshold });
    for (const shift of [-5e-9, 5e-9]) {
      const shifted = { ...WORKED_A, probabilities: WORKED_A.probabilities.map((score) => score + shift) };
      expect(confusionAt({ scored: shifted, threshold })).toEqual(counted);
    }
  }
});

test('every point of the curves is drawn at a threshold that gives it', () => {
  fc.assert(
    fc.property(scoredPatches, (scored) => {
      for (const { threshold, sensitivity, falsePositiveRate } of rocCurve(scored, KEEP_ALL) ?? []) {
        if (threshold === null) continue;
        const { tp, fp, tn, fn } = confusionAt({ scored, threshold });
        expect([tp / (tp + fn), fp / (fp + tn)]).toEqual([sensitivity, falsePositiveRate]);
      }
      for (const { threshold, recall } of prCurve(scored, KEEP_ALL) ?? []) {
        const { tp, fn } = confusionAt({ scored, threshold });
        expect(tp / (tp + fn)).toBe(recall);
      }
    }),
  );
});

test('a stored threshold that is one of the scores is still marked as what its rule chooses', () => {
  const frozen = 0.5;
  const exploration = planExploration({ validation: WORKED_A, targetSensitivity: 0.95, frozen });
  const points = markPoints(measureOperatingPoints(WORKED_A, exploration.thresholds), exploration);
  expect(points.filter(({ isFrozen }) => isFrozen)).toMatchObject([
    { threshold: frozen, rules: ['youden', 'f1'] },
  ]);
  expect(callAlike(WORKED_A.probabilities, [0.5, 0.475])).toBe(true);
  expect(callAlike(WORKED_A.probabilities, [0.45, 0.5])).toBe(false);
});
