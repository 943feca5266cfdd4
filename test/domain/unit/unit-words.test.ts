/** What units of splitting are called: every unit has its words, and only what is unknown of patients speaks of them. */
import { SPLITTING_UNITS, type SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import {
  countUnits,
  describeDraws,
  explainUnit,
  nameIndependent,
  nameUnit,
  warnOfIntervals,
} from '@microtome/domain/unit/unit-words';
import { expect, test } from 'vitest';

test('counts follow the unit, in the singular and the plural', () => {
  expect(countUnits('PATIENT', 1)).toBe('1 patient');
  expect(countUnits('SLIDE', 1234)).toBe('1,234 slides');
  expect(countUnits('GROUP', 0)).toBe('0 groups');
  expect(countUnits('NONE', 1)).toBe('patients unknown');
});

test('draws are of whole units, and without one there are none', () => {
  expect(describeDraws('SLIDE', 2000)).toBe('2,000 draws of whole slides');
  expect(describeDraws('NONE', 2000)).not.toContain('draws');
  expect(SPLITTING_UNITS.map(nameIndependent)).toEqual(['patients', 'slides', 'groups', 'patches']);
});

test.each(SPLITTING_UNITS.filter((unit) => unit !== 'PATIENT'))(
  'of %s it is said that patients are unknown',
  (unit) => {
    expect(explainUnit(unit)).toMatch(/^Patients unknown: /);
    expect(warnOfIntervals(unit)).toMatch(/^Patients unknown: .* too narrow\.$/);
  },
);

test('of patients nothing has to be said', () => {
  expect([explainUnit('PATIENT'), warnOfIntervals('PATIENT')]).toEqual([null, null]);
});

test.each<SplittingUnit>(['SLIDE', 'GROUP'])('no word of %s is that of a patient', (unit) => {
  expect(Object.values(nameUnit(unit)).join(' ')).not.toMatch(/patient/i);
});
