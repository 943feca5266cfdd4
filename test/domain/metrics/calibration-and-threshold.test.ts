/** Calibration, and how a threshold is chosen. */

import {
  brier,
  calibrate,
  expectedCalibrationError,
  fitTemperature,
  logLoss,
  maximumCalibrationError,
  reliabilityBins,
} from '@microtome/domain/metrics/calibration';
import { classificationMetrics, confusionAt } from '@microtome/domain/metrics/confusion';
import { countByScore } from '@microtome/domain/metrics/roc';
import { chooseThreshold, sensitivityAtSpecificity } from '@microtome/domain/metrics/threshold';
import { createRandom } from '@microtome/domain/seeded-random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toScored, WORKED_A } from '../../fixtures/worked-example.ts';
import { expectExact, scoredPatches } from './scored-examples.ts';

test('Brier score and log loss of the worked example', () => {
  expectExact(brier(WORKED_A), 0.12525);
  expectExact(logLoss(WORKED_A), 0.39925511384487916);
});

test('calibration error of the worked example in both definitions, with 15 and with 5 bins', () => {
  expectExact(expectedCalibrationError(WORKED_A), 0.19);
  expectExact(maximumCalibrationError(WORKED_A), 0.7);
  expectExact(expectedCalibrationError(WORKED_A, { definition: 'topLabel' }), 0.16000000000000006);
  expectExact(expectedCalibrationError(WORKED_A, { binCount: 5 }), 0.10499999999999995);
});

test('the reliability bins of the worked example hold (lower, upper] and leave out empty ones', () => {
  const rounded = (bins: ReturnType<typeof reliabilityBins>) =>
    bins.map((bin) => [bin.index, bin.count, +bin.meanProbability.toFixed(6), +bin.frequency.toFixed(6)]);
  expect(rounded(reliabilityBins(WORKED_A))).toEqual([
    [0, 1, 0.05, 0],
    [1, 2, 0.1, 0],
    [2, 3, 0.183333, 0],
    [4, 1, 0.3, 0],
    [5, 3, 0.383333, 0.333333],
    [6, 1, 0.45, 0],
    [7, 2, 0.5, 0.5],
    [8, 2, 0.575, 1],
    [10, 1, 0.7, 0],
    [11, 2, 0.8, 1],
    [13, 1, 0.9, 1],
    [14, 1, 0.95, 1],
  ]);
  expect(rounded(reliabilityBins(WORKED_A, { definition: 'topLabel' }))).toEqual([
    [7, 2, 0.5, 0.5],
    [8, 5, 0.58, 0.8],
    [9, 1, 0.65, 1],
    [10, 2, 0.7, 0.5],
    [11, 4, 0.8, 1],
    [12, 1, 0.85, 1],
    [13, 3, 0.9, 1],
    [14, 2, 0.95, 1],
  ]);
  expect(reliabilityBins(WORKED_A, { binCount: 5, bins: 'mass' }).map(({ count }) => count)).toEqual([
    4, 4, 4, 4, 4,
  ]);
});

test('Youden, largest F1 and wanted sensitivity choose their thresholds on the worked example', () => {
  const choose = (rule: 'youden' | 'f1' | 'sensitivity', targetSensitivity = 0.95) =>
    chooseThreshold({ scored: WORKED_A, rule, targetSensitivity });
  expectExact(choose('youden'), (0.5 + 0.45) / 2);
  const { sensitivity, specificity } = classificationMetrics(
    confusionAt({ scored: WORKED_A, threshold: choose('youden') }),
  );
  expectExact((sensitivity ?? 0) + (specificity ?? 0) - 1, 0.7083333333333334);
  expectExact(choose('f1'), (0.5 + 0.45) / 2);
  expectExact(choose('sensitivity', 0.875), (0.5 + 0.45) / 2);
  expectExact(choose('sensitivity', 0.95), (0.4 + 0.35) / 2);
});

test('sensitivity at a fixed specificity is that of the last ROC point there', () => {
  expect(sensitivityAtSpecificity(countByScore(WORKED_A), 0.75)).toEqual({
    sensitivity: 0.875,
    threshold: expect.closeTo((0.45 + 0.4) / 2, 15),
  });
  expect(sensitivityAtSpecificity(countByScore(toScored([0.9, 0.1], [0, 1])), 0.9)).toEqual({
    sensitivity: 0,
    threshold: null,
  });
});

test('the chosen threshold is at least as good by its rule as every other score', () => {
  fc.assert(
    fc.property(scoredPatches, (scored) => {
      const youdenAt = (threshold: number) => {
        const { sensitivity, specificity } = classificationMetrics(confusionAt({ scored, threshold }));
        return sensitivity === null || specificity === null ? null : sensitivity + specificity;
      };
      const chosen = youdenAt(chooseThreshold({ scored, rule: 'youden', targetSensitivity: 0.95 }));
      for (const threshold of scored.probabilities) {
        const other = youdenAt(threshold);
        if (chosen !== null && other !== null) expect(chosen).toBeGreaterThanOrEqual(other - 1e-12);
      }
    }),
  );
});

test('temperature scaling finds the temperature by which the logits were sharpened', () => {
  const random = createRandom(5);
  const logits: number[] = [];
  const labels: number[] = [];
  for (let index = 0; index < 50_000; index++) {
    const logit = 6 * random.next() - 3;
    logits.push(logit * 2.5);
    labels.push(random.next() < calibrate(logit, 1) ? 1 : 0);
  }
  expect(Math.abs(fitTemperature(logits, labels) - 2.5)).toBeLessThan(0.1);
  expect(fitTemperature([1, 2], [1, 1])).toBe(1);
  expect(fitTemperature([5, -5], [1, 0])).toBeCloseTo(0.05, 6);
});
