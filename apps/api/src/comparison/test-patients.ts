/** The patients on the TEST side of the splits under comparison, by key. */
import type { Store } from '@microtome/store/store';

/** Split → its TEST patients. A split by patch has no patients of its own and no entry. */
export type TestPatients = ReadonlyMap<string, ReadonlySet<string>>;

/** One query for all. */
export async function listTestPatients(store: Store, splitIds: readonly string[]): Promise<TestPatients> {
  const rows = await store.database.prisma.splitPatient.findMany({
    where: { splitId: { in: [...new Set(splitIds)] }, subset: 'TEST' },
    select: { splitId: true, patient: { select: { patient: { select: { key: true } } } } },
  });
  const found = new Map<string, Set<string>>();
  for (const { splitId, patient } of rows) {
    const keys = found.get(splitId) ?? new Set();
    found.set(splitId, keys.add(patient.patient.key));
  }
  return found;
}
