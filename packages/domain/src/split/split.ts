/**
 * What a split is: patients (or, in the unsafe kind, patches) divided into TRAIN, VALIDATION and TEST.
 * The strategies that make one are in this folder, one file each.
 */
import { AppError } from '../app-error.ts';
import type { Subset } from './subset.ts';

export const SPLIT_STRATEGIES = [
  'PATIENT_STRATIFIED',
  'CRUZ_ROA_2014',
  'RANDOM_PATCH',
  'K_FOLD',
  'PUBLISHED',
  'BY_SITE',
  'PRESERVED_SITES',
  'IMPORTED',
] as const;
export const SPLIT_KINDS = ['PATIENT', 'PATCH'] as const;
export const DEFAULT_SPLIT_FRACTIONS: SplitFractions = { train: 0.6, validation: 0.2, test: 0.2 };

const FRACTION_SUM_TOLERANCE = 1e-9;

export type SplitStrategy = (typeof SPLIT_STRATEGIES)[number];

/** PATIENT: no patient is on two sides. PATCH: unsafe, patients are on several sides or not known. */
export type SplitKind = (typeof SPLIT_KINDS)[number];

export type PatientCounts = {
  patientKey: string;
  /** Patches that can be used, of all classes. */
  patches: number;
  /** Those of each class, by its position; all patients count the same classes. */
  classCounts: readonly number[];
};

export type PatientAssignment = { patientKey: string; subset: Subset };

/** Shares of the three subsets, each in (0, 1), together 1. */
export type SplitFractions = { train: number; validation: number; test: number };

/** As a split stores them: empty where its strategy takes none. */
export type ChosenFractions =
  | SplitFractions
  | { train?: undefined; validation?: undefined; test?: undefined };

/** Null where the strategy takes none. */
export function findFractions(chosen: ChosenFractions): SplitFractions | null {
  return chosen.train === undefined ? null : chosen;
}

/** The kind of a strategy; a PUBLISHED or IMPORTED split has that of what was given. It never changes. */
export function getSplitKind(strategy: Exclude<SplitStrategy, 'PUBLISHED' | 'IMPORTED'>): SplitKind {
  return strategy === 'RANDOM_PATCH' ? 'PATCH' : 'PATIENT';
}

/** BAD_INPUT unless each share is above 0 and they sum to 1. */
export function checkSplitFractions(fractions: SplitFractions): void {
  for (const [name, share] of Object.entries(fractions)) {
    if (!(share > 0 && share < 1)) {
      throw new AppError('BAD_INPUT', `The ${name} fraction is ${share}: it must lie between 0 and 1.`);
    }
  }
  const sum = fractions.train + fractions.validation + fractions.test;
  if (Math.abs(sum - 1) > FRACTION_SUM_TOLERANCE) {
    throw new AppError('BAD_INPUT', `The fractions of a split must sum to 1, but they sum to ${sum}.`);
  }
}

/** Patients in the order of their keys (by code unit, the same everywhere); BAD_INPUT for a key given twice. */
export function sortPatients(patients: readonly PatientCounts[]): PatientCounts[] {
  const sorted = [...patients].sort((a, b) => compareKeys(a.patientKey, b.patientKey));
  for (let index = 1; index < sorted.length; index++) {
    const key = sorted[index]?.patientKey;
    if (key === sorted[index - 1]?.patientKey) {
      throw new AppError('BAD_INPUT', `'${key}' is listed twice, so it could land on two sides.`);
    }
  }
  return sorted;
}

/** Orders keys by UTF-16 code units; never by locale, which differs between machines. */
export function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
