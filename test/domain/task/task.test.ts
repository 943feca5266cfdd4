/** Tasks by the names of classes: sides, labels, counts, names, and what an import proposes. */
import { proposeTask } from '@microtome/domain/task/propose-task';
import {
  countSides,
  haveSameSides,
  labelClass,
  type NamedSides,
  nameNegativeSide,
  nameTask,
  placeClasses,
} from '@microtome/domain/task/task';
import { expect, test } from 'vitest';

const KATHER = ['ADI', 'BACK', 'NORM', 'STR', 'TUM'];

test('a class is on one side; what is not named is negative, or left out where the negative ones are named', () => {
  expect(placeClasses(KATHER, { positive: ['TUM'] })).toEqual([
    ...['NEGATIVE', 'NEGATIVE', 'NEGATIVE', 'NEGATIVE', 'POSITIVE'],
  ]);
  const named = placeClasses(KATHER, { positive: ['TUM', 'STR'], negative: ['NORM'] });
  expect(named).toEqual(['LEFT_OUT', 'LEFT_OUT', 'NEGATIVE', 'POSITIVE', 'POSITIVE']);
  expect(KATHER.map((_, position) => labelClass(named, position))).toEqual([null, null, 0, 1, 1]);
  expect(countSides(named, [1, 20, 300, 4_000, 50_000])).toEqual({
    positives: 54_000,
    negatives: 300,
    leftOut: 21,
  });
});

test.each<[NamedSides, string]>([
  [{ positive: ['tum'] }, "no class 'tum': its classes are 'ADI', 'BACK', 'NORM', 'STR', 'TUM'"],
  [{ positive: ['TUM'], negative: ['TUM'] }, "The class 'TUM' is named twice"],
  [{ positive: [] }, 'The task has no positive class'],
  [{ positive: KATHER }, 'The task has no negative class'],
  [{ positive: ['TUM'], negative: [] }, 'The task has no negative class'],
])('%j is refused', (sides, sentence) => {
  expect(() => placeClasses(KATHER, sides)).toThrow(sentence);
});

test('a task is named by its sides', () => {
  const name = (classNames: string[], sides: NamedSides) =>
    nameTask(placeClasses(classNames, sides), classNames);
  expect(name(KATHER, { positive: ['TUM'] })).toBe('TUM against all');
  expect(name(['benign', 'malignant'], { positive: ['malignant'] })).toBe('malignant against benign');
  expect(name(KATHER, { positive: ['TUM', 'STR'], negative: ['NORM', 'ADI'] })).toBe(
    'STR or TUM against ADI or NORM',
  );
});

test('the negative side is called by its classes, or as not the positive one where they are many', () => {
  const name = (classNames: string[], sides: NamedSides) =>
    nameNegativeSide(placeClasses(classNames, sides), { classNames, positiveName: 'tumour' });
  expect(name(['benign', 'malignant'], { positive: ['malignant'] })).toBe('benign');
  expect(name(['not IDC', 'IDC'], { positive: ['IDC'] })).toBe('not IDC');
  expect(name(KATHER, { positive: ['TUM'], negative: ['NORM', 'STR'] })).toBe('NORM or STR');
  expect(name(KATHER, { positive: ['TUM'] })).toBe('not tumour');
});

test('two tasks are the same where the same names are on the same sides, whatever is left out', () => {
  const of = (classNames: string[], sides: NamedSides) => ({
    classNames,
    sides: placeClasses(classNames, sides),
  });
  const tum = { positive: ['TUM'], negative: ['NORM', 'STR'] };
  expect(haveSameSides(of(KATHER, tum), of(['STR', 'TUM', 'NORM'], tum))).toBe(true);
  expect(haveSameSides(of(KATHER, tum), of(KATHER, { positive: ['TUM'] }))).toBe(false);
  expect(haveSameSides(of(KATHER, tum), of(KATHER, { positive: ['NORM', 'STR'], negative: ['TUM'] }))).toBe(
    false,
  );
});

test('an import proposes what was asked for, then the usual name of tumour, then the last class', () => {
  const positiveOf = (classNames: string[]) => proposeTask(classNames, null)?.positiveName;
  expect(positiveOf(['Tumor', 'normal'])).toBe('Tumor');
  expect(positiveOf(['0', '1'])).toBe('1');
  expect(positiveOf(['HP', 'SSA'])).toBe('SSA');
  expect(positiveOf(['a', 'b', 'c'])).toBe('c');
  expect(proposeTask(['0', '1'], { positive: ['0'] })?.sides).toEqual(['POSITIVE', 'NEGATIVE']);
  expect(proposeTask(['only'], null)).toBeNull();
  expect(() => proposeTask(['only'], { positive: ['only'] })).toThrow('no negative class');
});
