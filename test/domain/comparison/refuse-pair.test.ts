/** Pairs that cannot be tested, each with the sentence that says why; of those that can the first twenty are. */
import {
  countTestPatients,
  MAX_TESTED_PAIRS,
  type PairableSide,
  refusePairs,
} from '@microtome/domain/comparison/refuse-pair';
import { expect, test } from 'vitest';

const RUN: PairableSide = {
  name: 'deep',
  status: 'SUCCEEDED',
  isOpen: true,
  datasetId: 'idc',
  unit: 'PATIENT',
  task: { id: 'idc', name: 'IDC' },
  threshold: 0.5,
  splitId: 'one',
  splitKind: 'PATIENT',
};
const counts = { patients: 6, patientsB: 5, sharedPatients: 3 };

function refuse(changes: Partial<PairableSide>, shared: Partial<typeof counts> & { only?: boolean } = {}) {
  const { only: sharedPatientsOnly = false, ...others } = shared;
  const b = { ...RUN, name: 'shallow', ...changes };
  return refusePairs([{ a: RUN, b, counts: { ...counts, ...others }, sharedPatientsOnly }])[0];
}

test.each([
  [{ status: 'FAILED' as const, isOpen: false }, "Run 'shallow' is FAILED: it has no TEST predictions."],
  [{ isOpen: false }, "TEST of run 'shallow' is sealed: open it first."],
  [{ datasetId: 'other' }, 'The two runs are on different datasets.'],
  [
    { task: { id: 'grade', name: 'high against low' } },
    "Run 'deep' is of task 'IDC', run 'shallow' of task 'high against low': they answer different questions.",
  ],
  [{ threshold: null }, 'One of the two runs has no threshold.'],
  [
    { splitId: 'two', splitKind: 'PATCH' as const },
    /^Run 'shallow' is on a split by patch, .* same split\.$/,
  ],
])('%j is refused', (changes, sentence) => {
  expect(refuse(changes)).toMatch(sentence);
});

test('on one split TEST is the same; on two it may differ, and the shared patients are offered', () => {
  expect(refuse({})).toBeNull();
  const elsewhere = { splitId: 'two' };
  const sizes = 'Their TEST patients differ: 6 and 5, of which they share';
  expect(refuse(elsewhere)).toBe(`${sizes} 3. They can be paired on the 3 that they share.`);
  expect(refuse(elsewhere, { only: true })).toBeNull();
  expect(refuse(elsewhere, { only: true, sharedPatients: 1 })).toBe(`${sizes} 1. They cannot be paired.`);
  expect(refuse(elsewhere, { patients: 5, sharedPatients: 5 })).toBeNull();
});

test('only pairs that could be tested count towards the limit', () => {
  const good = { a: RUN, b: RUN, counts, sharedPatientsOnly: false };
  const sealed = { ...good, b: { ...RUN, isOpen: false } };
  const refusals = refusePairs([sealed, ...Array(MAX_TESTED_PAIRS + 1).fill(good)]);
  expect(refusals.filter((reason) => reason === null)).toHaveLength(MAX_TESTED_PAIRS);
  expect(refusals[0]).toContain('is sealed');
  expect(refusals.at(-1)).toBe('Not computed: 20 pairs are tested at once. Compare fewer runs.');
});

test('patients are counted on both sides; a split by patch has none', () => {
  expect(countTestPatients(new Set(['1', '2', '3']), new Set(['2', '3', '4', '5']))).toEqual({
    patients: 3,
    patientsB: 4,
    sharedPatients: 2,
  });
  expect(countTestPatients(new Set(['1']), undefined)).toEqual({
    patients: 1,
    patientsB: 0,
    sharedPatients: 0,
  });
});
