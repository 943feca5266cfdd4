/** What a paired difference allows one to say: by its interval, by every adjusted p-value, by how many patients. */
import {
  describeVerdict,
  judgeDifference,
  type PairedDifference,
} from '@microtome/domain/comparison/judge-difference';
import { ENOUGH_PATIENTS } from '@microtome/domain/statistics/few-patients';
import { expect, test } from 'vitest';

const names = { a: 'shallow', b: 'deep', unit: 'PATIENT' as const };
const ABOVE: PairedDifference = {
  metric: 'auc',
  interval: [0.004, 0.041],
  patients: ENOUGH_PATIENTS,
  adjustedPs: [0.01, 0.01],
};
const read = (changes: Partial<PairedDifference>) =>
  describeVerdict(judgeDifference({ ...ABOVE, ...changes }), names);

test('an interval that holds 0 does not tell the two apart, whatever its point', () => {
  expect(read({ interval: [-0.001, 0.09] })).toBe('not told apart');
  expect(read({ interval: [0, 0.09] })).toBe('not told apart');
  expect(read({ interval: [-0.09, 0] })).toBe('not told apart');
});

test('a − b speaks for a when it lies above 0, and for b where less is better', () => {
  expect(read({})).toBe('shallow is better');
  expect(read({ interval: [-0.04, -0.01] })).toBe('deep is better');
  expect(read({ metric: 'brier' })).toBe('deep is better');
  expect(read({ metric: 'macro.brier', interval: [-0.02, -0.004] })).toBe('shallow is better');
});

test('every adjustment must hold: over the metrics of a pair and over the pairs', () => {
  for (const adjustedPs of [[0.858, 0.01], [0.01, 0.06], [0.05], [0.06, null]]) {
    expect(read({ adjustedPs })).toBe('shallow leads, but not after Holm');
  }
  expect(read({ adjustedPs: [0.049, null] })).toBe('shallow is better');
  expect(read({ adjustedPs: [] })).toBe('shallow is better');
});

test('on few patients nothing is better, and what Holm takes back is said first', () => {
  const patients = ENOUGH_PATIENTS - 1;
  expect(read({ patients })).toBe('shallow leads, on few patients');
  expect(read({ patients, adjustedPs: [0.2] })).toBe('shallow leads, but not after Holm');
});

test('without an interval nothing can be said', () => {
  expect(judgeDifference({ ...ABOVE, interval: null })).toEqual({ kind: 'UNDEFINED', leader: null });
  expect(read({ interval: null })).toBe('undefined');
});
