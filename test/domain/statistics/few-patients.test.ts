/** Few patients are told of, with the least p-value that they can give. */
import { warnOfFewPatients } from '@microtome/domain/statistics/few-patients';
import { expect, it } from 'vitest';

it('says how small a p-value so few patients can give at all', () => {
  // 2 of 2^5 sign patterns are at least as far out as the farthest.
  expect(warnOfFewPatients(5, 'PATIENT')).toContain('Only 5 patients');
  expect(warnOfFewPatients(5, 'PATIENT')).toContain('below 0.063');
  expect(warnOfFewPatients(1, 'PATIENT')).toContain('Only 1 patient:');
  expect(warnOfFewPatients(1, 'PATIENT')).toContain('below 1.0');
});

it('leaves the limit out where it no longer binds, and says nothing of 20', () => {
  expect(warnOfFewPatients(19, 'PATIENT')).not.toContain('flips');
  expect(warnOfFewPatients(20, 'PATIENT')).toBeNull();
});

it('speaks of the unit of the dataset, and without one of patches', () => {
  expect(warnOfFewPatients(5, 'SLIDE')).toMatch(/^Only 5 slides: .* flips slides /);
  expect(warnOfFewPatients(5, 'NONE')).toMatch(/treat patches as independent, and are too narrow/);
  expect(warnOfFewPatients(50, 'NONE')).not.toBeNull();
});
