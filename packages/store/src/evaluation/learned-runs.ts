/** Which runs have learned, judged by the stored evaluation on VALIDATION, those of earlier versions included. */
import { judgeLearning, type Learning } from '@microtome/domain/evaluation/learning';
import type { Prisma } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

const EVIDENCE = {
  runId: true,
  subset: true,
  metrics: true,
  intervals: true,
  run: { select: { experimentId: true, experiment: { select: { dataset: { select: { unit: true } } } } } },
} satisfies Prisma.EvaluationSelect;

type Evidence = Prisma.EvaluationGetPayload<{ select: typeof EVIDENCE }>;

/** By run; a run that is not evaluated yet is left out. */
export async function judgeRuns(store: Store, runIds: readonly string[]): Promise<Map<string, Learning>> {
  const evaluations = await store.database.prisma.evaluation.findMany({
    where: { runId: { in: [...runIds] }, subset: 'VALIDATION' },
    select: EVIDENCE,
  });
  return new Map(evaluations.map((evaluation) => [evaluation.runId, judge(evaluation)]));
}

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

function judge({ run, ...evidence }: Evidence): Learning {
  return judgeLearning({ ...evidence, unit: run.experiment.dataset.unit });
}
