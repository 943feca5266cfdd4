/** Everything that a comparison on paper tells, read from what is stored. A sealed TEST stays sealed. */
import type { Subset } from '@microtome/domain/split/subset';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import {
  describeEvaluation,
  type EvaluationPicture,
  type PictureServices,
} from '../evaluation/evaluation-picture.ts';
import { type ComparedRun, type CompareRequest, compareRuns, type RunComparison } from './compare-runs.ts';
import type { PairedComparison, PairServices } from './paired-comparison.ts';

/** More curves than that in one picture cannot be told apart. */
export const MAX_DRAWN_RUNS = 8;

type EvaluationRow = Prisma.EvaluationGetPayload<object>;

export type ReportedEvaluation = {
  run: ComparedRun;
  row: EvaluationRow;
  /** Of the first runs alone: for the pictures. */
  picture: EvaluationPicture | null;
};

export type ComparisonEvidence = {
  comparison: RunComparison;
  pairs: PairedComparison[];
  request: CompareRequest;
  dataset: { name: string; digest: string; positiveClass: string };
  evaluations: Record<'VALIDATION' | 'TEST', ReportedEvaluation[]>;
  /** How often TEST was opened, by split. */
  openings: ReadonlyMap<string, number>;
};

export async function gatherComparisonEvidence(
  services: PairServices & PictureServices,
  request: CompareRequest,
): Promise<ComparisonEvidence> {
  const { prisma } = services.store.database;
  const comparison = await compareRuns(services, request);
  const { runs } = comparison;
  const [rows, dataset, openings] = await Promise.all([
    prisma.evaluation.findMany({ where: { runId: { in: runs.map(({ id }) => id) } } }),
    prisma.dataset.findUniqueOrThrow({ where: { id: runs[0]?.datasetId ?? '' } }),
    prisma.testOpening.groupBy({
      by: ['splitId'],
      where: { splitId: { in: runs.map(({ splitId }) => splitId) } },
      _count: { _all: true },
    }),
  ]);
  const list = async (subset: Subset) => {
    const found = runs.flatMap((run) => {
      const row = rows.find((one) => one.runId === run.id && one.subset === subset);
      return row ? [{ run, row }] : [];
    });
    return Promise.all(
      found.map(async ({ run, row }, at) => ({
        run,
        row,
        picture: at < MAX_DRAWN_RUNS ? await describeEvaluation(services, row) : null,
      })),
    );
  };
  return {
    comparison,
    pairs: await comparison.listPairs(),
    request,
    dataset,
    evaluations: { VALIDATION: await list('VALIDATION'), TEST: await list('TEST') },
    openings: new Map(openings.map(({ splitId, _count }) => [splitId, _count._all])),
  };
}
