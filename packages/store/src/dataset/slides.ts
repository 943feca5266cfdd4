/** Slides, found for many patients or datasets in one statement each. */
import type { Slide } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** Slides of any of these patients in any of these datasets, by key. */
export async function listSlidesOfPatients(
  { database: { prisma } }: Store,
  patients: readonly { datasetId: string; patientId: string }[],
): Promise<Slide[]> {
  return prisma.slide.findMany({
    where: {
      datasetId: { in: [...new Set(patients.map(({ datasetId }) => datasetId))] },
      patientId: { in: patients.map(({ patientId }) => patientId) },
    },
    orderBy: { key: 'asc' },
  });
}

type SlideOfPatientKey = Slide & { patient: { key: string } };

/** The same, by the keys of patients. */
export async function listSlidesOfPatientKeys(
  { database: { prisma } }: Store,
  patients: readonly { datasetId: string; patientKey: string }[],
): Promise<SlideOfPatientKey[]> {
  return prisma.slide.findMany({
    where: {
      datasetId: { in: [...new Set(patients.map(({ datasetId }) => datasetId))] },
      patient: { key: { in: patients.map(({ patientKey }) => patientKey) } },
    },
    include: { patient: { select: { key: true } } },
    orderBy: { key: 'asc' },
  });
}
