/** The patients of a dataset with their counts: what splits are made of, and what lists show. */
import type { PatientCounts } from '@microtome/domain/split/split';
import type { DatasetPatient } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

export type DatasetPatientCounts = PatientCounts & { patientId: string };

/** Patients that have full-size patches, in the order of their keys; counts are of full-size patches. */
export async function listPatientCounts(store: Store, datasetId: string): Promise<DatasetPatientCounts[]> {
  const { rows } = await store.database.pool.query<DatasetPatientCounts>(
    `select patient_id as "patientId", patient.key as "patientKey", patch_count as patches,
       class_counts as "classCounts"
     from dataset_patient join patient on patient.id = patient_id
     where dataset_id = $1 and patch_count > 0 order by patient.key collate "C"`,
    [datasetId],
  );
  return rows;
}

/** The patients of these datasets. */
export async function listDatasetPatients(
  { database: { prisma } }: Store,
  patients: readonly { datasetId: string; patientId: string }[],
): Promise<DatasetPatient[]> {
  return prisma.datasetPatient.findMany({
    where: {
      datasetId: { in: [...new Set(patients.map(({ datasetId }) => datasetId))] },
      patientId: { in: patients.map(({ patientId }) => patientId) },
    },
  });
}
