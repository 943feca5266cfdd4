import { evaluate } from '@microtome/domain/evaluation/evaluation';
import { evaluateSubgroups } from '@microtome/domain/evaluation/subgroup';
import { createRandom } from '@microtome/domain/seeded-random';
import { expect, test } from 'vitest';
import { toScored } from '../../fixtures/worked-example.ts';

/** Twelve patients of 10, 12, ... 32 patches; patient p has p tenths of positives, at most nine. */
function createScored() {
  const random = createRandom(3);
  const patients = Array.from({ length: 12 }, (_, patient) =>
    new Array<number>(10 + 2 * patient).fill(patient),
  );
  const labels = patients.flatMap((own, patient) =>
    own.map((_, index) => (index < (own.length * Math.min(patient, 9)) / 10 ? 1 : 0)),
  );
  const probabilities = labels.map((label) => 0.3 * label + 0.7 * random.next());
  return toScored(probabilities, labels, patients.flat());
}

test('every patient is in one group of each division, and a group is evaluated as if it were alone', () => {
  const scored = createScored();
  const divisions = evaluateSubgroups({
    subject: { positiveClass: 'IDC', unit: 'PATIENT' },
    scored,
    threshold: 0.5,
    draws: 200,
    seed: 1,
  });
  expect(divisions.map(({ by }) => by)).toEqual(['positiveShare', 'patchCount']);
  for (const { groups } of divisions) {
    expect(groups.flatMap(({ patients }) => patients).sort((a, b) => a - b)).toEqual([...Array(12).keys()]);
    expect(groups.reduce((sum, { patches }) => sum + patches, 0)).toBe(scored.labels.length);
    for (const group of groups) {
      const kept = [...scored.patients.keys()].filter((patch) =>
        group.patients.includes(scored.patients[patch]!),
      );
      const alone = evaluate({
        scored: toScored(
          kept.map((patch) => scored.probabilities[patch]!),
          kept.map((patch) => scored.labels[patch]!),
          kept.map((patch) => group.patients.indexOf(scored.patients[patch]!)),
        ),
        threshold: 0.5,
      });
      expect(group.metrics).toEqual(alone);
      expect(group.positives).toBe(kept.filter((patch) => scored.labels[patch] === 1).length);
    }
  }
});

test('groups are bounded by share and by size, and few patients get no interval', () => {
  const [byShare, bySize] = evaluateSubgroups({
    subject: { positiveClass: 'IDC', unit: 'PATIENT' },
    scored: createScored(),
    threshold: 0.5,
    draws: 200,
    seed: 1,
  });
  expect(byShare!.groups.map(({ title, patients }) => [title, patients.length])).toEqual([
    ['0 % to below 10 %', 1],
    ['10 % to below 40 %', 3],
    ['40 % and more', 8],
  ]);
  expect(byShare!.groups.map(({ intervals }) => 'auc' in intervals)).toEqual([false, false, true]);
  expect(byShare!.groups[0]!.metrics.auc).toBeNull();
  expect(bySize!.groups.map(({ title, patients }) => [title, patients.length])).toEqual([
    ['fewest: 10 to 16', 4],
    ['middle: 18 to 24', 4],
    ['most: 26 to 32', 4],
  ]);
});
