/** The seal on TEST for files: predictions are artifacts, which have addresses of their own. */
import type { Store } from '../store.ts';

/**
 * Whether an artifact holds TEST predictions that were not opened. Two runs with equal predictions share one artifact:
 * it is open once it was opened for one of them.
 */
export async function isArtifactSealed({ database: { prisma } }: Store, hash: string): Promise<boolean> {
  const holders = await prisma.runArtifact.findMany({
    where: { artifactHash: hash, role: 'PREDICTIONS_TEST' },
    select: { run: { select: { testOpening: { select: { id: true } } } } },
  });
  return holders.length > 0 && holders.every(({ run }) => run.testOpening === null);
}
