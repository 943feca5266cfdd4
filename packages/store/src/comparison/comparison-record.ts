/** What the comparison report shows besides its pairs: stored evaluations, dataset, openings of TEST. */
import type { Dataset, Evaluation } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import type { ComparedRun } from './compared-runs.ts';

export type ComparisonRecord = {
  /** Those of all runs and subsets. A sealed TEST has none. */
  evaluations: Evaluation[];
  /** That of the first run. */
  dataset: Dataset;
  /** How often TEST was opened, by split. */
  openings: ReadonlyMap<string, number>;
};

export async function loadComparisonRecord(
  store: Store,
  runs: readonly ComparedRun[],
): Promise<ComparisonRecord> {
  const { prisma } = store.database;
  const [evaluations, dataset, openings] = await Promise.all([
    prisma.evaluation.findMany({ where: { runId: { in: runs.map(({ id }) => id) } } }),
    prisma.dataset.findUniqueOrThrow({ where: { id: runs[0]?.datasetId ?? '' } }),
    prisma.testOpening.groupBy({
      by: ['splitId'],
      where: { splitId: { in: runs.map(({ splitId }) => splitId) } },
      _count: { _all: true },
    }),
  ]);
  return {
    evaluations,
    dataset,
    openings: new Map(openings.map(({ splitId, _count }) => [splitId, _count._all])),
  };
}
