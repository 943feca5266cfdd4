/** Plans the splits that a list gives: of units where each is on one side, otherwise an unsafe one of patches. */
import { AppError } from '@microtome/domain/app-error';
import type { ListLevel } from '@microtome/domain/imported-split/find-listed';
import { type ImportedFrom, keepCrossing } from '@microtome/domain/imported-split/imported-from';
import {
  findCrossingUnits,
  type ImportedSides,
  importSides,
} from '@microtome/domain/imported-split/imported-sides';
import type { ListedDataset } from '@microtome/domain/imported-split/listed-dataset';
import { type PlacedList, placeList } from '@microtome/domain/imported-split/place-list';
import type { ListRequest } from '@microtome/domain/listed-split/judge-lists';
import type { PatientAssignment } from '@microtome/domain/split/split';
import { digestSplit } from '@microtome/domain/split/split-digest';
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import { nameUnit } from '@microtome/domain/unit/unit-words';
import { getDataset } from '../dataset/datasets.ts';
import { listPatientCounts } from '../dataset/patients.ts';
import { refuseDeletedDataset } from '../deletion/deletions.ts';
import type { Store } from '../store.ts';
import { readListedDataset } from './listed-dataset.ts';
import { createRow, type Plan, type PlannedSplit, planByPatient, type SubsetCounts } from './split-rows.ts';
import { type IsOnSide, isListedOn, type SubsetPatches } from './subset-patches.ts';

export type ImportSplitRequest = ListRequest & {
  datasetId: string;
  name?: string | undefined;
  /** What the ids name; found when null. */
  level: ListLevel | null;
  /** By which VALIDATION is taken from TRAIN where a leaking list has none. */
  seed?: number;
};

/** Reads and places the list, off the caller's thread where possible. */
export type PlaceList = (
  request: Parameters<typeof placeList>[0],
  dataset: ListedDataset,
) => PlacedList | Promise<PlacedList>;

type PlannedImport = {
  dataset: Plan['dataset'];
  planned: PlannedSplit[];
  from: ImportedFrom;
  /** All of the dataset, strips last, and of each the sides of every planned split. */
  patches: SubsetPatches;
  isOnSide: IsOnSide[];
};

const DEFAULT_SEED = 1;

/** @throws AppError BAD_INPUT with a sentence that names what of the list is wrong, NOT_FOUND for the dataset */
export async function planImportedSplits(
  store: Store,
  request: ImportSplitRequest,
  place: PlaceList = placeList,
): Promise<PlannedImport> {
  await refuseDeletedDataset(store, request.datasetId);
  const dataset = await getDataset(store, request.datasetId);
  const { patches, listed } = await readListedDataset(store, dataset);
  const placed = await place(request, listed);
  const { name, seed = DEFAULT_SEED } = request;
  const patients = await listPatientCounts(store, dataset.id);
  const plan: Plan = {
    request: { datasetId: dataset.id, strategy: 'IMPORTED', ...(name === undefined ? {} : { name }) },
    dataset,
    seed,
    patients,
  };
  const byKey = new Map(patients.map((patient) => [patient.patientKey, patient]));
  const none = (patientKey: string) => ({
    patientKey,
    patches: 0,
    classCounts: new Array<number>(dataset.classCount).fill(0),
  });
  const sides = importSides({
    placed,
    dataset: listed,
    units: dataset.unit === 'NONE' ? null : listed.units.map((key) => byKey.get(key) ?? none(key)),
    indexes: patches.indexes,
    seed,
    many: nameUnit(dataset.unit).many,
  });
  const from: ImportedFrom = {
    ...placed.found,
    crossing: keepCrossing(dataset.unit === 'NONE' ? [] : findCrossingUnits(placed, listed)),
    tookValidation: sides[0]?.folds === null && !placed.sides.includes('VALIDATION'),
  };
  return {
    dataset,
    from,
    patches,
    planned: sides.map((one) => planOne(plan, { sides: one, patches, from })),
    isOnSide: sides.map((one) => openSides(one, patches)),
  };
}

type Planning = { sides: ImportedSides; patches: SubsetPatches; from: ImportedFrom };

function planOne(plan: Plan, { sides, patches, from }: Planning): PlannedSplit {
  const { fold, folds, divided } = sides;
  const list = from.files.join(', ');
  const ofFold = fold === null ? '' : `, fold ${fold + 1} of ${folds}`;
  const name = plan.request.name === undefined ? undefined : `${plan.request.name}${ofFold}`;
  const own: Plan = { ...plan, request: { ...plan.request, ...(name === undefined ? {} : { name }) } };
  const title = `List ${list}${ofFold}`;
  const planned =
    divided.kind === 'PATIENT'
      ? planByPatient(own, {
          assignments: keepCounted(own, divided.assignments),
          seed: null,
          fractions: null,
          title,
        })
      : planByPatch(own, { sides: divided.sides, patches, title: `${title} (unsafe)` });
  checkSides(planned);
  return { ...planned, row: { ...planned.row, fold, folds, importedFrom: from } };
}

/** A unit of strips alone is on no side. */
function keepCounted({ patients }: Plan, assignments: readonly PatientAssignment[]): PatientAssignment[] {
  const counted = new Set(patients.map(({ patientKey }) => patientKey));
  return assignments.filter(({ patientKey }) => counted.has(patientKey));
}

function planByPatch(
  plan: Plan,
  { sides, patches, title }: { sides: Uint8Array; patches: SubsetPatches; title: string },
): PlannedSplit {
  const { dataset, seed } = plan;
  const digest = digestSplit({
    strategy: 'IMPORTED',
    seed: null,
    fractions: null,
    datasetDigest: dataset.digest,
    assignments: [],
    patchSides: sides,
  });
  const counts = countSides(plan, { sides, patches });
  const row = createRow({ plan, digest, counts, title, seed, fractions: null });
  return { row: { ...row, kind: 'PATCH' }, patients: [], sites: [], patchSides: sides };
}

function countSides(
  { dataset: { classCount, patchCount } }: Plan,
  { sides, patches }: { sides: Uint8Array; patches: SubsetPatches },
): SubsetCounts {
  const count = (at: number) => {
    const classCounts = new Array<number>(classCount).fill(0);
    const units = new Set<number>();
    sides.subarray(0, patchCount).forEach((own, position) => {
      if (!(own & (1 << at))) return;
      classCounts[patches.classes[position]!]! += 1;
      units.add(patches.patients[position]!);
    });
    const total = classCounts.reduce((sum, one) => sum + one, 0);
    return { patients: units.size, patches: total, classCounts };
  };
  return { TRAIN: count(0), VALIDATION: count(1), TEST: count(2) };
}

/** With patches of one class alone nothing is learned and nothing measured. */
function checkSides({ row }: PlannedSplit): void {
  const { trainClassCounts, validationClassCounts, testClassCounts } = row;
  const counts: Record<Subset, number[]> = {
    TRAIN: trainClassCounts,
    VALIDATION: validationClassCounts,
    TEST: testClassCounts,
  };
  for (const subset of SUBSETS) {
    const classes = counts[subset].filter((count) => count > 0).length;
    if (classes > 1) continue;
    const what = classes === 0 ? 'no patch' : 'patches of one class alone';
    throw new AppError('BAD_INPUT', `By this list ${subset} has ${what} of the dataset.`);
  }
}

function openSides({ divided }: ImportedSides, { patients, patientKeys }: SubsetPatches): IsOnSide {
  if (divided.kind === 'PATCH') {
    return (position, subset) => isListedOn(divided.sides[position]!, subset);
  }
  const sideOf = new Map(divided.assignments.map(({ patientKey, subset }) => [patientKey, subset]));
  return (position, subset) => sideOf.get(patientKeys[patients[position]!]!) === subset;
}
