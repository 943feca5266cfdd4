import { CRUZ_ROA_2014, splitCruzRoa2014 } from '@microtome/domain/split/cruz-roa-2014';
import type { PatientCounts } from '@microtome/domain/split/split';
import { SUBSETS } from '@microtome/domain/split/subset';
import { expect, test } from 'vitest';

function patient(patientKey: string, patches: number, positives: number): PatientCounts {
  return { patientKey, patches, classCounts: [patches - positives, positives] };
}

test('the published lists hold 84, 29 and 49 patients, none of them twice', () => {
  expect(SUBSETS.map((subset) => CRUZ_ROA_2014[subset].length)).toEqual([84, 29, 49]);
  expect(new Set(SUBSETS.flatMap((subset) => CRUZ_ROA_2014[subset])).size).toBe(162);
});

test('the published split names absent patients and leaves out those in no list', () => {
  const listed = SUBSETS.flatMap((subset) => CRUZ_ROA_2014[subset]).filter(
    (key) => key !== '8915' && key !== '9024',
  );
  const patients = [...listed, '1', '2'].map((key) => patient(key, 10, 5));
  const { assignments, absent, leftOut } = splitCruzRoa2014(patients);
  expect(absent.sort()).toEqual(['8915', '9024']);
  expect(leftOut).toEqual(['1', '2']);
  expect(assignments).toHaveLength(160);
  expect(assignments.find(({ patientKey }) => patientKey === '9125')?.subset).toBe('TEST');
});

test('the published split is refused where a subset has no patient or one class', () => {
  expect(() => splitCruzRoa2014([patient('1', 10, 5)])).toThrow(/none of the 84 TRAIN patients/);
  const oneClass = [patient('10304', 10, 5), patient('13688', 10, 0), patient('12909', 10, 5)];
  expect(() => splitCruzRoa2014(oneClass)).toThrow(/VALIDATION with one class/);
});
