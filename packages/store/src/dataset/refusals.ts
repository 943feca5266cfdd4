/** The files that imports refused, counted. */
import type { Store } from '../store.ts';

type RefusalCount = {
  datasetId: string;
  code: string;
  /** What the code means, in the sentence of one such file. */
  sentence: string;
  count: number;
};

/** How many files of each dataset were refused for which reason, the most frequent first. */
export async function countRefusals(
  { database: { prisma } }: Store,
  datasetIds: readonly string[],
): Promise<RefusalCount[]> {
  const groups = await prisma.refusedFile.groupBy({
    by: ['datasetId', 'code'],
    where: { datasetId: { in: [...datasetIds] } },
    _count: { _all: true },
    _min: { reason: true },
    orderBy: { _count: { code: 'desc' } },
  });
  return groups.map(({ datasetId, code, _count, _min }) => ({
    datasetId,
    code,
    sentence: _min.reason ?? code,
    count: _count._all,
  }));
}
