/** Metrics of one set of scored patches. */

import { evaluate } from '@microtome/domain/evaluation/evaluation';
import { averagedF1, classificationMetrics, confusionAt } from '@microtome/domain/metrics/confusion';
import {
  averageOverPatients,
  divideByPatient,
  tabulatePatients,
} from '@microtome/domain/metrics/patient-table';
import { averagePrecision, prCurve, rocAuc, rocCurve } from '@microtome/domain/metrics/roc';
import { orderByScore } from '@microtome/domain/metrics/score-order';
import { createRandom } from '@microtome/domain/seeded-random';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXACT_DIGITS, toScored, WORKED_A, WORKED_B } from '../../fixtures/worked-example.ts';
import { createNoisyScores, expectExact, scoredPatches } from './scored-examples.ts';

test('AUC and average precision of the worked example, ties counting half', () => {
  expectExact(rocAuc(WORKED_A), 0.9270833333333334);
  expectExact(rocAuc(WORKED_B), 0.8229166666666667);
  expectExact(averagePrecision(WORKED_A), 0.8918650793650793);
  expectExact(averagePrecision(WORKED_B), 0.75);
  // The trapezoid under the curve interpolates where there is no threshold, and is another number.
  expect(averagePrecision(WORKED_A)).not.toBeCloseTo(0.8953373015873016, 4);
});

test('the counts and metrics of the worked example at one half', () => {
  const confusion = confusionAt({ scored: WORKED_A, threshold: 0.5 });
  expect(confusion).toEqual({ tn: 10, fp: 2, fn: 1, tp: 7 });
  const metrics = classificationMetrics(confusion);
  expectExact(metrics.accuracy, 0.85);
  expectExact(metrics.balancedAccuracy, 0.8541666666666667);
  expectExact(metrics.ppv, 0.7777777777777778);
  expectExact(metrics.npv, 10 / 11);
  expectExact(metrics.sensitivity, 0.875);
  expectExact(metrics.specificity, 0.8333333333333334);
  expectExact(metrics.f1, 0.823529411764706);
  expectExact(averagedF1(confusion)?.weighted, 0.851150895140665);
  expectExact(averagedF1(confusion)?.macro, 0.8465473145780051);
  expectExact(metrics.mcc, 0.6975184488828855);
  expectExact(metrics.kappa, 0.6938775510204083);
});

test('the counts and metrics of the worked example at 0.29', () => {
  const confusion = confusionAt({ scored: WORKED_A, threshold: 0.29 });
  expect(confusion).toEqual({ tn: 6, fp: 6, fn: 0, tp: 8 });
  const metrics = classificationMetrics(confusion);
  expectExact(metrics.balancedAccuracy, 0.75);
  expectExact(metrics.f1, 0.7272727272727273);
  expectExact(metrics.mcc, 0.5345224838248488);
  expectExact(metrics.kappa, 0.44444444444444453);
  expectExact(averagedF1(confusion)?.weighted, 0.6909090909090909);
});

test('calling nothing positive gives MCC 0 and F1 0', () => {
  const metrics = classificationMetrics(
    confusionAt({ scored: toScored([0.1, 0.1, 0.1], [0, 0, 1]), threshold: 0.5 }),
  );
  expect(metrics).toMatchObject({ mcc: 0, f1: 0, kappa: 0, ppv: null });
});

test('the published F1 and balanced accuracy follow from their counts, class 1 being positive', () => {
  // A confusion matrix printed by a tutorial that had taken class 0 for positive.
  const metrics = classificationMetrics({ tn: 33107, fp: 6746, fn: 2303, tp: 13349 });
  expect(
    [metrics.sensitivity, metrics.specificity, metrics.balancedAccuracy, metrics.f1].map((value) =>
      value?.toFixed(4),
    ),
  ).toEqual(['0.8529', '0.8307', '0.8418', '0.7469']);
});

test('the full ROC curve of the worked example, point by point', () => {
  const curve = rocCurve(WORKED_A, -1) ?? [];
  expect(curve.map((point) => Math.round(point.falsePositiveRate * 12))).toEqual([
    0, 0, 0, 0, 1, 1, 1, 2, 3, 4, 5, 6, 8, 9, 11, 12,
  ]);
  expect(curve.map((point) => Math.round(point.sensitivity * 8))).toEqual([
    0, 1, 2, 4, 4, 5, 6, 7, 7, 8, 8, 8, 8, 8, 8, 8,
  ]);
  const scores = [0.95, 0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.2, 0.15, 0.1, 0.05];
  const middles = scores.map((score, place) => (score + (scores[place + 1] ?? 0)) / 2);
  expect(curve.map(({ threshold }) => threshold)).toEqual([
    null,
    ...middles.map((middle) => expect.closeTo(middle, 15)),
  ]);
});

test('thinned curves of many patches keep their ends and their area', () => {
  const scored = createNoisyScores(20_000);
  const curve = rocCurve(scored) ?? [];
  expect(curve.length).toBeLessThan(400);
  expect([curve.at(0), curve.at(-1)]).toMatchObject([
    { falsePositiveRate: 0, sensitivity: 0 },
    { falsePositiveRate: 1, sensitivity: 1 },
  ]);
  const area = curve.slice(1).reduce((sum, point, index) => {
    const before = curve[index] as (typeof curve)[number];
    return (
      sum +
      ((point.falsePositiveRate - before.falsePositiveRate) * (point.sensitivity + before.sensitivity)) / 2
    );
  }, 0);
  expect(Math.abs(area - (rocAuc(scored) ?? 0))).toBeLessThan(0.0005);
  expect((prCurve(scored) ?? []).length).toBeLessThan(2000);
});

test('a metric that needs a class which is missing is null, never NaN or 0', () => {
  const metrics = evaluate({ scored: toScored([0.2, 0.9], [0, 0]), threshold: 0.5 });
  expect(metrics).toMatchObject({
    auc: null,
    averagePrecision: null,
    sensitivity: null,
    balancedAccuracy: null,
    f1: null,
    mcc: null,
    kappa: null,
    specificity: 0.5,
    sensitivityAtSpecificity90: null,
    prevalence: 0,
    macro: { auc: null, specificity: 0.5 },
    macroPatients: { auc: 0, specificity: 1 },
  });
  expect(rocCurve(toScored([0.2], [1]))).toBeNull();
  expect(JSON.stringify(evaluate({ scored: toScored([], []), threshold: 0.5 }))).not.toContain('NaN');
});

test('predictions that do not line up or are no probabilities are refused', () => {
  const scored = toScored([0.2, 0.9], [0, 1]);
  const short = { ...scored, labels: Uint8Array.of(1) };
  expect(() => evaluate({ scored: short, threshold: 0.5 })).toThrow(
    /2 probabilities, 1 labels and 2 patients/,
  );
  const wrong = toScored([0.2, Number.NaN], [0, 1]);
  expect(() => evaluate({ scored: wrong, threshold: 0.5 })).toThrow(/Prediction 1 is NaN/);
});

test('a monotone transform of the scores leaves AUC and average precision unchanged', () => {
  fc.assert(
    fc.property(scoredPatches, (scored) => {
      const stretched = {
        ...scored,
        probabilities: scored.probabilities.map((score) => Math.exp(3 * score) - 40),
      };
      expect(rocAuc(stretched)).toBe(rocAuc(scored));
      expect(averagePrecision(stretched)).toBe(averagePrecision(scored));
    }),
  );
});

test('swapping the classes mirrors AUC, specificity and sensitivity, and leaves kappa and MCC', () => {
  fc.assert(
    fc.property(scoredPatches, (scored) => {
      const swapped = {
        ...scored,
        probabilities: scored.probabilities.map((score) => -score),
        labels: scored.labels.map((label) => 1 - label),
      };
      const auc = rocAuc(scored);
      const swappedAuc = rocAuc({ ...swapped, probabilities: scored.probabilities });
      expect(rocAuc(swapped)).toBe(auc);
      if (auc !== null) expect(swappedAuc).toBeCloseTo(1 - auc, EXACT_DIGITS);
      const { tp, fp, tn, fn } = confusionAt({ scored, threshold: 0.5 });
      const metrics = classificationMetrics({ tp, fp, tn, fn });
      const mirrored = classificationMetrics({ tp: tn, fp: fn, tn: tp, fn: fp });
      expect(mirrored).toMatchObject({
        sensitivity: metrics.specificity,
        npv: metrics.ppv,
        balancedAccuracy: metrics.balancedAccuracy,
      });
      if (metrics.mcc !== null) expect(mirrored.mcc).toBeCloseTo(metrics.mcc, EXACT_DIGITS);
      if (metrics.kappa !== null) expect(mirrored.kappa).toBeCloseTo(metrics.kappa, EXACT_DIGITS);
    }),
  );
});

test('AUC is the share of pairs that are in order, counted one by one', () => {
  fc.assert(
    fc.property(scoredPatches, (scored) => {
      let wins = 0;
      let pairs = 0;
      scored.labels.forEach((positive, at) => {
        scored.labels.forEach((negative, other) => {
          if (positive !== 1 || negative !== 0) return;
          const difference = (scored.probabilities[at] ?? 0) - (scored.probabilities[other] ?? 0);
          wins += difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
          pairs++;
        });
      });
      if (pairs === 0) expect(rocAuc(scored)).toBeNull();
      else expect(rocAuc(scored)).toBeCloseTo(wins / pairs, EXACT_DIGITS);
    }),
  );
});

test('the radix order of many scores is the order of a stable comparison sort', () => {
  const random = createRandom(3);
  const scores = Float64Array.from({ length: 10_000 }, () => {
    const draw = random.next();
    if (draw < 0.1) return draw < 0.05 ? 0 : -0;
    return draw < 0.3
      ? -Math.round(100 * random.next())
      : random.next() * 10 ** Math.floor(20 * random.next() - 10);
  });
  const expected = Uint32Array.from(scores.keys()).sort(
    (a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b,
  );
  expect(orderByScore(scores)).toEqual(expected);
});

test('per-patient rows are the metrics of the own patches, and macro averages skip patients without the metric', () => {
  const scored = toScored([0.9, 0.1, 0.8, 0.7, 0.2], [1, 0, 0, 0, 1], [0, 0, 1, 1, 3]);
  const rows = tabulatePatients({ scored, threshold: 0.5 });
  expect(rows.map(({ patient, patches, positives }) => [patient, patches, positives])).toEqual([
    [0, 2, 1],
    [1, 2, 0],
    [3, 1, 1],
  ]);
  expect(rows.map(({ auc }) => auc)).toEqual([1, null, null]);
  expect(rows.map(({ predictedArea, trueArea }) => [predictedArea, trueArea])).toEqual([
    [0.5, 0.5],
    [1, 0],
    [0, 1],
  ]);
  expect(averageOverPatients(rows, 'auc')).toBe(1);
  expect(averageOverPatients(rows, 'accuracy')).toBeCloseTo(1 / 3, EXACT_DIGITS);
  expect(divideByPatient(scored)[1]?.probabilities).toEqual(Float64Array.of(0.8, 0.7));
});
