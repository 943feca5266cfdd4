/**
 * Whom a dataset shares with the split of a run: as persons, by the same source and key, and as pictures, by patches with
 * the same pixels. In an unsafe split, whose patients are on several sides, every patient counts as trained on.
 */
import type { SharedPatient } from '@microtome/domain/external-evaluation/refuse-exam';
import type { Run } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** Each patient of the exam once a side and kind, by key. */
export async function listSharedPatients(
  { database: { prisma } }: Store,
  request: {
    run: Pick<Run, 'datasetId' | 'splitId' | 'splitKind'>;
    datasetId: string;
    /** Empty for the whole dataset. */
    sites: readonly string[];
  },
): Promise<SharedPatient[]> {
  const { run, datasetId } = request;
  const sites = [...request.sites];
  return prisma.$queryRaw<SharedPatient[]>`
    with home as (
      select patient_id, subset from split_patient where split_id = ${run.splitId}::uuid
      union all
      select patient_id, 'TRAIN' from dataset_patient
      where dataset_id = ${run.datasetId}::uuid and ${run.splitKind} <> 'PATIENT'
    ), seen_pixels as (
      select distinct patch.pixel_hash, home.subset
      from patch join slide on slide.id = patch.slide_id join home on home.patient_id = slide.patient_id
      where patch.dataset_id = ${run.datasetId}::uuid
    ), exam as (
      select slide.id, slide.patient_id, patient.key
      from slide join patient on patient.id = slide.patient_id
      where slide.dataset_id = ${datasetId}::uuid
        and (cardinality(${sites}::text[]) = 0 or slide.site = any(${sites}::text[]))
    )
    select exam.key as "patientKey", home.subset, 'PATIENT' as kind
    from home join exam on exam.patient_id = home.patient_id
    union
    select exam.key, seen_pixels.subset, 'PIXELS'
    from patch join seen_pixels on seen_pixels.pixel_hash = patch.pixel_hash
      join exam on exam.id = patch.slide_id
    where patch.dataset_id = ${datasetId}::uuid
    order by 1, 2, 3`;
}
