/** The sides of patients, found for many patients or splits in one statement each. */
import type { SplitPatient } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** Sides of any of these patients in any of these splits. A patient who is on no side has none. */
export async function listSidesOfPatients(
  { database: { prisma } }: Store,
  patients: readonly { splitId: string; patientId: string }[],
): Promise<SplitPatient[]> {
  return prisma.splitPatient.findMany({
    where: {
      splitId: { in: [...new Set(patients.map(({ splitId }) => splitId))] },
      patientId: { in: patients.map(({ patientId }) => patientId) },
    },
  });
}
