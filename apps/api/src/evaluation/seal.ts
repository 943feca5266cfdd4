/**
 * The seal on TEST as the API keeps it: what of a run's predictions may be read. The database keeps it too (no TEST
 * evaluation without an opening); this is for the stored probabilities.
 */
import type { Subset } from '@microtome/domain/split/subset';
import type { Store } from '@microtome/store/store';

/**
 * Whether an artifact holds TEST predictions that nobody has opened. Two runs with equal predictions share one
 * artifact: it is open once it was opened for one of them.
 */
export async function isArtifactSealed({ database: { prisma } }: Store, hash: string): Promise<boolean> {
  const holders = await prisma.runArtifact.findMany({
    where: { artifactHash: hash, role: 'PREDICTIONS_TEST' },
    select: { run: { select: { testOpening: { select: { id: true } } } } },
  });
  return holders.length > 0 && holders.every(({ run }) => run.testOpening === null);
}

/** The subsets whose predictions of this run may be read and are there. */
export async function listReadableSubsets({ database: { prisma } }: Store, runId: string): Promise<Subset[]> {
  const run = await prisma.run.findUniqueOrThrow({
    where: { id: runId },
    select: { testOpening: { select: { id: true } }, artifacts: { select: { role: true } } },
  });
  const roles = new Set(run.artifacts.map(({ role }) => role));
  const readable: Subset[] = run.testOpening === null ? ['VALIDATION'] : ['VALIDATION', 'TEST'];
  return readable.filter((subset) => roles.has(`PREDICTIONS_${subset}`));
}
