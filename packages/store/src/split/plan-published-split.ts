/** Plans the split that a publisher gives, by patient or, as an unsafe one, by patch. */
import { type PublishedPatient, splitAsPublished } from '@microtome/domain/split/published-split';
import { digestSplit } from '@microtome/domain/split/split-digest';
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import { hasUnits, nameUnit } from '@microtome/domain/unit/unit-words';
import type { Store } from '../store.ts';
import { countPatches, createRow, type Plan, type PlannedSplit, planByPatient } from './split-rows.ts';
import { listDatasetPatches, placeAsPublished, type SubsetPatches } from './subset-patches.ts';

/**
 * The publisher's own: by patient where each is on one side, otherwise by patch. In a split by patch patients stand on
 * every side, as counted.
 */
export async function planPublished(store: Store, plan: Plan): Promise<PlannedSplit> {
  const { dataset, request, seed } = plan;
  const patches = await listDatasetPatches(store, { datasetId: dataset.id, includeStrips: false });
  const title = "Publisher's split";
  if (hasUnits(dataset.unit)) {
    const assignments = splitAsPublished(listGivenSides(plan, patches), nameUnit(dataset.unit).many);
    if (assignments) return planByPatient(plan, { assignments, seed: null, fractions: null, title });
  }
  const subsets = placeAsPublished(patches, seed);
  const counts = countPatches(dataset, { patches, subsets });
  const { strategy } = request;
  const digest = digestSplit({
    strategy,
    seed,
    fractions: null,
    datasetDigest: dataset.digest,
    assignments: [],
  });
  const row = createRow({ plan, digest, counts, title: `${title} (unsafe)`, seed, fractions: null });
  return { row: { ...row, kind: 'PATCH' }, patients: [], sites: [] };
}

/** Patients with the sides on which the publisher put their patches. */
function listGivenSides(plan: Plan, patches: SubsetPatches): PublishedPatient[] {
  const given = patches.patientKeys.map(() => new Set<Subset | null>());
  patches.patients.forEach((patient, at) => {
    given[patient]?.add(SUBSETS[patches.given[at]!] ?? null);
  });
  const ofKey = new Map(patches.patientKeys.map((key, patient) => [key, [...given[patient]!]]));
  return plan.patients.map((patient) => ({ ...patient, given: ofKey.get(patient.patientKey) ?? [] }));
}
