/** What a comparison found, in one sentence: the verdicts in words, with their figures, and what is said of many pairs or none. */
import type { MetricDifference } from '@microtome/domain/comparison/compare-paired';
import { describeComparison, describePair } from '@microtome/domain/comparison/describe-comparison';
import { judgePairs } from '@microtome/domain/comparison/judge-pairs';
import {
  describeRefusedPair,
  type PairTests,
  type TestedPair,
} from '@microtome/domain/comparison/paired-comparison';
import { expect, test } from 'vitest';

const [deep, shallow, wide] = [{ name: 'deep' }, { name: 'shallow' }, { name: 'wide' }];
const AUC: MetricDifference = {
  metric: 'auc',
  a: 0.872,
  b: 0.889,
  difference: -0.017,
  interval: [-0.044, 0.002],
  pValue: 0.08,
  adjustedP: 0.452,
};
const LEADS = {
  difference: -0.03,
  interval: [-0.044, -0.012] as [number, number],
  pValue: 0.004,
  adjustedP: 0.02,
};

/** What is told of a pair rests on its metrics; of its tests, only that there are some. */
function pair(changes: Partial<TestedPair> & { found?: Partial<MetricDifference> | null } = {}): TestedPair {
  const { found = {}, ...rest } = changes;
  const sides = { a: deep, b: shallow, unit: 'PATIENT' as const };
  const counts = { patients: 7, patientsB: 7, sharedPatients: 7 };
  return {
    ...describeRefusedPair({ ...sides, counts }, ''),
    refused: null,
    tests: {} as PairTests,
    metrics: found === null ? [] : [{ ...AUC, ...found }],
    ...rest,
  };
}

const tell = (...pairs: TestedPair[]) => describeComparison(judgePairs(pairs));

test('of two runs: that they are not told apart, by how much they differ, and on how many patients', () => {
  expect(tell(pair())).toBe(
    "On 7 patients of TEST 'deep' and 'shallow' are not told apart (AUC −0.017, 95 % by patient −0.044 to +0.002, p after Holm 0.452).",
  );
});

test('of two runs: who leads, told from the side that leads, and better only on enough patients', () => {
  expect(tell(pair({ found: LEADS }))).toBe(
    "On 7 patients of TEST 'shallow' leads 'deep', on too few patients to call it better (AUC +0.030, 95 % by patient +0.012 to +0.044, p after Holm 0.020).",
  );
  expect(tell(pair({ found: LEADS, sharedPatients: 60 }))).toMatch(
    /^On 60 patients .* 'shallow' is better than 'deep' /,
  );
  expect(tell(pair({ found: { ...LEADS, adjustedP: 0.3 } }))).toContain(
    "'shallow' leads 'deep', but not after Holm",
  );
});

test('without an interval or a class nothing is claimed', () => {
  expect(tell(pair({ found: { interval: null } }))).toContain('whether that is chance cannot be told');
  expect(tell(pair({ found: null }))).toBe(
    "'deep' and 'shallow': AUC does not exist, since a class is missing.",
  );
});

test('what is not split by anything is counted as it is called there', () => {
  const [judged] = judgePairs([pair({ unit: 'NONE', patches: 1 })]);
  expect(describePair(judged!, { of: null, one: 'row' })).toMatch(/^On 1 row 'deep' and/);
  const [several] = judgePairs([pair({ unit: 'NONE', patches: 2400 })]);
  expect(describePair(several!, { of: 'TEST', one: 'patch' })).toMatch(
    /^On 2,400 patches of TEST 'deep' and/,
  );
});

test('of several pairs: how many are told apart, and by whom', () => {
  const better = { ...LEADS, pValue: 0.001 };
  expect(
    tell(
      pair({ found: better, sharedPatients: 60 }),
      pair({ b: wide, sharedPatients: 60 }),
      pair({
        a: shallow,
        b: wide,
        sharedPatients: 60,
        found: { interval: null, pValue: null, adjustedP: null },
      }),
      describeRefusedPair({ a: deep, b: wide, unit: 'PATIENT', counts: pair() }, "TEST of 'wide' is sealed."),
    ),
  ).toBe(
    "Of 3 pairs tested on AUC: 1 told apart ('shallow' is better than 'deep'), 1 not told apart, 1 without an interval. 1 pair not tested.",
  );
});

test('where nothing was tested, why', () => {
  const refuse = (reason: string) =>
    describeRefusedPair({ a: deep, b: shallow, unit: 'PATIENT', counts: pair() }, reason);
  expect(tell(refuse("TEST of 'deep' is sealed."))).toBe(
    "Which is better is not tested: TEST of 'deep' is sealed.",
  );
  expect(tell(refuse('One.'), refuse('Another.'))).toBe(
    'Which is better is not tested, for the reasons below.',
  );
});
