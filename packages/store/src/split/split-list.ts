/** Who is on which side of a stored split, as its list and its certificate have it. */
import { type KeptEntry, writeSplitList } from '@microtome/domain/listed-split/write-list';
import { compareKeys } from '@microtome/domain/split/split';
import { SUBSETS } from '@microtome/domain/split/subset';
import type { Dataset, Split } from '../../generated/prisma/client.ts';
import { getDataset } from '../dataset/datasets.ts';
import type { Store } from '../store.ts';
import { readListedDataset } from './listed-dataset.ts';
import { getSplit } from './splits.ts';
import { openSides } from './subset-patches.ts';

export type SplitList = { split: Split; dataset: Dataset; list: string };

/** One row a unit and side; where nothing binds patches together, a patch. NOT_FOUND when there is no such split. */
export async function listSplit(store: Store, splitId: string): Promise<SplitList> {
  const split = await getSplit(store, splitId);
  const dataset = await getDataset(store, split.datasetId);
  const entries =
    split.kind === 'PATIENT' ? await listUnits(store, split) : await listPatches(store, split, dataset);
  return { split, dataset, list: writeSplitList(entries, dataset.unit) };
}

async function listUnits({ database }: Store, { id }: Split): Promise<KeptEntry[]> {
  const { rows } = await database.pool.query<KeptEntry>(
    `select patient.key, dataset_patient.site, subset from split_patient
       join patient on patient.id = split_patient.patient_id
       join dataset_patient using (dataset_id, patient_id)
     where split_id = $1 order by patient.key collate "C"`,
    [id],
  );
  return rows;
}

/** Of a split by patch: units with each side on which one of their patches is. */
async function listPatches(store: Store, split: Split, dataset: Dataset): Promise<KeptEntry[]> {
  const { patches, listed } = await readListedDataset(store, dataset);
  const isOnSide = await openSides(store, { split, patches });
  const entries = new Map<string, KeptEntry>();
  for (let at = 0; at < dataset.patchCount; at++) {
    const unit = patches.patientKeys[patches.patients[at]!]!;
    const key = dataset.unit === 'NONE' ? (listed.paths[at] ?? `patch ${at}`) : unit;
    const site = patches.slideSites[patches.slides[at]!] ?? null;
    for (const subset of SUBSETS) {
      const entry = `${key}\n${subset}`;
      if (isOnSide(at, subset) && !entries.has(entry)) entries.set(entry, { key, site, subset });
    }
  }
  return [...entries.values()].sort(
    (a, b) => compareKeys(a.key, b.key) || SUBSETS.indexOf(a.subset) - SUBSETS.indexOf(b.subset),
  );
}
