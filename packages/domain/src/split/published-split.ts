/**
 * The split that a publisher gives, patch by patch. Where it divides units, each on one side, it is a split by patient;
 * where one stands on several sides, or nothing binds patches together, it is an unsafe one by patch. A publisher who
 * gives no VALIDATION leaves it to be taken from TRAIN.
 */
import { AppError } from '../app-error.ts';
import { deriveFraction } from '../seeded-random.ts';
import { dealPatientsIntoFolds } from './k-fold-split.ts';
import { compareKeys, type PatientAssignment, type PatientCounts } from './split.ts';
import type { Subset } from './subset.ts';

/** A fifth of TRAIN, where VALIDATION is taken from it. */
const VALIDATION_FOLDS = 5;

/** A patient with the sides on which its patches were put; null stands for patches without one. */
export type PublishedPatient = PatientCounts & { given: readonly (Subset | null)[] };

/** The sides that the publisher gives. BAD_INPUT unless there are TRAIN and TEST. */
export function checkPublishedSides(given: ReadonlySet<Subset | null>): { lacksValidation: boolean } {
  if (![...given].some((side) => side !== null)) {
    throw new AppError('BAD_INPUT', 'The source of this dataset gives no split.');
  }
  for (const side of ['TRAIN', 'TEST'] as const) {
    if (!given.has(side)) throw new AppError('BAD_INPUT', `The split that is given has no ${side}.`);
  }
  return { lacksValidation: !given.has('VALIDATION') };
}

/** The sides of patients, or null where one is on several: then it is no split by patient. `many` is what they are called. */
export function splitAsPublished(
  patients: readonly PublishedPatient[],
  many: string,
): PatientAssignment[] | null {
  if (patients.some(({ given }) => given.length > 1)) return null;
  const { lacksValidation } = checkPublishedSides(new Set(patients.flatMap(({ given }) => given)));
  const train = patients.filter(({ given }) => given[0] === 'TRAIN');
  const held = lacksValidation
    ? dealPatientsIntoFolds({ patients: train, k: VALIDATION_FOLDS, many })[0]
    : [];
  const validation = new Set(held?.map(({ patientKey }) => patientKey));
  return patients
    .flatMap(({ patientKey, given: [side] }) => {
      if (!side) return [];
      return [{ patientKey, subset: validation.has(patientKey) ? ('VALIDATION' as const) : side }];
    })
    .sort((a, b) => compareKeys(a.patientKey, b.patientKey));
}

/** The side of one patch of an unsafe published split; null for a patch without one. */
export function placePublishedPatch(patch: {
  given: Subset | null;
  lacksValidation: boolean;
  seed: number;
  index: number;
}): Subset | null {
  const { given, lacksValidation, seed, index } = patch;
  if (given !== 'TRAIN' || !lacksValidation) return given;
  const isHeld = deriveFraction(seed, 'published-split', String(index), 0, 0) < 1 / VALIDATION_FOLDS;
  return isHeld ? 'VALIDATION' : 'TRAIN';
}
