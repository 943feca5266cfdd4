/** Gathers everything that a comparison's PDF shows from what is stored. A sealed TEST stays sealed. */
import type { ComparisonRequest } from '@microtome/domain/comparison/comparison-request';
import type { PairedComparison } from '@microtome/domain/comparison/paired-comparison';
import type { ContextPair } from '@microtome/domain/context/context-pair';
import type { SiteEvaluation } from '@microtome/domain/evaluation/site-evaluation';
import type { Subset } from '@microtome/domain/split/subset';
import { compareRuns, type RunComparison } from '@microtome/store/comparison/compare-runs';
import type { ComparedRun } from '@microtome/store/comparison/compared-runs';
import { type ComparisonRecord, loadComparisonRecord } from '@microtome/store/comparison/comparison-record';
import type { PairMeans } from '@microtome/store/comparison/measure-pair';
import {
  describeEvaluation,
  type EvaluationPicture,
  type PictureServices,
} from '../evaluation/evaluation-picture.ts';
import { evaluateBySite, type SiteServices } from '../evaluation/site-table.ts';

/** With more curves in one picture, or more runs on one site, they cannot be told apart. */
const MAX_DRAWN_RUNS = 8;

export type ReportedEvaluation = {
  run: ComparedRun;
  row: ComparisonRecord['evaluations'][number];
  /** Of the first runs only, for the pictures. */
  picture: EvaluationPicture | null;
  /** Of the same runs; empty where the source tells no site. */
  sites: SiteEvaluation[];
};

export type ComparisonEvidence = Omit<ComparisonRecord, 'evaluations'> & {
  comparison: RunComparison;
  pairs: PairedComparison<ComparedRun>[];
  contextPairs: ContextPair<ComparedRun>[];
  request: ComparisonRequest;
  evaluations: Record<'VALIDATION' | 'TEST', ReportedEvaluation[]>;
};

type ComparisonServices = PictureServices & SiteServices & { pairs: PairMeans };

export async function gatherComparisonEvidence(
  services: ComparisonServices,
  request: ComparisonRequest,
): Promise<ComparisonEvidence> {
  const { store, pairs } = services;
  const comparison = await compareRuns(store, request, pairs);
  const { runs } = comparison;
  const { evaluations, ...record } = await loadComparisonRecord(store, runs);
  const list = async (subset: Subset) => {
    const found = runs.flatMap((run) => {
      const row = evaluations.find((one) => one.runId === run.id && one.subset === subset);
      return row ? [{ run, row }] : [];
    });
    return Promise.all(
      found.map(async ({ run, row }, at) => ({
        run,
        row,
        picture: at < MAX_DRAWN_RUNS ? await describeEvaluation(services, row) : null,
        sites: at < MAX_DRAWN_RUNS ? await evaluateBySite(services, row) : [],
      })),
    );
  };
  return {
    ...record,
    comparison,
    request,
    pairs: await comparison.listPairs(),
    contextPairs: await comparison.listContextPairs(),
    evaluations: { VALIDATION: await list('VALIDATION'), TEST: await list('TEST') },
  };
}
