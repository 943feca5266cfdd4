/** A stored dataset as a list is placed on it. */
import type { ListedDataset } from '@microtome/domain/imported-split/listed-dataset';
import { formatPatchName } from '@microtome/domain/slide/patch-name';
import type { Dataset } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { listDatasetPatches, type SubsetPatches } from './subset-patches.ts';

/** Its patches, strips last, with the dataset that they make. */
export async function readListedDataset(
  store: Store,
  { id, name, patchCount, placesFrom }: Pick<Dataset, 'id' | 'name' | 'patchCount' | 'placesFrom'>,
): Promise<{ patches: SubsetPatches; listed: ListedDataset }> {
  const patches = await listDatasetPatches(store, { datasetId: id, includeStrips: true });
  const { rows } = await store.database.pool.query<{ path: string | null }>(
    'select path from patch where dataset_id = $1 order by index',
    [id],
  );
  const unitOfSlide = new Int32Array(patches.slideKeys.length);
  patches.slides.forEach((slide, at) => {
    unitOfSlide[slide] = patches.patients[at] as number;
  });
  return {
    patches,
    listed: {
      name,
      units: patches.patientKeys,
      slides: patches.slideKeys.map((key, slide) => ({ key, unit: unitOfSlide[slide] as number })),
      fullSize: patchCount,
      unitOf: patches.patients,
      slideOf: patches.slides,
      paths: rows.map(({ path }, at) => path ?? namePlace(patches, { at, placesFrom })),
    },
  };
}

/** An import that kept no names was of the IDC set, whose names follow from the place. */
function namePlace(
  { patientKeys, patients, x, y, classes }: SubsetPatches,
  { at, placesFrom }: { at: number; placesFrom: number },
): string | null {
  const [left, top] = [x[at] as number, y[at] as number];
  if (left < 0) return null;
  const patientKey = patientKeys[patients[at] as number] as string;
  const label = classes[at] === 1 ? 1 : 0;
  return formatPatchName({ patientKey, x: left + placesFrom, y: top + placesFrom, label });
}
