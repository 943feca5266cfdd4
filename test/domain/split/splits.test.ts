import { createRandom, type SeededRandom, shuffle } from '@microtome/domain/seeded-random';
import { dealPatientsIntoFolds, splitKFold } from '@microtome/domain/split/k-fold-split';
import { splitPatientsStratified } from '@microtome/domain/split/patient-stratified-split';
import { assignPatch } from '@microtome/domain/split/random-patch-split';
import { getSplitKind, type PatientAssignment, type PatientCounts } from '@microtome/domain/split/split';
import { digestSplit } from '@microtome/domain/split/split-digest';
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const stratify = (request: Omit<Parameters<typeof splitPatientsStratified>[0], 'many'>) =>
  splitPatientsStratified({ ...request, many: 'patients' });

const FRACTIONS = { train: 0.6, validation: 0.2, test: 0.2 };
const SHARES = [
  ['TRAIN', 0.6],
  ['VALIDATION', 0.2],
  ['TEST', 0.2],
] as const;

const seeds = fc.integer({ min: 0, max: 0xffffffff });

/** Patients as in the dataset: 100 to 2,200 patches, shares from a few percent to 70. */
const realisticPatients = fc
  .tuple(fc.integer({ min: 25, max: 60 }), seeds)
  .map(([count, seed]) => createRealisticPatients(count, createRandom(seed)));

/** Anything that a dataset may hold, one-class patients included. */
const arbitraryPatients = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })), {
    minLength: 1,
    maxLength: 14,
  })
  .map((rows) =>
    rows.map(([negatives, positives], index) => patient(`p${index}`, negatives + positives, positives)),
  );

const fractions = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }))
  .map(([a, b, c]) => ({ train: a / (a + b + c), validation: b / (a + b + c), test: c / (a + b + c) }));

function createRealisticPatients(count: number, random: SeededRandom): PatientCounts[] {
  return Array.from({ length: count }, (_, index) => {
    const patches = 100 + Math.floor(2100 * random.next());
    return patient(String(8000 + index), patches, Math.round(patches * (0.02 + 0.68 * random.next() ** 2)));
  });
}

function patient(patientKey: string, patches: number, positives: number): PatientCounts {
  return { patientKey, patches, classCounts: [patches - positives, positives] };
}

function countSubset(subset: Subset, split: { patients: PatientCounts[]; assignments: PatientAssignment[] }) {
  const keys = new Set(split.assignments.filter((one) => one.subset === subset).map((one) => one.patientKey));
  const members = split.patients.filter(({ patientKey }) => keys.has(patientKey));
  const add = (pick: (member: PatientCounts) => number) =>
    members.reduce((sum, member) => sum + pick(member), 0);
  return {
    patients: members.length,
    patches: add((one) => one.patches),
    positives: add((one) => one.classCounts[1]!),
  };
}

test('every patient is on exactly one side and the sides agree in size and positive share, over thousands of seeds', () => {
  const deviations: number[] = [];
  fc.assert(
    fc.property(realisticPatients, seeds, (patients, seed) => {
      const assignments = stratify({ patients, fractions: FRACTIONS, seed });
      expect(assignments.map(({ patientKey }) => patientKey)).toEqual(
        patients.map(({ patientKey }) => patientKey),
      );
      const whole = patients.reduce((sum, one) => sum + one.patches, 0);
      const share = patients.reduce((sum, one) => sum + one.classCounts[1]!, 0) / whole;
      let worst = 0;
      for (const [subset, fraction] of SHARES) {
        const counts = countSubset(subset, { patients, assignments });
        expect(Math.abs(counts.patients - fraction * patients.length)).toBeLessThan(1);
        const ofSize = Math.abs(counts.patches / whole - fraction);
        worst = Math.max(worst, ofSize, Math.abs(counts.positives / counts.patches - share));
      }
      expect(worst).toBeLessThan(0.1);
      deviations.push(worst);
    }),
    { numRuns: 2000 },
  );
  // The search is random and 25 patients leave it little choice: of 20,000 draws one was off by more than 0.04.
  expect(deviations.filter((deviation) => deviation > 0.04).length).toBeLessThanOrEqual(2);
  expect(deviations.filter((deviation) => deviation > 0.01).length).toBeLessThan(0.1 * deviations.length);
}, 60_000);

test('a split either has both classes in every subset or is refused with what to change', () => {
  fc.assert(
    fc.property(arbitraryPatients, fractions, seeds, (patients, shares, seed) => {
      let assignments: PatientAssignment[];
      try {
        assignments = stratify({ patients, fractions: shares, seed });
      } catch (error) {
        expect(error).toMatchObject({
          code: 'BAD_INPUT',
          message: expect.stringMatching(/[Ii]mport more patients/),
        });
        return;
      }
      expect(assignments).toHaveLength(patients.length);
      for (const subset of SUBSETS) {
        const { patches, positives } = countSubset(subset, { patients, assignments });
        expect(positives).toBeGreaterThan(0);
        expect(positives).toBeLessThan(patches);
      }
    }),
    { numRuns: 2000 },
  );
}, 60_000);

test('a split is refused only where no placement with those counts has both classes everywhere', () => {
  const fewPatients = fc
    .array(fc.constantFrom('both', 'positive', 'negative'), { minLength: 3, maxLength: 7 })
    .map((kinds) =>
      kinds.map((kind, index) => patient(`p${index}`, kind === 'both' ? 2 : 1, kind === 'negative' ? 0 : 1)),
    );
  fc.assert(
    fc.property(fewPatients, fractions, (patients, shares) => {
      try {
        stratify({ patients, fractions: shares, seed: 1 });
      } catch {
        // The counts per subset depend on how many patients there are, not on their classes.
        const bothEverywhere = patients.map(({ patientKey }) => patient(patientKey, 2, 1));
        const reference = stratify({ patients: bothEverywhere, fractions: shares, seed: 1 });
        const quotas = SUBSETS.map((subset) => reference.filter((one) => one.subset === subset).length);
        expect(hasAnyPlacement(patients, quotas)).toBe(false);
      }
    }),
    { numRuns: 500 },
  );
});

function hasAnyPlacement(patients: PatientCounts[], quotas: number[]): boolean {
  const place = (index: number, sides: PatientCounts[][]): boolean => {
    const next = patients[index];
    if (!next) {
      return sides.every((side) =>
        [0, 1].every((position) => side.some(({ classCounts }) => classCounts[position]! > 0)),
      );
    }
    return sides.some(
      (side, at) =>
        side.length < (quotas[at] ?? 0) &&
        place(
          index + 1,
          sides.map((old, position) => (position === at ? [...old, next] : old)),
        ),
    );
  };
  return place(0, [[], [], []]);
}

test('the same seed gives the same split whatever the order of the patients, and other seeds other ones', () => {
  fc.assert(
    fc.property(realisticPatients, seeds, seeds, (patients, seed, orderSeed) => {
      const split = stratify({ patients, fractions: FRACTIONS, seed });
      const reordered = shuffle(patients, createRandom(orderSeed));
      expect(stratify({ patients: reordered, fractions: FRACTIONS, seed })).toEqual(split);
      const others = [1, 2, 3, 4].map((step) =>
        stratify({ patients, fractions: FRACTIONS, seed: (seed + step) >>> 0 }),
      );
      // Two seeds may find the same best split of a small cohort; five do not.
      expect(others.some((other) => JSON.stringify(other) !== JSON.stringify(split))).toBe(true);
    }),
    { numRuns: 100 },
  );
}, 60_000);

test('a stratified split of a fixed cohort has a known digest, so a change of the algorithm is noticed', () => {
  const patients = Array.from({ length: 30 }, (_, index) =>
    patient(`${100 + index}`, 50 + 7 * index, 5 + 3 * index),
  );
  const assignments = stratify({ patients, fractions: FRACTIONS, seed: 1 });
  const digest = digestSplit({
    strategy: 'PATIENT_STRATIFIED',
    seed: 1,
    fractions: FRACTIONS,
    datasetDigest: 'd',
    assignments,
  });
  expect(digest).toBe('f065adaae7e40436e3a012ccac03e35ccb5ee94eba350e8f84f7708d897d300c');
});

test.each([
  [{ train: 0.5, validation: 0.2, test: 0.2 }, /must sum to 1/],
  [{ train: 1, validation: 0, test: 0 }, /fraction is 1: it must lie between 0 and 1/],
  [{ train: 0.8, validation: Number.NaN, test: 0.2 }, /validation fraction is NaN/],
])('the fractions %j are refused', (shares, sentence) => {
  const patients = Array.from({ length: 10 }, (_, index) => patient(`${index}`, 10, 5));
  expect(() => stratify({ patients, fractions: shares, seed: 1 })).toThrow(sentence);
});

test('fewer patients than subsets, and a patient listed twice, are refused by name', () => {
  const two = [patient('1', 10, 5), patient('2', 10, 5)];
  expect(() => stratify({ patients: two, fractions: FRACTIONS, seed: 1 })).toThrow(
    /at least 3 patients, but there are 2/,
  );
  const twice = [...two, patient('1', 10, 5)];
  expect(() => stratify({ patients: twice, fractions: FRACTIONS, seed: 1 })).toThrow(/'1' is listed twice/);
});

test('a patch keeps its subset, and the subsets take their fractions of many patches', () => {
  const shares = { train: 0.8, validation: 0.1, test: 0.1 };
  const counts = { TRAIN: 0, VALIDATION: 0, TEST: 0 };
  for (let x = 1; x <= 10_000; x++) {
    const patch = { seed: 5, fractions: shares, patientKey: '10253', x, y: 51 };
    counts[assignPatch(patch)]++;
    if (x < 20) expect(assignPatch({ ...patch })).toBe(assignPatch(patch));
  }
  expect(Math.abs(counts.TRAIN - 8000)).toBeLessThan(150);
  expect(Math.abs(counts.TEST - 1000)).toBeLessThan(120);
  expect(getSplitKind('RANDOM_PATCH')).toBe('PATCH');
  expect(getSplitKind('K_FOLD')).toBe('PATIENT');
});

test("three folds of the worked example are scikit-learn's StratifiedGroupKFold", () => {
  // y = 0,0,1,1,0,1,0,1,0,0,1,0 over groups 1,1,2,2,...,6,6
  const positives = [0, 2, 1, 1, 0, 1];
  const patients = positives.map((count, index) => patient(`${index + 1}`, 2, count));
  const folds = dealPatientsIntoFolds({ many: 'patients', patients, k: 3 });
  const groups = folds.map((fold) => fold.map(({ patientKey }) => Number(patientKey)).sort());
  expect(groups).toEqual([
    [1, 3],
    [2, 6],
    [4, 5],
  ]);
});

test('each patient is TEST in exactly one fold and VALIDATION in exactly one other', () => {
  fc.assert(
    fc.property(realisticPatients, fc.integer({ min: 3, max: 8 }), seeds, (patients, k, orderSeed) => {
      const splits = splitKFold({ many: 'patients', patients, k });
      expect(splits).toHaveLength(k);
      for (const { patientKey } of patients) {
        const subsets = splits.map((split) => split.find((one) => one.patientKey === patientKey)?.subset);
        expect(subsets.filter((subset) => subset === 'TEST')).toHaveLength(1);
        expect(subsets.filter((subset) => subset === 'VALIDATION')).toHaveLength(1);
        expect(subsets.filter((subset) => subset === 'TRAIN')).toHaveLength(k - 2);
      }
      expect(
        splitKFold({ many: 'patients', patients: shuffle(patients, createRandom(orderSeed)), k }),
      ).toEqual(splits);
    }),
    { numRuns: 100 },
  );
});

test('folds that cannot be made are refused with what to change', () => {
  const patients = ['1', '2', '3', '4'].map((key) => patient(key, 10, key === '1' ? 5 : 0));
  expect(() => splitKFold({ many: 'patients', patients, k: 2 })).toThrow(/k of at least 3/);
  expect(() => splitKFold({ many: 'patients', patients, k: 5 })).toThrow(
    /5 folds need at least 5 patients, but there are 4/,
  );
  expect(() => splitKFold({ many: 'patients', patients, k: 3 })).toThrow(
    /would have patches of one class alone: choose a smaller k/,
  );
});

test('a digest depends on every part of a split and not on the order of its lines', () => {
  const assignments: PatientAssignment[] = [
    { patientKey: '1', subset: 'TRAIN' },
    { patientKey: '2', subset: 'VALIDATION' },
    { patientKey: '3', subset: 'TEST' },
  ];
  const base = {
    strategy: 'PATIENT_STRATIFIED' as const,
    seed: 1,
    fractions: FRACTIONS,
    datasetDigest: 'abc',
    assignments,
  };
  const changed = [
    base,
    { ...base, seed: 2 },
    { ...base, seed: null },
    { ...base, fractions: { train: 0.5, validation: 0.3, test: 0.2 } },
    { ...base, datasetDigest: 'abd' },
    { ...base, strategy: 'K_FOLD' as const },
    { ...base, assignments: assignments.slice(1) },
    { ...base, assignments: assignments.map((one) => ({ ...one, subset: 'TRAIN' as const })) },
  ];
  expect(new Set(changed.map(digestSplit)).size).toBe(changed.length);
  expect(digestSplit({ ...base, assignments: assignments.toReversed() })).toBe(digestSplit(base));
  expect(digestSplit(base)).toMatch(/^[0-9a-f]{64}$/);
});
