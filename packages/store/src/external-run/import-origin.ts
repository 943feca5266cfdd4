/**
 * Where a run that was taken over from another tracker came from, and how it stood there: kept as tags of the run, so that
 * importing again adds what is new and doubles nothing.
 */
import type { Store } from '../store.ts';
import { setLabels } from './run-labels.ts';

/** Known to clients: never renamed. */
const ORIGIN_KEY = 'microtome.importedFrom';
const STATE_KEY = 'microtome.importedState';

/** The tag by which a run is known again. */
export function labelOrigin(origin: string): { key: string; value: string } {
  return { key: ORIGIN_KEY, value: origin };
}

/** The run of this origin and how it stood when it was taken over last; null where there is none. */
export async function findImportedRun(
  { database: { prisma } }: Store,
  origin: string,
): Promise<{ runId: string; state: string | null } | null> {
  const label = await prisma.runLabel.findFirst({ where: { key: ORIGIN_KEY, value: origin } });
  if (!label) return null;
  const { runId } = label;
  const state = await prisma.runLabel.findUnique({ where: { runId_key: { runId, key: STATE_KEY } } });
  return { runId, state: state?.value ?? null };
}

/** Once all of the run is here. */
export async function markImported(
  store: Store,
  { runId, state }: { runId: string; state: string },
): Promise<void> {
  await setLabels(store, { runId, labels: { [STATE_KEY]: state } });
}
