import { formatPatchName, isPatientFolder, parsePatchName } from '@microtome/domain/slide/patch-name';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('a name of the IDC layout gives patient, column, row and class', () => {
  expect(parsePatchName('10253_idx5_x1001_y551_class0.png')).toEqual({
    patientKey: '10253',
    x: 1001,
    y: 551,
    label: 0,
  });
});

test('a name that was written is read back', () => {
  const offset = fc.integer({ min: 0, max: 9_999_999 });
  fc.assert(
    fc.property(
      fc.nat(999_999),
      offset,
      offset,
      fc.constantFrom(0 as const, 1 as const),
      (patient, x, y, label) => {
        const name = { patientKey: String(patient), x, y, label };
        expect(parsePatchName(formatPatchName(name))).toEqual(name);
      },
    ),
  );
});

test.each([
  '10253_idx5_x1001_y551_class2.png',
  '10253_idx4_x1_y551_class0.png',
  'a10253_idx5_x1_y551_class0.png',
  '10253_idx5_x-1_y551_class0.png',
  '10253_idx5_x1_y551_class0.png.txt',
  '../../10253_idx5_x1_y551_class0.png',
  '',
])('the name %j is not in the layout', (name) => {
  expect(parsePatchName(name)).toBeNull();
});

test('a patient folder is named by digits only, so the nested copy of the archive is not one', () => {
  expect(isPatientFolder('10253')).toBe(true);
  expect(isPatientFolder('IDC_regular_ps50_idx5')).toBe(false);
});
