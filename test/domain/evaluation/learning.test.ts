/** Whether a run has learned: what is called chance, what is not, and what cannot be told. */
import { evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { judgeLearning } from '@microtome/domain/evaluation/learning';
import { createRandom, gaussian, type SeededRandom } from '@microtome/domain/seeded-random';
import { expect, test } from 'vitest';
import { toScored } from '../../fixtures/worked-example.ts';

type Case = { patients: number; patches?: number; score: (label: number, random: SeededRandom) => number };

const FLAT = () => 0.3;
const BLIND = (_: number, random: SeededRandom) => random.next();
const SEEING = (label: number, random: SeededRandom) => 1 / (1 + Math.exp(-2 * label - gaussian(random)));

function judge({ patients, patches = 40, score, seed = 3 }: Case & { seed?: number }) {
  const random = createRandom(seed);
  const keys = Array.from({ length: patients * patches }, (_, patch) => Math.floor(patch / patches));
  const labels = keys.map((_, patch) => (patch % 3 === 0 ? 1 : 0));
  const scored = toScored(
    labels.map((label) => score(label, random)),
    labels,
    keys,
  );
  const { metrics, intervals } = evaluateWithIntervals({ scored, threshold: 0.5, draws: 200, seed: 1 });
  return judgeLearning({ unit: 'PATIENT', subset: 'VALIDATION', metrics, intervals });
}

test('one probability for every patch is never learning, on however few patients and patches', () => {
  for (const patients of [1, 2, 5, 40]) {
    for (const patches of [1, 2, 40]) {
      expect(judge({ patients, patches, score: FLAT })).toEqual({
        state: 'NOT_LEARNED',
        title: 'Did not learn: no better than chance on VALIDATION',
        reason: 'Every patch of VALIDATION gets the same probability, 0.3.',
      });
    }
  }
});

test('probabilities that know nothing are called chance, on many patients and on few', () => {
  for (const patients of [3, 30]) {
    const states = Array.from({ length: 20 }, (_, seed) => judge({ patients, score: BLIND, seed }).state);
    expect(states.filter((state) => state === 'NOT_LEARNED').length).toBeGreaterThanOrEqual(18);
  }
});

test('a run that has learned is not called chance, on one patient and on three', () => {
  for (const patients of [1, 3, 19, 20, 40]) {
    for (let seed = 0; seed < 10; seed++) {
      expect(judge({ patients, score: SEEING, seed }).state).toBe('LEARNED');
    }
  }
});

test('patches so few that a perfect order could be chance tell nothing', () => {
  const perfect = (label: number, random: SeededRandom) => (label + random.next()) / 2;
  expect(judge({ patients: 1, patches: 4, score: perfect })).toMatchObject({
    state: 'UNKNOWN',
    reason: expect.stringContaining('too few patches'),
  });
  const { metrics, intervals } = evaluateWithIntervals({
    scored: toScored([0.1, 0.9], [1, 1]),
    threshold: 0.5,
    draws: 20,
    seed: 1,
  });
  expect(judgeLearning({ unit: 'PATIENT', subset: 'TEST', metrics, intervals })).toMatchObject({
    state: 'UNKNOWN',
    reason: 'TEST has patches of one class alone.',
  });
});

test('an order that is the wrong way round has not learned', () => {
  expect(judge({ patients: 30, score: (label, random) => SEEING(1 - label, random) }).state).toBe(
    'NOT_LEARNED',
  );
});

test('an evaluation of an earlier version, which kept no range, is judged by its AUC', () => {
  const metrics = {
    auc: 0.5,
    patients: 2,
    confusion: { tp: 1, fp: 2, tn: 0, fn: 0 },
    probabilityRange: null,
  };
  const [old, better] = [
    metrics,
    { ...metrics, auc: 0.7, patients: 60, confusion: { tp: 90, fp: 10, tn: 90, fn: 10 } },
  ];
  expect(judgeLearning({ unit: 'PATIENT', subset: 'VALIDATION', metrics: old, intervals: {} }).state).toBe(
    'NOT_LEARNED',
  );
  const judged = judgeLearning({
    unit: 'PATIENT',
    subset: 'VALIDATION',
    metrics: better,
    intervals: { auc: [0.48, 0.8] },
  });
  expect(judged.reason).toBe(
    'AUC on VALIDATION is 0.700, 95 % interval by patient 0.480 to 0.800: it does not lie above 0.5.',
  );
});
