/** Scored patches to try statistics on, and comparisons at the precision of the worked example. */

import type { Scored } from '@microtome/domain/metrics/scored';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { type Placements, placePatches } from '@microtome/domain/statistics/delong';
import fc from 'fast-check';
import { expect } from 'vitest';
import { EXACT_DIGITS, toScored } from '../../fixtures/worked-example.ts';

export function expectExact(actual: number | null | undefined, expected: number) {
  expect(actual).toBeTypeOf('number');
  expect(actual).toBeCloseTo(expected, EXACT_DIGITS);
}

export const scoredPatches = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 1 }), fc.nat(4)), {
    minLength: 4,
  })
  .map((rows) =>
    toScored(
      rows.map(([step]) => step / 20),
      rows.map(([, label]) => label),
      rows.map(([, , patient]) => patient),
    ),
  );

export function createNoisyScores(count: number): Scored {
  const random = createRandom(9);
  const labels = Array.from({ length: count }, () => (random.next() < 0.3 ? 1 : 0));
  return toScored(
    labels.map((label) =>
      Math.min(1, Math.max(0, 0.3 + 0.25 * label + 0.5 * (random.next() + random.next() - 1))),
    ),
    labels,
  );
}

export const seeds = fc.integer({ min: 0, max: 0xffffffff });

export function expectExactList(actual: ArrayLike<number> | null | undefined, expected: number[]) {
  expect(Array.from(actual ?? [])).toHaveLength(expected.length);
  expected.forEach((value, index) => {
    expectExact(actual?.[index], value);
  });
}

export function place(scored: Scored): Placements {
  const placements = placePatches(scored);
  if (!placements) throw new Error('the example has both classes');
  return placements;
}

/** Patients of unequal size with an effect of their own; ties and one-class patients occur. */
export function createClustered(seed: number, patientCount = 12): Scored {
  const random = createRandom(seed);
  const rows: [number, number, number][] = [];
  for (let patient = 0; patient < patientCount; patient++) {
    const effect = gaussian(random);
    const share = random.next();
    const size = 1 + Math.floor(30 * random.next() ** 2);
    for (let patch = 0; patch < size; patch++) {
      const label = random.next() < share ? 1 : 0;
      const logit = 1.4 * label - 0.7 + 0.6 * effect + gaussian(random);
      rows.push([Math.round(40 / (1 + Math.exp(-logit))) / 40, label, patient]);
    }
  }
  rows.push([0.3, 1, 0], [0.6, 0, 0], [0.4, 1, 1], [0.7, 0, 1]);
  return toScored(
    rows.map(([probability]) => probability),
    rows.map(([, label]) => label),
    rows.map(([, , patient]) => patient),
  );
}

/** Every patient a second time, as another patient. */
export function duplicatePatients(scored: Scored): Scored {
  const shift = Math.max(...scored.patients) + 1;
  return toScored(
    [...scored.probabilities, ...scored.probabilities],
    [...scored.labels, ...scored.labels],
    [...scored.patients, ...scored.patients.map((patient) => patient + shift)],
  );
}

/** Each patient as often as it was drawn, patches really repeated. */
export function repeatPatients(scored: Scored, weights: Float64Array): Scored {
  const picked = [...scored.patients.keys()].flatMap((index) =>
    new Array<number>(weights[scored.patients[index] ?? 0] ?? 0).fill(index),
  );
  return toScored(
    picked.map((index) => scored.probabilities[index] ?? 0),
    picked.map((index) => scored.labels[index] ?? 0),
    picked.map((index) => scored.patients[index] ?? 0),
  );
}

export function createLarge(patchCount: number, patientCount: number): Scored {
  const random = createRandom(77);
  const effects = Array.from({ length: patientCount }, () => gaussian(random));
  const patients = Array.from({ length: patchCount }, (_, index) =>
    index < patientCount ? index : Math.floor(patientCount * random.next() ** 1.5),
  );
  const labels = patients.map(() => (random.next() < 0.3 ? 1 : 0));
  const probabilities = patients.map((patient, index) => {
    const logit = 2 * (labels[index] ?? 0) - 1 + 0.8 * (effects[patient] ?? 0) + gaussian(random);
    return 1 / (1 + Math.exp(-logit));
  });
  return toScored(probabilities, labels, patients);
}
