/** Few patients are told of, with the least p-value that they can give. */
import { warnOfFewPatients } from '@microtome/domain/statistics/few-patients';
import { expect, it } from 'vitest';

it('says how small a p-value so few patients can give at all', () => {
  // 2 of 2^5 sign patterns are at least as far out as the farthest.
  expect(warnOfFewPatients(5)).toContain('Only 5 patients');
  expect(warnOfFewPatients(5)).toContain('below 0.063');
  expect(warnOfFewPatients(1)).toContain('Only 1 patient:');
  expect(warnOfFewPatients(1)).toContain('below 1.0');
});

it('leaves the limit out where it no longer binds, and says nothing of 20', () => {
  expect(warnOfFewPatients(19)).not.toContain('flips');
  expect(warnOfFewPatients(20)).toBeNull();
});
