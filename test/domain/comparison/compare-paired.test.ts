/** Two runs in a pair. */

import { comparePaired } from '@microtome/domain/comparison/compare-paired';
import { expect, test } from 'vitest';
import { EXACT_DIGITS, WORKED_A, WORKED_B } from '../../fixtures/worked-example.ts';
import { createClustered, expectExact, expectExactList } from '../metrics/scored-examples.ts';

test('a paired comparison of the worked example agrees with its parts', () => {
  const compared = comparePaired({
    a: WORKED_A.probabilities,
    b: WORKED_B.probabilities,
    labels: WORKED_A.labels,
    patients: WORKED_A.patients,
    thresholdA: 0.5,
    thresholdB: 0.5,
    draws: 1000,
    seed: 42,
  });
  const auc = compared.differences.find(({ metric }) => metric === 'auc');
  expectExact(auc?.difference, 0.10416666666666674);
  expectExactList(auc?.interval, [0.03125, 0.21999999999999997]);
  expectExact(auc?.pValue, 0.011988011988011988);
  expect(auc?.adjustedP).toBeGreaterThanOrEqual(auc?.pValue ?? 1);
  expectExact(compared.clusteredAuc?.pValue, 0.004088073853521555);
  expectExact(compared.naiveAuc?.pValue, 0.034988680069313646);
  expect(compared.agreement).toMatchObject({ onlyA: 2, onlyB: 0 });
  expect(Object.values(compared.agreement).reduce((sum, count) => sum + count)).toBe(20);
  expect(compared.patients.map(({ onlyA }) => onlyA).reduce((sum, count) => sum + count)).toBe(2);
  expect([compared.patientCount, compared.patchCount, compared.skippedDraws]).toEqual([4, 20, 0]);
});

test('comparing a run with itself finds no difference, and swapping the runs mirrors every difference', () => {
  const scored = createClustered(4);
  const other = scored.probabilities.map((value, index) => (2 * value + (index % 5) / 5) / 3);
  const base = {
    labels: scored.labels,
    patients: scored.patients,
    thresholdA: 0.5,
    thresholdB: 0.4,
    draws: 200,
    seed: 5,
  };
  const itself = comparePaired({ ...base, a: other, b: other, thresholdB: 0.5 });
  expect(itself.differences.every(({ difference, pValue }) => difference === 0 && pValue === 1)).toBe(true);
  expect(itself.clusteredAuc).toMatchObject({ difference: 0, z: 0, pValue: 1 });
  const forward = comparePaired({ ...base, a: scored.probabilities, b: other });
  const backward = comparePaired({
    ...base,
    a: other,
    b: scored.probabilities,
    thresholdA: 0.4,
    thresholdB: 0.5,
  });
  forward.differences.forEach((difference, index) => {
    expect(backward.differences[index]?.difference).toBeCloseTo(-difference.difference, EXACT_DIGITS);
    expectExact(backward.differences[index]?.interval?.[0], -(difference.interval?.[1] ?? 0));
  });
  expect(backward.clusteredMcNemar).toEqual(forward.clusteredMcNemar);
});
