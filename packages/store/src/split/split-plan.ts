/** From a request to the rows of a split: the domain says who goes where; here it is counted and named by its digest. */
import { AppError } from '@microtome/domain/app-error';
import { SEED_MAX } from '@microtome/domain/seeded-random';
import { splitCruzRoa2014 } from '@microtome/domain/split/cruz-roa-2014';
import { splitKFold } from '@microtome/domain/split/k-fold-split';
import { splitPatientsStratified } from '@microtome/domain/split/patient-stratified-split';
import {
  checkSplitFractions,
  DEFAULT_SPLIT_FRACTIONS,
  getSplitKind,
  type PatientAssignment,
  type SplitFractions,
  type SplitStrategy,
} from '@microtome/domain/split/split';
import { digestSplit } from '@microtome/domain/split/split-digest';
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import type { Dataset, Prisma } from '../../generated/prisma/client.ts';
import { getDataset } from '../dataset/datasets.ts';
import { type DatasetPatientCounts, listPatientCounts } from '../dataset/patients.ts';
import type { Store } from '../store.ts';

import { assignPatches, listDatasetPatches } from './subset-patches.ts';

const DEFAULT_SEED = 1;
const DEFAULT_FOLDS = 5;

export type SplitRequest = {
  datasetId: string;
  strategy: SplitStrategy;
  /** Whole, 0 to 2^32 - 1. */
  seed?: number;
  /** For PATIENT_STRATIFIED and RANDOM_PATCH. */
  fractions?: SplitFractions;
  /** For K_FOLD. */
  folds?: number;
  name?: string;
};

/** A row of `split`, its counts as plain lists. */
type SplitRow = Omit<Prisma.SplitUncheckedCreateInput, ClassCountsColumn> &
  Record<ClassCountsColumn, number[]>;
type ClassCountsColumn = 'trainClassCounts' | 'validationClassCounts' | 'testClassCounts';

export type PlannedSplit = {
  row: SplitRow;
  /** Empty for a split by patch. */
  patients: { patientId: string; subset: Subset }[];
};

type SubsetCounts = Record<Subset, { patients: number; patches: number; classCounts: number[] }>;
type Plan = { request: SplitRequest; dataset: Dataset; seed: number; patients: DatasetPatientCounts[] };

/** @throws AppError BAD_INPUT with a sentence that says what to change, NOT_FOUND for the dataset */
export async function planSplits(store: Store, request: SplitRequest): Promise<PlannedSplit[]> {
  const seed = request.seed ?? DEFAULT_SEED;
  if (!Number.isInteger(seed) || seed < 0 || seed > SEED_MAX) {
    throw new AppError('BAD_INPUT', `The seed is ${seed}: it must be a whole number from 0 to ${SEED_MAX}.`);
  }
  refuseForeignOptions(request);
  const dataset = await getDataset(store, request.datasetId);
  const plan: Plan = { request, dataset, seed, patients: await listPatientCounts(store, dataset.id) };
  if (request.strategy === 'RANDOM_PATCH') return [await planRandomPatch(store, plan)];
  if (request.strategy === 'K_FOLD') return planKFold(plan);
  if (request.strategy === 'CRUZ_ROA_2014') return [planCruzRoa(plan)];
  return [planStratified(plan)];
}

/** Silently ignoring an option that a strategy does not know would mislead the user. */
function refuseForeignOptions({ strategy, fractions, folds }: SplitRequest): void {
  const takesFractions = strategy === 'PATIENT_STRATIFIED' || strategy === 'RANDOM_PATCH';
  if (fractions && !takesFractions) throw new AppError('BAD_INPUT', `${strategy} takes no fractions.`);
  if (folds !== undefined && strategy !== 'K_FOLD')
    throw new AppError('BAD_INPUT', `${strategy} takes no folds.`);
}

function planStratified(plan: Plan): PlannedSplit {
  const { request, seed, patients } = plan;
  const fractions = request.fractions ?? DEFAULT_SPLIT_FRACTIONS;
  const assignments = splitPatientsStratified({ patients, fractions, seed });
  return planByPatient(plan, { assignments, seed, fractions, title: 'Stratified by patient' });
}

function planCruzRoa(plan: Plan): PlannedSplit {
  const { assignments, absent } = splitCruzRoa2014(plan.patients);
  return planByPatient(plan, { assignments, seed: null, fractions: null, absent, title: 'Cruz-Roa 2014' });
}

function planKFold(plan: Plan): PlannedSplit[] {
  const folds = plan.request.folds ?? DEFAULT_FOLDS;
  return splitKFold({ patients: plan.patients, k: folds }).map((assignments, fold) => {
    const title = `Fold ${fold + 1} of ${folds}`;
    const planned = planByPatient(plan, { assignments, seed: null, fractions: null, title });
    const { name } = plan.request;
    return {
      ...planned,
      row: { ...planned.row, fold, folds, name: name ? `${name}, fold ${fold + 1} of ${folds}` : title },
    };
  });
}

type Assigned = {
  assignments: PatientAssignment[];
  /** Null where the strategy uses none. */
  seed: number | null;
  fractions: SplitRequest['fractions'] | null;
  absent?: string[];
  title: string;
};

function planByPatient(plan: Plan, { assignments, seed, fractions, absent, title }: Assigned): PlannedSplit {
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
    return { patientId: patient.patientId, subset };
  });
  const digest = digestSplit({
    strategy: request.strategy,
    seed,
    fractions: fractions ?? null,
    datasetDigest: dataset.digest,
    assignments,
  });
  const row = createRow({ plan, digest, counts, title, seed: seed ?? 0, fractions, absent });
  return { row: { ...row, leftOutPatients: dataset.patientCount - patients.length }, patients };
}

/** No patient rows: each patch's subset is a seeded hash of the patch. Patients stand on every side, as counted. */
async function planRandomPatch(store: Store, plan: Plan): Promise<PlannedSplit> {
  const { request, dataset, seed } = plan;
  const fractions = request.fractions ?? DEFAULT_SPLIT_FRACTIONS;
  checkSplitFractions(fractions);
  const patches = await listDatasetPatches(store, { datasetId: dataset.id, includeStrips: false });
  const subsets = assignPatches(patches, { seed, fractions });
  const counts = emptyCounts(dataset);
  const seen = new Set<string>();
  subsets.forEach((subset, position) => {
    counts[subset].patches += 1;
    counts[subset].classCounts[patches.classes[position]!]! += 1;
    const place = `${subset} ${patches.patients[position]}`;
    if (!seen.has(place)) counts[subset].patients += 1;
    seen.add(place);
  });
  for (const subset of SUBSETS) checkClasses(subset, counts[subset]);
  const digest = digestSplit({
    strategy: request.strategy,
    seed,
    fractions,
    datasetDigest: dataset.digest,
    assignments: [],
  });
  const row = createRow({ plan, digest, counts, title: 'Random patches (unsafe)', seed, fractions });
  return { row, patients: [] };
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

function createRow({ plan, digest, counts, title, seed, fractions, absent }: RowParts): SplitRow {
  const { strategy, name } = plan.request;
  const usesSeed: readonly SplitStrategy[] = ['PATIENT_STRATIFIED', 'RANDOM_PATCH'];
  return {
    datasetId: plan.dataset.id,
    name: name ?? (usesSeed.includes(strategy) ? `${title}, seed ${seed}` : title),
    kind: getSplitKind(strategy),
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
