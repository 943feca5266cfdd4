/** What neighbours add to a model in an exam, by the step that its run froze at home. */
import type { ContextEvaluation } from '@microtome/domain/context/context-evaluation';
import type { ExternalEvaluation } from '../../generated/prisma/client.ts';
import { type ContextMeans, evaluateByStep } from '../evaluation/context-figures.ts';
import type { Store } from '../store.ts';
import { loadExternalScored } from './external-predictions.ts';

/** Null where there is nothing to say, and before the exam has figures. */
export async function measureExamContext(
  store: Store,
  exam: ExternalEvaluation,
  means: ContextMeans = {},
): Promise<ContextEvaluation | null> {
  const { runId, datasetId, threshold, metrics } = exam;
  if (!metrics) return null;
  return evaluateByStep(store, means, {
    runId,
    datasetId,
    threshold,
    isChosenHere: false,
    load: (source) => loadExternalScored(store, exam, source),
  });
}
