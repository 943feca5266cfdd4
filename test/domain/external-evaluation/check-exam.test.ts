import {
  checkSides,
  checkUnseen,
  type SharedPatient,
} from '@microtome/domain/external-evaluation/check-exam';
import { expect, test } from 'vitest';

const check = (shared: SharedPatient[], isTestOpen = false) =>
  checkUnseen({ runName: 'deep', datasetName: 'Utrecht', isTestOpen, shared });

test('a model is not examined on a patient whom it was trained or tuned on, and the patients are named', () => {
  expect(() => check([{ patientKey: 'B', subset: 'VALIDATION', kind: 'PATIENT' }])).toThrow(
    "'Utrecht' is no exam for run 'deep': 1 of its patients were in TRAIN or VALIDATION of the run (B).",
  );
  const many = Array.from({ length: 12 }, (_, at) => ({
    patientKey: `P${10 + at}`,
    subset: 'TRAIN' as const,
    kind: 'PATIENT' as const,
  }));
  expect(() => check(many)).toThrow(/12 of its patients .*\(P10, .*P19 and 2 more\)/);
});

test('the same pixels under another name are the same picture', () => {
  expect(() => check([{ patientKey: 'X', subset: 'TRAIN', kind: 'PIXELS' }], true)).toThrow(
    '1 of its patients with patches whose pixels were in TRAIN or VALIDATION of the run (X)',
  );
});

test('an exam does not show what a sealed TEST hides', () => {
  const shared: SharedPatient[] = [{ patientKey: 'T', subset: 'TEST', kind: 'PIXELS' }];
  expect(() => check(shared)).toThrow(/1 patients of TEST of run 'deep', which is sealed \(T\)/);
  expect(() => check(shared, true)).not.toThrow();
  expect(() => check([])).not.toThrow();
});

test('sides match by the names of the classes, or by what the positive side is called', () => {
  const home = { sides: ['NEGATIVE', 'POSITIVE'] as const, classNames: ['0', '1'], positiveName: 'IDC' };
  const exam = (positiveName: string, classNames: string[]) => ({
    ...home,
    positiveName,
    classNames,
    datasetName: 'Utrecht',
    name: 'tumour',
  });
  expect(() => checkSides(home, exam('tumour', ['0', '1']))).not.toThrow();
  expect(() => checkSides(home, exam('idc ', ['normal', 'ductal']))).not.toThrow();
  expect(() => checkSides(home, exam('tumour', ['normal', 'tumour']))).toThrow(
    "Task 'tumour' of 'Utrecht' asks for 'tumour', the model for 'IDC': their sides do not match.",
  );
});
