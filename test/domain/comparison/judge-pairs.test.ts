/** Verdicts over several pairs: each metric is one question a pair, and p-values are adjusted over all that were tested. */
import type { MetricDifference } from '@microtome/domain/comparison/compare-paired';
import { judgePairs } from '@microtome/domain/comparison/judge-pairs';
import { expect, test } from 'vitest';

const [deep, shallow, residual] = [{ name: 'deep' }, { name: 'shallow' }, { name: 'residual' }];

function measure(
  changes: Partial<MetricDifference> & { metric: MetricDifference['metric'] },
): MetricDifference {
  return {
    a: 0.9,
    b: 0.8,
    difference: 0.1,
    interval: [0.01, 0.2],
    pValue: 0.02,
    adjustedP: 0.03,
    ...changes,
  };
}

function pair(a: { name: string }, b: { name: string }, metrics: MetricDifference[]) {
  return { a, b, unit: 'PATIENT' as const, sharedPatients: 30, metrics };
}

test('one pair alone is not adjusted over pairs', () => {
  const [only] = judgePairs([pair(deep, shallow, [measure({ metric: 'auc' })])]);
  expect(only!.metrics[0]).toMatchObject({
    acrossPairsP: 0.02,
    verdict: { kind: 'BETTER', leader: deep, text: 'deep is better' },
  });
});

test('the same difference among three pairs is taken back by Holm over them', () => {
  const judged = judgePairs([
    pair(deep, shallow, [measure({ metric: 'auc' })]),
    pair(deep, residual, [measure({ metric: 'auc', pValue: 0.5, interval: [-0.1, 0.2] })]),
    pair(shallow, residual, [measure({ metric: 'auc', pValue: 0.9, interval: [-0.1, 0.2] })]),
  ]);
  expect(judged.map(({ metrics }) => [metrics[0]!.acrossPairsP, metrics[0]!.verdict.kind])).toEqual([
    [0.06, 'NOT_AFTER_HOLM'],
    [1, 'NOT_TOLD_APART'],
    [1, 'NOT_TOLD_APART'],
  ]);
});

test('metrics are adjusted apart from each other, and what has no p-value is no question', () => {
  const judged = judgePairs([
    pair(deep, shallow, [measure({ metric: 'auc' }), measure({ metric: 'brier', pValue: 0.001 })]),
    pair(deep, residual, [measure({ metric: 'auc', pValue: null, adjustedP: null, interval: null })]),
    pair(shallow, residual, []),
  ]);
  expect(judged.map(({ metrics }) => metrics.map(({ acrossPairsP }) => acrossPairsP))).toEqual([
    [0.02, 0.001],
    [null],
    [],
  ]);
  expect(judged[0]!.metrics[1]!.verdict).toEqual({
    kind: 'BETTER',
    leader: shallow,
    text: 'shallow is better',
  });
});
