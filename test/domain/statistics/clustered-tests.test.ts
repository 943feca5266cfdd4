/** Variances and tests by patient, next to the naive ones. */

import { evaluate } from '@microtome/domain/evaluation/evaluation';
import type { Scored } from '@microtome/domain/metrics/scored';
import { intervalByClopperPearson, intervalByWilson } from '@microtome/domain/statistics/binomial-interval';
import {
  compareAucs,
  covaryByPatient,
  estimateAuc,
  intervalOfAuc,
  intervalOfAucByLogit,
} from '@microtome/domain/statistics/clustered-delong';
import { covaryNaively } from '@microtome/domain/statistics/delong';
import { adjustHolm } from '@microtome/domain/statistics/holm';
import { testClusteredMcNemar, testMcNemar } from '@microtome/domain/statistics/mcnemar';
import { twoSidedP, Z_95 } from '@microtome/domain/statistics/normal';
import { testSignFlip } from '@microtome/domain/statistics/sign-flip';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXACT_DIGITS, WORKED_A, WORKED_B } from '../../fixtures/worked-example.ts';
import {
  createClustered,
  duplicatePatients,
  expectExact,
  expectExactList,
  place,
  repeatPatients,
  seeds,
} from '../metrics/scored-examples.ts';

test('intervals of a proportion are those of Wilson and of Clopper and Pearson', () => {
  expectExactList(intervalByWilson(8, 10), [0.49016247153664183, 0.9433178485456247]);
  expectExactList(intervalByWilson(0, 10), [0, 0.27753279986288926]);
  expectExactList(intervalByWilson(10, 10), [0.7224672001371106, 1]);
  expectExactList(intervalByWilson(45, 50), [0.7863976856252034, 0.9565242350681095]);
  expectExactList(intervalByWilson(13349, 15652), [0.8472260398564561, 0.8583253052471663]);
  expectExactList(intervalByClopperPearson(8, 10), [0.4439045376923585, 0.9747892736731666]);
  expectExactList(intervalByClopperPearson(0, 10), [0, 0.30849710781876083]);
});

test("DeLong's placements of the worked example", () => {
  const { values } = place(WORKED_A);
  const ofLabel = (label: number) => values.filter((_, index) => WORKED_A.labels[index] === label);
  expectExactList(
    ofLabel(1),
    [0.7083333333333334, 0.9166666666666666, 1, 1, 0.875, 1, 0.9166666666666666, 1],
  );
  expectExactList(ofLabel(0), [1, 1, 1, 0.9375, 1, 1, 1, 0.8125, 1, 0.5, 1, 0.875]);
});

test("DeLong's variances, intervals and paired test of the worked example, patches taken for independent", () => {
  const a = place(WORKED_A);
  const covariance = covaryNaively({ a, b: place(WORKED_B), labels: WORKED_A.labels });
  expectExact(covariance?.aa, 0.003111471861471861);
  expectExact(covariance?.bb, 0.008939844877344876);
  expectExact(covariance?.ab, 0.00480530753968254);
  const { standardError, interval } = intervalOfAuc(a.auc, covariance?.aa ?? 0);
  expectExact(standardError, 0.05578056885217164);
  expectExactList(interval, [0.8177554273459202, 1]);
  expectExact(Z_95 * standardError + a.auc, 1.0364112393207465);
  expectExactList(intervalOfAucByLogit(a.auc, covariance?.aa ?? 0), [0.7161503331252393, 0.9846324017167661]);
  expect(intervalOfAucByLogit(1, 0.01)).toBeNull();
  if (!covariance) throw new Error('there is a covariance');
  const paired = compareAucs({ a: a.auc, b: place(WORKED_B).auc }, covariance);
  expectExact(paired?.difference, 0.10416666666666674);
  expectExact(paired?.z, 2.1084893840565084);
  expectExact(paired?.pValue, 0.034988680069313646);
});

test("Obuchowski's clustered variances and test of the worked example", () => {
  const covariance = covaryByPatient({ a: place(WORKED_A), b: place(WORKED_B), ...WORKED_A });
  expectExact(covariance?.aa, 0.0021585849086934155);
  expectExact(covariance?.bb, 0.0028759363747427966);
  expectExact(covariance?.ab, 0.0018591861175411507);
  expectExact(estimateAuc(WORKED_A)?.standardError, 0.04646057370172495);
  if (!covariance) throw new Error('there is a covariance');
  const paired = compareAucs({ a: place(WORKED_A).auc, b: place(WORKED_B).auc }, covariance);
  expectExact(paired?.z, 2.8712845225021346);
  expectExact(paired?.pValue, 0.004088073853521555);
});

test('a published paired comparison of two AUCs follows from their variances', () => {
  // The aneurysmal subarachnoid haemorrhage example of pROC: s100b against wfns.
  const paired = compareAucs(
    { a: 0.7313685636856369, b: 0.8236788617886179 },
    { aa: 0.002668682457172418, bb: 0.0014699147088236264, ab: 0.0011961556737675448 },
  );
  expectExact(paired?.z, -2.2089835914409077);
  expectExact(paired?.pValue, 0.02717578222918815);
  const { interval } = intervalOfAuc(0.7313685636856369, 0.002668682457172418);
  expectExactList(interval, [0.6301182117616226, 0.8326189156096511]);
});

test.each([
  [
    10, 3, 0.09228515625, 2.769230769230769, 0.0960923294556734, 3.769230769230769, 0.0522036353413146,
    0.05737304687499998,
  ],
  [
    25, 10, 0.016673847800120715, 5.6, 0.01796047752607879, 6.428571428571429, 0.011229886652916672,
    0.011330984183587137,
  ],
  [0, 5, 0.0625, 3.2, 0.07363827012030258, 5, 0.025347318677468325, 0.03125],
])(
  'McNemar of %d against %d in its four forms',
  (onlyA, onlyB, exactP, corrected, correctedP, plain, plainP, midP) => {
    const tested = testMcNemar({ onlyA, onlyB });
    expectExact(tested.exactP, exactP);
    expectExact(tested.correctedChiSquare, corrected);
    expectExact(tested.correctedP, correctedP);
    expectExact(tested.chiSquare, plain);
    expectExact(tested.chiSquareP, plainP);
    expectExact(tested.midP, midP);
  },
);

test('runs that never differ have p 1 in every paired test', () => {
  expect(testMcNemar({ onlyA: 0, onlyB: 0 })).toMatchObject({
    exactP: 1,
    midP: 1,
    chiSquareP: 1,
    correctedP: 1,
  });
  expect(testClusteredMcNemar([{ onlyA: 0, onlyB: 0, patches: 5 }]).pValue).toBe(1);
  expect(testSignFlip({ differences: [0, 0], draws: 100, seed: 1 })).toEqual({
    pValue: 1,
    isExact: true,
    differing: 0,
  });
});

test('the tail of a paired test keeps its digits where 1 - cdf would be 0', () => {
  expect(testMcNemar({ onlyA: 400, onlyB: 100 }).chiSquareP).toBeGreaterThan(0);
  expect(twoSidedP(12)).toBeCloseTo(3.55e-33, 35);
});

test("Durkalski's clustered McNemar, the naive one and the exact sign-flip of the worked example", () => {
  const differences = [2, 2, -1, 4, -1];
  const patients = differences.map((difference) => ({
    onlyA: Math.max(difference, 0),
    onlyB: Math.max(-difference, 0),
    patches: 10,
  }));
  expectExact(testClusteredMcNemar(patients).chiSquare, 1.3846153846153846);
  expectExact(testClusteredMcNemar(patients).pValue, 0.23931654122149193);
  const naive = testMcNemar({ onlyA: 10, onlyB: 4 });
  expectExact(naive.chiSquare, 2.5714285714285716);
  expectExact(naive.chiSquareP, 0.10880943004054605);
  const flipped = testSignFlip({ differences: differences.map((value) => value / 10), draws: 0, seed: 1 });
  expect(flipped).toEqual({ pValue: 12 / 32, isExact: true, differing: 5 });
});

test('unequal patients weigh alike in the clustered McNemar: a large one does not outvote the small', () => {
  const patients = [
    { onlyA: 300, onlyB: 0, patches: 1000 },
    { onlyA: 0, onlyB: 3, patches: 10 },
    { onlyA: 0, onlyB: 6, patches: 20 },
  ];
  const expected = (0.3 - 0.3 - 0.3) ** 2 / (3 * 0.3 ** 2);
  expectExact(testClusteredMcNemar(patients).chiSquare, expected);
});

test("Holm's adjustment keeps the order of the hypotheses and never lowers a p-value", () => {
  expectExactList(adjustHolm([0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
  expect(adjustHolm([])).toEqual([]);
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (pValues) => {
      adjustHolm(pValues).forEach((adjusted, index) => {
        expect(adjusted).toBeGreaterThanOrEqual(pValues[index] ?? 0);
        expect(adjusted).toBeLessThanOrEqual(1);
      });
    }),
  );
});

test('duplicating every patient leaves the estimates and shrinks the clustered error by the root of two', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const once = createClustered(seed, 30);
      const twice = duplicatePatients(once);
      expect(evaluate({ scored: twice, threshold: 0.5 }).auc).toBeCloseTo(
        evaluate({ scored: once, threshold: 0.5 }).auc ?? 0,
        EXACT_DIGITS,
      );
      const ratio = (estimateAuc(once)?.standardError ?? 0) / (estimateAuc(twice)?.standardError ?? 1);
      // Exactly the root of two but for the divisors I/(I-1), which fall from 30/29 to 60/59.
      expect(ratio).toBeGreaterThan(Math.SQRT2 * 0.99);
      expect(ratio).toBeLessThan(Math.SQRT2 * 1.04);
    }),
    { numRuns: 100 },
  );
});

test('repeating the patches within each patient leaves the clustered error but halves the naive variance', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const once = createClustered(seed);
      const twice = repeatPatients(once, new Float64Array(Math.max(...once.patients) + 1).fill(2));
      expect(estimateAuc(twice)?.standardError).toBeCloseTo(estimateAuc(once)?.standardError ?? 0, 10);
      const naive = (scored: Scored) =>
        covaryNaively({ a: place(scored), b: place(scored), labels: scored.labels })?.aa ?? 0;
      expect(naive(twice)).toBeLessThan(naive(once) * 0.56);
    }),
    { numRuns: 100 },
  );
});

test("one patch per patient reduces the clustered covariance to DeLong's", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const scored = createClustered(seed);
      const alone = { ...scored, patients: Int32Array.from(scored.patients.keys()) };
      const other = {
        ...alone,
        probabilities: alone.probabilities.map((value, index) => (value + (index % 7) / 7) / 2),
      };
      const pair = { a: place(alone), b: place(other), labels: alone.labels };
      const clustered = covaryByPatient({ ...pair, patients: alone.patients });
      const naive = covaryNaively(pair);
      for (const part of ['aa', 'bb', 'ab'] as const) expectExact(clustered?.[part], naive?.[part] ?? 0);
    }),
    { numRuns: 100 },
  );
});

test('the names and the order of patients do not change any clustered statistic', () => {
  const scored = createClustered(8);
  const count = Math.max(...scored.patients) + 1;
  const renamed = { ...scored, patients: scored.patients.map((patient) => count - 1 - patient) };
  expectExact(estimateAuc(renamed)?.standardError, estimateAuc(scored)?.standardError ?? 0);
});
