/** The patches that tell a person most, against all of them sorted. */
import { findTellingPatches } from '@microtome/domain/evaluation/telling-patches';
import { createRandom } from '@microtome/domain/seeded-random';
import { expect, it } from 'vitest';

const labels = [1, 0, 1, 0, 1];
const probabilities = [0.9, 0.95, 0.1, 0.45, 0.52];

it('are the most certain of the wrong ones, and those nearest to the threshold', () => {
  const find = (kind: 'ERROR' | 'UNCERTAIN', threshold: number, count = 9) =>
    findTellingPatches({ labels, probabilities }, { kind, threshold, count });
  expect(find('ERROR', 0.5)).toEqual([1, 2]);
  // Called at the threshold itself.
  expect(find('ERROR', 0.45)).toEqual([1, 2, 3]);
  expect(find('ERROR', 0.5, 1)).toEqual([1]);
  expect(find('UNCERTAIN', 0.5)).toEqual([4, 3, 0, 2, 1]);
  expect(find('UNCERTAIN', 0.5, 2)).toEqual([4, 3]);
  expect(find('ERROR', 0.5, 0)).toEqual([]);
  expect(
    findTellingPatches({ labels: [], probabilities: [] }, { kind: 'ERROR', threshold: 0.5, count: 3 }),
  ).toEqual([]);
});

it('are the same as when all are sorted, equal ones in their order', () => {
  const random = createRandom(3);
  const many = Array.from({ length: 5_000 }, () => Math.round(random.next() * 200) / 200);
  const truth = many.map(() => (random.next() < 0.4 ? 1 : 0));
  const threshold = 0.4;
  const positions = many.map((_, at) => at);
  const uncertain = positions.toSorted(
    (a, b) => Math.abs(many[a]! - threshold) - Math.abs(many[b]! - threshold),
  );
  const wrong = positions.filter((at) => many[at]! >= threshold !== (truth[at] === 1));
  const certain = wrong.toSorted((a, b) => Math.abs(many[b]! - truth[b]!) - Math.abs(many[a]! - truth[a]!));
  const find = (kind: 'ERROR' | 'UNCERTAIN') =>
    findTellingPatches({ labels: truth, probabilities: many }, { kind, threshold, count: 60 });
  expect(find('UNCERTAIN')).toEqual(uncertain.slice(0, 60));
  expect(find('ERROR')).toEqual(certain.slice(0, 60));
});
