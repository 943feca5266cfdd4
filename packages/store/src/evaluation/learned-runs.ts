/** Which runs have learned, judged by the stored evaluation on VALIDATION, those of earlier versions included. */
import { judgeLearning, type Learning, type LearningEvidence } from '@microtome/domain/evaluation/learning';
import { Prisma } from '../../generated/prisma/client.ts';
import { selectRows } from '../database/select-rows.ts';
import { requireSplit } from '../run/split-run.ts';
import { type RunSelection, selectionSql } from '../run-query/run-pages.ts';
import type { Store } from '../store.ts';

const EVIDENCE = {
  subset: true,
  metrics: true,
  intervals: true,
  run: { select: { experimentId: true, experiment: { select: { dataset: { select: { unit: true } } } } } },
} satisfies Prisma.EvaluationSelect;

type Evidence = Prisma.EvaluationGetPayload<{ select: typeof EVIDENCE }>;

/** How many runs of each experiment did not learn; an experiment without one is left out. */
export async function countNotLearned(
  store: Store,
  experimentIds: readonly string[],
): Promise<Map<string, number>> {
  const evaluations = await store.database.prisma.evaluation.findMany({
    where: { subset: 'VALIDATION', run: { experimentId: { in: [...experimentIds] } } },
    select: EVIDENCE,
  });
  const counts = new Map<string, number>();
  for (const evaluation of evaluations) {
    if (judge(evaluation).state !== 'NOT_LEARNED') continue;
    const { experimentId } = evaluation.run;
    counts.set(experimentId, (counts.get(experimentId) ?? 0) + 1);
  }
  return counts;
}

/**
 * Of the runs that match, only those in one of these states. The rule is the domain's, and no column has what it says: of
 * each evaluation that little is read which decides.
 */
export async function selectLearnedRuns(
  store: Store,
  selection: RunSelection,
  states: readonly Learning['state'][],
): Promise<RunSelection> {
  const rows = await selectRows<LearningEvidence & { runId: string }>(
    store,
    Prisma.sql`select run.id::text as "runId", evaluation.subset, dataset.unit,
      jsonb_build_object('auc', metrics -> 'auc', 'patients', metrics -> 'patients',
        'confusion', metrics -> 'confusion', 'probabilityRange', metrics -> 'probabilityRange') as metrics,
      jsonb_strip_nulls(jsonb_build_object('auc', intervals -> 'auc')) as intervals
    from run join evaluation on evaluation.run_id = run.id and evaluation.subset = 'VALIDATION'
      join dataset on dataset.id = run.dataset_id
    where ${selectionSql(selection)}`,
  );
  const runIds = rows
    .filter((evidence) => states.includes(judgeLearning(evidence).state))
    .map(({ runId }) => runId);
  return { ...selection, runIds };
}

function judge({ run, ...evidence }: Evidence): Learning {
  return judgeLearning({ ...evidence, unit: requireSplit(run).experiment.dataset.unit });
}
