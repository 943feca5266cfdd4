/** Intervals from draws of whole patients. */

import { evaluate, evaluateWithIntervals, getMetric } from '@microtome/domain/evaluation/evaluation';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import {
  bootstrapByPatient,
  drawPatients,
  findBootstrapP,
  intervalByPercentile,
} from '@microtome/domain/statistics/cluster-bootstrap';
import { testSignFlip } from '@microtome/domain/statistics/sign-flip';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXACT_DIGITS, toScored, WORKED_A, WORKED_B } from '../../fixtures/worked-example.ts';
import {
  createClustered,
  createLarge,
  expectExact,
  expectExactList,
  repeatPatients,
  seeds,
} from '../metrics/scored-examples.ts';

test('sign-flip by draws agrees with sign-flip by all patterns, and is two-sided', () => {
  const random = createRandom(2);
  const differences = Array.from({ length: 20 }, () => 0.25 + gaussian(random));
  const exact = testSignFlip({ differences, draws: 0, seed: 1 });
  const drawn = testSignFlip({ differences: [...differences, 1e-9], draws: 20_000, seed: 1 });
  expect([exact.isExact, drawn.isExact]).toEqual([true, false]);
  expect(Math.abs(exact.pValue - drawn.pValue)).toBeLessThan(0.015);
  const mirrored = testSignFlip({ differences: differences.map((value) => -value), draws: 0, seed: 1 });
  expect(mirrored.pValue).toBe(exact.pValue);
});

test('the bootstrap by patient of the worked example, draw by draw', () => {
  const { runs, skippedDraws } = bootstrapByPatient({
    runs: [{ scored: WORKED_A, threshold: 0.5 }],
    draws: 1000,
    seed: 42,
  });
  const auc = runs[0]?.auc ?? new Float64Array();
  expect([auc.length, skippedDraws]).toEqual([1000, 0]);
  expectExactList(
    auc.slice(0, 5),
    [0.9393939393939393, 0.9531249999999999, 0.8906249999999999, 0.9531249999999999, 0.9531249999999999],
  );
  const mean = auc.reduce((sum, value) => sum + value, 0) / auc.length;
  expectExact(mean, 0.9217461204767455);
  const variance = auc.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (auc.length - 1);
  expectExact(Math.sqrt(variance), 0.03934309367170361);
  expectExactList(intervalByPercentile(auc), [0.8333333333333334, 0.9949494949494949]);
});

test('the paired bootstrap of the worked example uses the same draws for both runs', () => {
  const { runs } = bootstrapByPatient({
    runs: [WORKED_A, WORKED_B].map((scored) => ({ scored, threshold: 0.5 })),
    draws: 1000,
    seed: 42,
  });
  const differences = Float64Array.from(
    runs[0]?.auc ?? [],
    (value, draw) => value - (runs[1]?.auc[draw] ?? 0),
  );
  expectExactList(intervalByPercentile(differences), [0.03125, 0.21999999999999997]);
  // Two draws are exactly equal in whole numbers; a library that divides first sees no more of them.
  expectExact(findBootstrapP(differences), 0.011988011988011988);
});

test('the bootstrap by patch, each patch its own patient, gives the naive interval of the worked example', () => {
  const everyPatchAlone = { ...WORKED_A, patients: Int32Array.from(WORKED_A.patients.keys()) };
  const { runs } = bootstrapByPatient({
    runs: [{ scored: everyPatchAlone, threshold: 0.5 }],
    draws: 1000,
    seed: 42,
  });
  expectExactList(intervalByPercentile(runs[0]?.auc ?? new Float64Array()), [0.7864583333333334, 1]);
});

test('every metric of a draw is the metric of the drawn patients with their patches repeated', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed);
      const patientCount = Math.max(...scored.patients) + 1;
      const random = createRandom(seed);
      const { runs, keptDraws, skippedDraws } = bootstrapByPatient({
        runs: [{ scored, threshold: 0.5 }],
        draws: 6,
        seed,
      });
      let kept = 0;
      for (let draw = 0; draw < 6; draw++) {
        const repeated = repeatPatients(scored, drawPatients(patientCount, random));
        const metrics = evaluate({ scored: repeated, threshold: 0.5 });
        if (metrics.auc === null) continue;
        for (const metric of Object.keys(runs[0] ?? {}).filter((name) => !name.startsWith('macro.'))) {
          const expected = getMetric(metrics, metric as 'auc');
          const actual = runs[0]?.[metric as 'auc'][kept] ?? Number.NaN;
          expect([metric, Number.isNaN(actual)]).toEqual([metric, expected === null]);
          if (expected !== null) expect(actual).toBeCloseTo(expected, 10);
        }
        kept++;
      }
      expect([keptDraws, skippedDraws]).toEqual([kept, 6 - kept]);
    }),
    { numRuns: 60 },
  );
});

test('with many patches average precision of a draw is within a twentieth of its spread of the exact one', () => {
  const scored = createLarge(8000, 20);
  const { runs } = bootstrapByPatient({ runs: [{ scored, threshold: 0.5 }], draws: 200, seed: 3 });
  const drawn = runs[0]?.averagePrecision ?? new Float64Array();
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const spread = Math.sqrt(drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length);
  const random = createRandom(3);
  for (let draw = 0; draw < 10; draw++) {
    const exact = evaluate({ scored: repeatPatients(scored, drawPatients(20, random)), threshold: 0.5 });
    expect(Math.abs((exact.averagePrecision ?? 0) - (drawn[draw] ?? 0))).toBeLessThan(spread / 20);
    expect(runs[0]?.auc[draw]).toBeCloseTo(exact.auc ?? 0, EXACT_DIGITS);
    expect(runs[0]?.sensitivityAtSpecificity95[draw]).toBeCloseTo(
      exact.sensitivityAtSpecificity95 ?? 0,
      EXACT_DIGITS,
    );
  }
});

test('with more patients than a matrix of them holds, AUC of a draw is still the exact one', () => {
  const scored = createLarge(9_000, 4_500);
  const { runs } = bootstrapByPatient({ runs: [{ scored, threshold: 0.5 }], draws: 5, seed: 3 });
  const random = createRandom(3);
  for (let draw = 0; draw < 5; draw++) {
    const exact = evaluate({ scored: repeatPatients(scored, drawPatients(4_500, random)), threshold: 0.5 });
    expect(runs[0]?.auc[draw]).toBeCloseTo(exact.auc ?? 0, EXACT_DIGITS);
    expect(runs[0]?.f1[draw]).toBeCloseTo(exact.f1 ?? 0, EXACT_DIGITS);
  }
});

test('an evaluation with intervals brackets its metrics and says how far off the naive interval is', () => {
  const scored = createLarge(6000, 40);
  const { metrics, intervals, clusteredAuc, naiveAuc, skippedDraws } = evaluateWithIntervals({
    scored,
    threshold: 0.5,
    draws: 400,
    seed: 1,
  });
  expect(Object.keys(intervals)).toHaveLength(26);
  for (const name of ['auc', 'averagePrecision', 'balancedAccuracy', 'brier', 'macro.auc'] as const) {
    const [low, high] = intervals[name] ?? [1, 0];
    const value = getMetric(metrics, name) ?? Number.NaN;
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
  }
  expect(skippedDraws).toBe(0);
  expect(naiveAuc?.widthRatio).toBeGreaterThan(1.5);
  expect((clusteredAuc?.interval[0] ?? 0) < (naiveAuc?.interval[0] ?? 0)).toBe(true);
  expect(evaluateWithIntervals({ scored, threshold: 0.5, draws: 400, seed: 1 }).intervals).toEqual(intervals);
});

test('a metric that is undefined has no interval, and draws with one class are counted', () => {
  const scored = toScored([0.2, 0.8, 0.3, 0.9], [0, 1, 0, 0], [0, 0, 1, 2]);
  const { metrics, intervals, skippedDraws } = evaluateWithIntervals({
    scored,
    threshold: 0.5,
    draws: 200,
    seed: 1,
  });
  expect(skippedDraws).toBeGreaterThan(20);
  expect(metrics.auc).toBe(2 / 3);
  expect(JSON.stringify(intervals)).not.toMatch(/null|NaN/);
  const oneClass = evaluateWithIntervals({
    scored: toScored([0.2], [0]),
    threshold: 0.5,
    draws: 50,
    seed: 1,
  });
  expect([oneClass.intervals, oneClass.skippedDraws]).toEqual([{}, 50]);
});
