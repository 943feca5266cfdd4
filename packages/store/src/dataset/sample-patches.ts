/** A few patches of a dataset for people to look at. */
import { AppError } from '@microtome/domain/app-error';
import type { Store } from '../store.ts';

const MAX_SAMPLE = 200;

export type SamplePatch = {
  datasetId: string;
  index: number;
  x: number;
  y: number;
  widthPx: number;
  heightPx: number;
  label: number;
  patientKey: string;
};

/** Full-size patches of one class, 0 to 200 of them, drawn by a hash of seed and patch: the same seed draws the same. */
export async function listSamplePatches(
  store: Store,
  { datasetId, label, count, seed }: { datasetId: string; label: number; count: number; seed: number },
): Promise<SamplePatch[]> {
  if (label !== 0 && label !== 1) throw new AppError('BAD_INPUT', `label is ${label}: it must be 0 or 1.`);
  if (count < 0 || count > MAX_SAMPLE) {
    throw new AppError('BAD_INPUT', `count is ${count}: it must lie between 0 and ${MAX_SAMPLE}.`);
  }
  return store.database.prisma.$queryRaw<SamplePatch[]>`
    select patch.dataset_id::text as "datasetId", patch.index, patch.x, patch.y, patch.width_px as "widthPx",
      patch.height_px as "heightPx", patch.label::int as label, patient.key as "patientKey"
    from (
      select patch.* from patch join dataset on dataset.id = patch.dataset_id
      where patch.dataset_id = ${datasetId}::uuid and patch.label = ${label} and patch.index < dataset.patch_count
      order by md5(${String(seed)} || ':' || patch.index) limit ${count}
    ) as patch
    join slide on slide.id = patch.slide_id
    join patient on patient.id = slide.patient_id
    order by patch.index`;
}
