/** Which patients are on a side of a split by patient. A split by patch has none of its own. */
import type { Subset } from '@microtome/domain/split/subset';
import type { Store } from '../store.ts';

/** Split → keys of its patients on that side, in one query. A split by patch has no entry. */
export async function listPatientsOfSide(
  store: Store,
  { splitIds, subset }: { splitIds: readonly string[]; subset: Subset },
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await store.database.prisma.splitPatient.findMany({
    where: { splitId: { in: [...new Set(splitIds)] }, subset },
    select: { splitId: true, patient: { select: { patient: { select: { key: true } } } } },
  });
  const found = new Map<string, Set<string>>();
  for (const { splitId, patient } of rows) {
    const keys = found.get(splitId) ?? new Set();
    found.set(splitId, keys.add(patient.patient.key));
  }
  return found;
}
