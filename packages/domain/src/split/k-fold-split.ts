/**
 * Cross-validation by patient: the algorithm of scikit-learn's StratifiedGroupKFold, which deals whole
 * patients into k folds of like class balance. Each fold is TEST once, the next one VALIDATION, the rest TRAIN.
 */
import { AppError } from '../app-error.ts';
import { type PatientAssignment, type PatientCounts, sortPatients } from './split.ts';
import { SUBSETS, type Subset } from './subset.ts';

/** numpy's `isclose`: two spreads this near are equal, and the smaller fold wins. */
const CLOSE_RELATIVE = 1e-5;
const CLOSE_ABSOLUTE = 1e-8;

type ClassCounts = readonly number[];
type FoldRequest = {
  patients: readonly PatientCounts[];
  k: number;
  /** What is dealt, in the plural: `slides`. */
  many: string;
};

/**
 * The k splits of a k-fold cross-validation, in the order of their TEST fold, each in the order of the
 * patients' keys. BAD_INPUT when k is below 3 or some fold would have one class alone.
 */
export function splitKFold({ patients, k, many }: FoldRequest): PatientAssignment[][] {
  if (!Number.isInteger(k) || k < SUBSETS.length) {
    throw new AppError(
      'BAD_INPUT',
      `Cross-validation needs k of at least 3 (one fold each to train, validate and test), not ${k}.`,
    );
  }
  const folds = dealPatientsIntoFolds({ patients, k, many });
  folds.forEach((fold, index) => {
    checkFold(fold, { index, many });
  });
  const foldOfKey = new Map(
    folds.flatMap((fold, index) => fold.map(({ patientKey }) => [patientKey, index] as const)),
  );
  const keys = sortPatients(patients).map(({ patientKey }) => patientKey);
  return folds.map((_, testFold) =>
    keys.map((patientKey) => ({
      patientKey,
      subset: nameSubset(foldOfKey.get(patientKey) ?? -1, { testFold, k }),
    })),
  );
}

/**
 * Deals patients into k folds: in the order of falling spread of their class counts, each to the fold that
 * keeps the classes' shares most even over the folds; ties to the fold with fewer patches.
 */
export function dealPatientsIntoFolds({ patients, k, many }: FoldRequest): PatientCounts[][] {
  if (patients.length < k) {
    throw new AppError(
      'BAD_INPUT',
      `${k} folds need at least ${k} ${many}, but there are ${patients.length}: choose a smaller k.`,
    );
  }
  const sorted = sortPatients(patients);
  const totals = addCounts(sorted.map(({ classCounts }) => classCounts));
  const order = sorted.toSorted((a, b) => spread(b.classCounts) - spread(a.classCounts));
  const folds: PatientCounts[][] = Array.from({ length: k }, () => []);
  const counts: ClassCounts[] = folds.map(() => totals.map(() => 0));
  for (const patient of order) {
    const best = findBestFold(patient.classCounts, { counts, totals });
    folds[best]?.push(patient);
    counts[best] = addCounts([counts[best] ?? [], patient.classCounts]);
  }
  return folds;
}

function findBestFold(
  patient: ClassCounts,
  { counts, totals }: { counts: ClassCounts[]; totals: ClassCounts },
): number {
  let best = { fold: 0, unevenness: Number.POSITIVE_INFINITY, patches: Number.POSITIVE_INFINITY };
  for (let fold = 0; fold < counts.length; fold++) {
    const tried = counts.map((count, index) => (index === fold ? addCounts([count, patient]) : count));
    const unevenness = measureUnevenness(tried, totals);
    const patches = (tried[fold] ?? []).reduce((sum, count) => sum + count, 0);
    const isTie =
      Math.abs(unevenness - best.unevenness) <= CLOSE_ABSOLUTE + CLOSE_RELATIVE * Math.abs(best.unevenness);
    if (unevenness < best.unevenness || (isTie && patches < best.patches))
      best = { fold, unevenness, patches };
  }
  return best.fold;
}

/** The mean over the classes of the spread, over the folds, of the class's share. */
function measureUnevenness(counts: readonly ClassCounts[], totals: ClassCounts): number {
  const spreads = totals.map((total, position) =>
    spread(counts.map((count) => (count[position] ?? 0) / Math.max(1, total))),
  );
  return spreads.reduce((sum, ofClass) => sum + ofClass, 0) / spreads.length;
}

/** Standard deviation with divisor n. */
function spread(values: readonly number[]): number {
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length);
}

/** By class, of as many classes as the longest has. */
function addCounts(counts: readonly ClassCounts[]): number[] {
  const sums: number[] = [];
  for (const classCounts of counts) {
    classCounts.forEach((count, position) => {
      sums[position] = (sums[position] ?? 0) + count;
    });
  }
  return sums;
}

function checkFold(fold: readonly PatientCounts[], { index, many }: { index: number; many: string }): void {
  const present = addCounts(fold.map(({ classCounts }) => classCounts)).filter((count) => count > 0);
  if (present.length > 1) return;
  throw new AppError(
    'BAD_INPUT',
    `Fold ${index + 1} would have patches of one class alone: choose a smaller k or import more ${many}.`,
  );
}

function nameSubset(fold: number, { testFold, k }: { testFold: number; k: number }): Subset {
  if (fold === testFold) return 'TEST';
  return fold === (testFold + 1) % k ? 'VALIDATION' : 'TRAIN';
}
