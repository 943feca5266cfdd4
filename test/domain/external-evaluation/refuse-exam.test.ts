import {
  doubtSides,
  refuseSeen,
  refuseTask,
  type SharedPatient,
} from '@microtome/domain/external-evaluation/refuse-exam';
import { expect, test } from 'vitest';

const refuse = (shared: SharedPatient[], isTestOpen = false) =>
  refuseSeen({ runName: 'deep', datasetName: 'Utrecht', sites: [], unit: 'PATIENT', isTestOpen, shared });

test('a model is not examined on a patient whom it was trained or tuned on, and the patients are named', () => {
  const refusal = refuse([{ patientKey: 'B', subset: 'VALIDATION', kind: 'PATIENT' }]);
  expect(refusal).toMatchObject({ code: 'CONFLICT' });
  expect(refusal?.message).toBe(
    "'Utrecht' cannot test run 'deep': 1 of its patients was in TRAIN or VALIDATION of the run (B).",
  );
  const many = Array.from({ length: 12 }, (_, at) => ({
    patientKey: `P${10 + at}`,
    subset: 'TRAIN' as const,
    kind: 'PATIENT' as const,
  }));
  expect(refuse(many)?.message).toMatch(/12 of its patients were .*\(P10, .*P19 and 2 more\)/);
});

test('the same pixels under another name are the same picture', () => {
  expect(refuse([{ patientKey: 'X', subset: 'TRAIN', kind: 'PIXELS' }], true)?.message).toBe(
    "'Utrecht' cannot test run 'deep': patches of 1 of its patients have pixels that were in TRAIN or VALIDATION of the run (X).",
  );
});

test('an exam does not show what a sealed TEST hides', () => {
  const shared: SharedPatient[] = [{ patientKey: 'T', subset: 'TEST', kind: 'PIXELS' }];
  expect(refuse(shared)).toMatchObject({ code: 'SEALED' });
  expect(refuse(shared)?.message).toMatch(/1 patient of TEST of run 'deep', which is sealed \(T\)/);
  expect(refuse(shared, true)).toBeNull();
  expect(refuse([])).toBeNull();
});

test('sites and unit are named as the dataset has them', () => {
  const shared: SharedPatient[] = [
    { patientKey: 's1', subset: 'TRAIN', kind: 'PATIENT' },
    { patientKey: 's2', subset: 'TRAIN', kind: 'PATIENT' },
  ];
  const exam = { datasetName: 'WILDS', sites: ['0', '2', '4'], unit: 'SLIDE' as const };
  expect(refuseSeen({ runName: 'deep', isTestOpen: true, shared, ...exam })?.message).toBe(
    "'WILDS' (sites 0, 2 and 4) cannot test run 'deep': 2 of its slides were in TRAIN or VALIDATION of the run (s1, s2).",
  );
});

const home = { sides: ['NEGATIVE', 'POSITIVE'] as const, classNames: ['0', '1'], positiveName: 'IDC' };
const exam = (positiveName: string, classNames: string[], classCounts = [5, 5]) => ({
  ...home,
  positiveName,
  classNames,
  classCounts,
  datasetName: 'Utrecht',
  sites: [],
  name: 'tumour',
});

test('sides match by the names of the classes, or by what the positive side is called', () => {
  expect(refuseTask(home, exam('tumour', ['0', '1']))).toBeNull();
  expect(refuseTask(home, exam('idc ', ['normal', 'ductal']))).toBeNull();
  expect(refuseTask(home, exam('tumour', ['normal', 'tumour']))?.message).toMatch(
    "Task 'tumour' of 'Utrecht' asks for 'tumour', the model for 'IDC': their sides do not match.",
  );
});

test('a task of which the exam has no patch is refused', () => {
  expect(refuseTask(home, { ...exam('IDC', ['0', '1'], [0, 0]), sites: ['B'] })?.message).toBe(
    "'Utrecht' (site B) has no patch of the classes of task 'tumour': there is nothing to evaluate.",
  );
});

const at = (datasetName: string, positiveName: string, classNames: string[]) => ({
  sides: ['NEGATIVE', 'POSITIVE'] as const,
  datasetName,
  positiveName,
  classNames,
});

test('sides whose names say nothing are a matter for a person, who reads the classes of both datasets', () => {
  expect(doubtSides(at('PCam', '1', ['0', '1']), at('Chest', '1', ['0', '1']))).toBe(
    "'PCam' has '1' against '0', 'Chest' has '1' against '0': these names do not tell whether both mean the same.",
  );
  expect(doubtSides(at('PCam', 'tumor', ['0', '1']), at('Chest', '1', ['0', '1']))).toMatch(
    "'PCam' has '1' (as 'tumor') against '0', 'Chest' has '1' against '0'",
  );
  for (const [no, yes] of [
    ['false', 'True'],
    ['negative', 'POSITIVE'],
    ['class_0', 'class_1'],
    ['n', 'y'],
    ['0.0', '1.0'],
  ] as const) {
    expect(doubtSides(at('A', yes, [no, yes]), at('B', yes, [no, yes]))).not.toBeNull();
  }
});

test('a name that tells what is positive leaves no doubt, be it of the side or of a class', () => {
  expect(doubtSides(at('A', 'IDC', ['0', '1']), at('B', 'idc ', ['normal', 'ductal']))).toBeNull();
  expect(doubtSides(at('A', 'x', ['normal', 'tumor']), at('B', 'y', ['normal', 'tumor']))).toBeNull();
  expect(doubtSides(at('A', 'TUM', ['0', 'TUM']), at('B', 'TUM', ['0', 'TUM']))).toBeNull();
});
