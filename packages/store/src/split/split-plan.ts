/** From a request to the rows of a split: the domain says who goes where; here it is counted and named by its digest. */
import { AppError } from '@microtome/domain/app-error';
import { SEED_MAX } from '@microtome/domain/seeded-random';
import { splitCruzRoa2014 } from '@microtome/domain/split/cruz-roa-2014';
import { splitKFold } from '@microtome/domain/split/k-fold-split';
import { splitPatientsStratified } from '@microtome/domain/split/patient-stratified-split';
import { checkSplitFractions, DEFAULT_SPLIT_FRACTIONS } from '@microtome/domain/split/split';
import { digestSplit } from '@microtome/domain/split/split-digest';
import { isUnlabelled } from '@microtome/domain/task/task';
import { nameUnit } from '@microtome/domain/unit/unit-words';
import { getDataset } from '../dataset/datasets.ts';
import { listPatientCounts } from '../dataset/patients.ts';
import { refuseDeletedDataset } from '../deletion/deletions.ts';
import type { Store } from '../store.ts';
import { planPublished } from './plan-published-split.ts';
import { planBySite } from './plan-site-splits.ts';
import {
  countPatches,
  createRow,
  type Plan,
  type PlannedSplit,
  planByPatient,
  type SplitRequest,
} from './split-rows.ts';
import { assignPatches, listDatasetPatches } from './subset-patches.ts';

const DEFAULT_SEED = 1;
const DEFAULT_FOLDS = 5;

/** @throws AppError BAD_INPUT with a sentence that says what to change, NOT_FOUND for the dataset */
export async function planSplits(store: Store, request: SplitRequest): Promise<PlannedSplit[]> {
  const seed = request.seed ?? DEFAULT_SEED;
  if (!Number.isInteger(seed) || seed < 0 || seed > SEED_MAX) {
    throw new AppError('BAD_INPUT', `The seed is ${seed}: it must be a whole number from 0 to ${SEED_MAX}.`);
  }
  refuseForeignOptions(request);
  if (request.strategy === 'IMPORTED')
    throw new AppError('BAD_INPUT', 'IMPORTED is what becomes of a list: give the list.');
  await refuseDeletedDataset(store, request.datasetId);
  const dataset = await getDataset(store, request.datasetId);
  await refuseUnlabelled(store, dataset);
  const plan: Plan = { request, dataset, seed, patients: await listPatientCounts(store, dataset.id) };
  if (request.strategy === 'PUBLISHED') return [await planPublished(store, plan)];
  refuseUnknownUnit(plan);
  if (request.strategy === 'BY_SITE' || request.strategy === 'PRESERVED_SITES')
    return planBySite(store, plan);
  if (request.strategy === 'RANDOM_PATCH') return [await planRandomPatch(store, plan)];
  if (request.strategy === 'K_FOLD') return planKFold(plan);
  if (request.strategy === 'CRUZ_ROA_2014') return [planCruzRoa(plan)];
  return [planStratified(plan)];
}

/** A split is for training and its tests, which need classes. */
async function refuseUnlabelled(
  { database: { prisma } }: Store,
  { id, name }: Plan['dataset'],
): Promise<void> {
  const classes = await prisma.datasetClass.findMany({
    where: { datasetId: id },
    select: { name: true },
    take: 2,
  });
  if (!isUnlabelled(classes.map((one) => one.name))) return;
  throw new AppError(
    'BAD_INPUT',
    `Dataset '${name}' has no classes: it was imported for heatmaps and predictions alone, and there is nothing to split it for.`,
  );
}

/** Silently ignoring an option that a strategy does not know would mislead the user. */
function refuseForeignOptions({
  strategy,
  fractions,
  folds,
  testSites,
  validationSites,
}: SplitRequest): void {
  const takesFractions = strategy === 'PATIENT_STRATIFIED' || strategy === 'RANDOM_PATCH';
  if (fractions && !takesFractions) throw new AppError('BAD_INPUT', `${strategy} takes no fractions.`);
  if (folds !== undefined && strategy !== 'K_FOLD' && strategy !== 'PRESERVED_SITES')
    throw new AppError('BAD_INPUT', `${strategy} takes no folds.`);
  if ((testSites || validationSites) && strategy !== 'BY_SITE')
    throw new AppError('BAD_INPUT', `${strategy} takes no sites.`);
}

/** Of what has no unit nothing can be kept together. */
function refuseUnknownUnit({ dataset, request }: Plan): void {
  if (dataset.unit !== 'NONE') return;
  throw new AppError(
    'BAD_INPUT',
    `The source of '${dataset.name}' does not tell whose its patches are: only PUBLISHED can be had, an unsafe split, ` +
      `not ${request.strategy}.`,
  );
}

function planStratified(plan: Plan): PlannedSplit {
  const { request, seed, patients } = plan;
  const fractions = request.fractions ?? DEFAULT_SPLIT_FRACTIONS;
  const { by, many } = nameUnit(plan.dataset.unit);
  const assignments = splitPatientsStratified({ patients, fractions, seed, many });
  return planByPatient(plan, {
    assignments,
    seed,
    fractions,
    title: `Stratified ${by}`,
  });
}

function planCruzRoa(plan: Plan): PlannedSplit {
  const { assignments, absent } = splitCruzRoa2014(plan.patients);
  return planByPatient(plan, { assignments, seed: null, fractions: null, absent, title: 'Cruz-Roa 2014' });
}

function planKFold(plan: Plan): PlannedSplit[] {
  const folds = plan.request.folds ?? DEFAULT_FOLDS;
  const { many } = nameUnit(plan.dataset.unit);
  return splitKFold({ patients: plan.patients, k: folds, many }).map((assignments, fold) => {
    const title = `Fold ${fold + 1} of ${folds}`;
    const planned = planByPatient(plan, { assignments, seed: null, fractions: null, title });
    const { name } = plan.request;
    return {
      ...planned,
      row: { ...planned.row, fold, folds, name: name ? `${name}, fold ${fold + 1} of ${folds}` : title },
    };
  });
}

/** No patient rows: each patch's subset is a seeded hash of the patch. Patients stand on every side, as counted. */
async function planRandomPatch(store: Store, plan: Plan): Promise<PlannedSplit> {
  const { request, dataset, seed } = plan;
  const fractions = request.fractions ?? DEFAULT_SPLIT_FRACTIONS;
  checkSplitFractions(fractions);
  const patches = await listDatasetPatches(store, { datasetId: dataset.id, includeStrips: false });
  const subsets = assignPatches(patches, { seed, fractions });
  const counts = countPatches(dataset, { patches, subsets });
  const digest = digestSplit({
    strategy: request.strategy,
    seed,
    fractions,
    datasetDigest: dataset.digest,
    assignments: [],
  });
  const row = createRow({ plan, digest, counts, title: 'Random patches (unsafe)', seed, fractions });
  return { row, patients: [], sites: [] };
}
