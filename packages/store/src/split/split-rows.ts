/** What a plan of splits is made of: the request, its counts, and the row that they become. */
import { AppError } from '@microtome/domain/app-error';
import {
  getSplitKind,
  type PatientAssignment,
  type SplitFractions,
  type SplitStrategy,
} from '@microtome/domain/split/split';
import { digestSplit } from '@microtome/domain/split/split-digest';
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import type { Dataset, Prisma } from '../../generated/prisma/client.ts';
import type { DatasetPatientCounts } from '../dataset/patients.ts';
import type { SubsetPatches } from './subset-patches.ts';

export type SplitRequest = {
  datasetId: string;
  strategy: SplitStrategy;
  /** Whole, 0 to 2^32 - 1. */
  seed?: number;
  /** For PATIENT_STRATIFIED and RANDOM_PATCH. */
  fractions?: SplitFractions;
  /** For K_FOLD and PRESERVED_SITES. */
  folds?: number;
  /** For BY_SITE: those that TEST is; left out, each site is left out once. */
  testSites?: readonly string[];
  /** For BY_SITE with `testSites`; chosen by size when left out. */
  validationSites?: readonly string[];
  name?: string;
};

/** A row of `split`, its counts as plain lists. */
type SplitRow = Omit<Prisma.SplitUncheckedCreateInput, ClassCountsColumn> &
  Record<ClassCountsColumn, number[]>;
type ClassCountsColumn = 'trainClassCounts' | 'validationClassCounts' | 'testClassCounts';

export type PlannedSplit = {
  row: SplitRow;
  /** Empty for a split by patch. The site is given in a split by site, and in no other. */
  patients: { patientId: string; subset: Subset; site: string | null }[];
  /** Of a split by site. */
  sites: { site: string; subset: Subset }[];
  /** Of an imported split by patch, by the index of the patch: the side of SUBSETS at i as bit i. */
  patchSides?: Uint8Array;
};

export type SubsetCounts = Record<Subset, { patients: number; patches: number; classCounts: number[] }>;
export type Plan = {
  request: SplitRequest;
  dataset: Dataset;
  seed: number;
  patients: DatasetPatientCounts[];
};

type Assigned = {
  assignments: PatientAssignment[];
  /** Null where the strategy uses none. */
  seed: number | null;
  fractions: SplitRequest['fractions'] | null;
  absent?: string[];
  title: string;
};

/** A split of whole patients, counted. */
export function planByPatient(
  plan: Plan,
  { assignments, seed, fractions, absent, title }: Assigned,
): PlannedSplit {
  const { request, dataset } = plan;
  const byKey = new Map(plan.patients.map((patient) => [patient.patientKey, patient]));
  const counts = emptyCounts(dataset);
  const patients = assignments.map(({ patientKey, subset }) => {
    const patient = byKey.get(patientKey)!;
    counts[subset].patients += 1;
    counts[subset].patches += patient.patches;
    patient.classCounts.forEach((count, position) => {
      counts[subset].classCounts[position]! += count;
    });
    return { patientId: patient.patientId, subset, site: null };
  });
  const digest = digestSplit({
    strategy: request.strategy,
    seed,
    fractions: fractions ?? null,
    datasetDigest: dataset.digest,
    assignments,
  });
  const row = createRow({ plan, digest, counts, title, seed: seed ?? 0, fractions, absent });
  return { row: { ...row, leftOutPatients: dataset.patientCount - patients.length }, patients, sites: [] };
}

/** Counts a split by patch, in which a patient counts on each side. BAD_INPUT where a side has one class alone. */
export function countPatches(
  dataset: Dataset,
  { patches, subsets }: { patches: SubsetPatches; subsets: readonly (Subset | null)[] },
): SubsetCounts {
  const counts = emptyCounts(dataset);
  const seen = new Set<string>();
  subsets.forEach((subset, position) => {
    if (subset === null) return;
    counts[subset].patches += 1;
    counts[subset].classCounts[patches.classes[position]!]! += 1;
    const place = `${subset} ${patches.patients[position]}`;
    if (!seen.has(place)) counts[subset].patients += 1;
    seen.add(place);
  });
  for (const subset of SUBSETS) checkClasses(subset, counts[subset]);
  return counts;
}

function checkClasses(subset: Subset, { patches, classCounts }: SubsetCounts[Subset]): void {
  if (classCounts.filter((count) => count > 0).length > 1) return;
  throw new AppError(
    'BAD_INPUT',
    `${subset} would have ${patches} patches of one class alone: give it a larger fraction, or try another seed.`,
  );
}

type RowParts = {
  plan: Plan;
  digest: string;
  counts: SubsetCounts;
  title: string;
  seed: number;
  fractions: SplitRequest['fractions'] | null;
  absent?: string[];
};

/** The row of a split, without what its patients add. */
export function createRow({ plan, digest, counts, title, seed, fractions, absent }: RowParts): SplitRow {
  const { strategy, name } = plan.request;
  const usesSeed: readonly SplitStrategy[] = ['PATIENT_STRATIFIED', 'RANDOM_PATCH'];
  return {
    datasetId: plan.dataset.id,
    name: name ?? (usesSeed.includes(strategy) ? `${title}, seed ${seed}` : title),
    kind: strategy === 'PUBLISHED' || strategy === 'IMPORTED' ? 'PATIENT' : getSplitKind(strategy),
    strategy,
    seed: BigInt(seed),
    fractions: fractions ?? {},
    digest,
    trainPatients: counts.TRAIN.patients,
    validationPatients: counts.VALIDATION.patients,
    testPatients: counts.TEST.patients,
    trainPatches: counts.TRAIN.patches,
    validationPatches: counts.VALIDATION.patches,
    testPatches: counts.TEST.patches,
    trainClassCounts: counts.TRAIN.classCounts,
    validationClassCounts: counts.VALIDATION.classCounts,
    testClassCounts: counts.TEST.classCounts,
    leftOutPatients: 0,
    absentPatients: absent ?? [],
  };
}

function emptyCounts({ classCount }: Dataset): SubsetCounts {
  const none = () => ({ patients: 0, patches: 0, classCounts: new Array<number>(classCount).fill(0) });
  return { TRAIN: none(), VALIDATION: none(), TEST: none() };
}
