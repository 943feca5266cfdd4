/** The runs of experiments, counted in one statement for many experiments. */
import type { Run } from '../../generated/prisma/client.ts';
import { UNSAFE_SPLIT } from '../split/unsafe-splits.ts';
import type { Store } from '../store.ts';

type RunCount = { experimentId: string; status: Run['status']; count: number };

/** How many runs have which status; a status that no run has is left out. */
export async function countRunsByStatus(
  { database: { prisma } }: Store,
  experimentIds: readonly string[],
): Promise<RunCount[]> {
  const groups = await prisma.run.groupBy({
    by: ['experimentId', 'status'],
    where: { experimentId: { in: [...experimentIds] } },
    _count: { _all: true },
  });
  return groups.map(({ experimentId, status, _count }) => ({ experimentId, status, count: _count._all }));
}

/** How many runs are on an unsafe split; an experiment without one is left out. */
export async function countUnsafeRuns(
  { database: { prisma } }: Store,
  experimentIds: readonly string[],
): Promise<{ experimentId: string; count: number }[]> {
  const groups = await prisma.run.groupBy({
    by: ['experimentId'],
    where: { experimentId: { in: [...experimentIds] }, split: UNSAFE_SPLIT },
    _count: { _all: true },
  });
  return groups.map(({ experimentId, _count }) => ({ experimentId, count: _count._all }));
}
