/**
 * The split of Cruz-Roa et al. 2014, as Janowczyk & Madabhushi 2016 and Romero et al. 2019 used it: 84, 29
 * and 49 patients, disjoint. The published release of the data holds 279 folders: two of the listed training
 * patients are not among them, and 119 folders are in no list.
 */
import { AppError } from '../app-error.ts';
import { type PatientAssignment, type PatientCounts, sortPatients } from './split.ts';
import { SUBSETS, type Subset } from './subset.ts';

/** The published lists, by subset. */
export const CRUZ_ROA_2014: Readonly<Record<Subset, readonly string[]>> = {
  TRAIN: listKeys(`
  8865 8913 8915 8951 8955 8957 8974 8975 8980 9024 9029 9037 9041 9043 9044 9081 9083 9123 9124
  9126 9173 9174 9175 9177 9178 9228 9255 9256 9257 9259 9265 9266 9267 9320 9321 9323 9325 9346
  9383 10254 10256 10257 10258 10262 10264 10268 10275 10285 10288 10291 10293 10302 10304 10308
  12749 12750 12752 12811 12818 12819 12820 12822 12869 12871 12872 12882 12884 12890 12891 12900
  12901 12911 12930 12931 12932 13024 13689 13692 14079 14212 14213 14304 15633 15902`),
  VALIDATION: listKeys(`
  8867 8914 8917 8956 8959 9022 9023 9036 9076 9078 9324 9345 9381 10260 10261 10269 10277 10299
  12626 12867 12875 12880 12896 13461 13591 13688 15473 16554 16896`),
  TEST: listKeys(`
  8864 8916 8918 9073 9075 9125 9176 9181 9225 9250 9254 9261 9290 9322 9347 9382 10255 10259
  10273 10274 10276 10286 10292 10295 10301 10303 10306 10307 12821 12826 12881 12895 12905 12906
  12907 12909 13023 13106 13401 13402 13403 13458 13460 13687 14081 14189 14191 15515 16550`),
};

type CruzRoaSplit = {
  assignments: PatientAssignment[];
  /** Listed patients that the dataset does not have. */
  absent: string[];
  /** Patients of the dataset that are in no list; they take no part in the split. */
  leftOut: string[];
};

/** Places the patients that the lists name. BAD_INPUT when a subset would have no patient or one class. */
export function splitCruzRoa2014(patients: readonly PatientCounts[]): CruzRoaSplit {
  const sorted = sortPatients(patients);
  const subsetOfKey = new Map(
    SUBSETS.flatMap((subset) => CRUZ_ROA_2014[subset].map((key) => [key, subset] as const)),
  );
  const present = new Set(sorted.map(({ patientKey }) => patientKey));
  const assignments: PatientAssignment[] = [];
  for (const { patientKey } of sorted) {
    const subset = subsetOfKey.get(patientKey);
    if (subset) assignments.push({ patientKey, subset });
  }
  for (const subset of SUBSETS) checkSubset(subset, { patients: sorted, assignments });
  return {
    assignments,
    absent: [...subsetOfKey.keys()].filter((key) => !present.has(key)),
    leftOut: sorted.map(({ patientKey }) => patientKey).filter((key) => !subsetOfKey.has(key)),
  };
}

function checkSubset(
  subset: Subset,
  {
    patients,
    assignments,
  }: { patients: readonly PatientCounts[]; assignments: readonly PatientAssignment[] },
): void {
  const keys = new Set(assignments.filter((one) => one.subset === subset).map((one) => one.patientKey));
  const members = patients.filter(({ patientKey }) => keys.has(patientKey));
  const advice =
    'Use the PATIENT_STRATIFIED strategy for this dataset, or import more of the published patients.';
  if (members.length === 0) {
    throw new AppError(
      'BAD_INPUT',
      `The dataset has none of the ${CRUZ_ROA_2014[subset].length} ${subset} patients of CRUZ_ROA_2014. ${advice}`,
    );
  }
  const classes = new Set(
    members.flatMap(({ classCounts }) => classCounts.flatMap((count, at) => (count > 0 ? [at] : []))),
  );
  if (classes.size < 2) {
    throw new AppError(
      'BAD_INPUT',
      `CRUZ_ROA_2014 would leave ${subset} with one class in this dataset. ${advice}`,
    );
  }
}

function listKeys(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
