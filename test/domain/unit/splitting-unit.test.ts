import { NOTHING_TOLD, type SourcePatch } from '@microtome/domain/source/source-patch';
import {
  findSplittingUnit,
  keySplittingUnit,
  measureUnits,
  type SplittingUnit,
} from '@microtome/domain/unit/splitting-unit';
import { expect, test } from 'vitest';

const tell = (facts: Partial<SourcePatch>): SourcePatch => ({ path: 'a.png', ...NOTHING_TOLD, ...facts });

test('the unit is the largest thing that is told of every patch', () => {
  expect(findSplittingUnit([tell({ patient: 'a', slide: 's' })])).toBe('PATIENT');
  expect(findSplittingUnit([tell({ patient: 'a', slide: 's' }), tell({ slide: 't' })])).toBe('SLIDE');
  expect(findSplittingUnit([tell({ group: '7' }), tell({ group: '8', slide: 't' })])).toBe('GROUP');
});

test('patches that share nothing, and no patches, have no unit', () => {
  expect(findSplittingUnit([tell({ patient: 'a' }), tell({ slide: 's' })])).toBe('NONE');
  expect(findSplittingUnit([])).toBe('NONE');
});

test('units that any patch has are measured by what lacks them', () => {
  const patches = [tell({ patient: 'a', slide: 's' }), tell({ slide: 't' }), tell({ slide: 't' })];
  expect(measureUnits(patches)).toEqual([
    { unit: 'PATIENT', lacking: 2 },
    { unit: 'SLIDE', lacking: 0 },
    { unit: 'NONE', lacking: 0 },
  ]);
  expect(measureUnits([])).toEqual([{ unit: 'NONE', lacking: 0 }]);
});

test('a patch is known by the key of the unit', () => {
  const facts = tell({ patient: 'a', slide: 's', group: 'g' });
  const units: SplittingUnit[] = ['PATIENT', 'SLIDE', 'GROUP', 'NONE'];
  expect(units.map((unit) => keySplittingUnit(unit, facts))).toEqual(['a', 's', 'g', null]);
});
