/** What neighbours add to a run on one side of its split, from stored predictions and the step that is stored with the run. */
import { type ContextEvaluation, evaluateInContext } from '@microtome/domain/context/context-evaluation';
import type { ContextStep } from '@microtome/domain/context/context-step';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import type { Evaluation } from '../../generated/prisma/client.ts';
import { getDataset } from '../dataset/datasets.ts';
import { getRun } from '../run/runs.ts';
import { requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';
import { placePatches, requireContextStep } from './run-context.ts';
import {
  loadScored,
  type PredictionSource,
  readFromStore,
  type ScoredPredictions,
} from './scored-predictions.ts';

type ContextInput = Parameters<typeof evaluateInContext>[0];

/** In the caller's thread and from the store, where they are left out. */
export type ContextMeans = {
  source?: PredictionSource;
  readStep?: (runId: string) => Promise<ContextStep | null>;
  evaluate?: (input: ContextInput) => ContextEvaluation | null | Promise<ContextEvaluation | null>;
};

/**
 * Null where there is nothing to say.
 * @throws AppError NOT_FOUND; SEALED for TEST before it was opened
 */
export async function measureContext(
  store: Store,
  { runId, subset, threshold }: Pick<Evaluation, 'runId' | 'subset' | 'threshold'>,
  means: ContextMeans = {},
): Promise<ContextEvaluation | null> {
  const { datasetId } = requireSplit(await getRun(store, runId));
  return evaluateByStep(store, means, {
    runId,
    datasetId,
    threshold,
    isChosenHere: subset === 'VALIDATION',
    load: (source) => loadScored(store, { runId, subset }, source),
  });
}

/** Predictions of a run's model, at home or elsewhere, by the run's step. */
export async function evaluateByStep(
  store: Store,
  { source = readFromStore(store), evaluate = evaluateInPlace, readStep }: ContextMeans,
  subject: {
    runId: string;
    datasetId: string;
    threshold: number;
    isChosenHere: boolean;
    load: (source: PredictionSource) => Promise<ScoredPredictions>;
  },
): Promise<ContextEvaluation | null> {
  const { runId, datasetId, threshold: ownThreshold, isChosenHere, load } = subject;
  const step = readStep ? await readStep(runId) : await requireContextStep(store, { runId, source });
  if (!step) return null;
  const { patchSizePx, unit }: { patchSizePx: number; unit: SplittingUnit } = await getDataset(
    store,
    datasetId,
  );
  const { scored, patches } = await load(source);
  const placed = { scored, places: placePatches(patches, patchSizePx) };
  return evaluate({ subject: placed, step, ownThreshold, unit, isChosenHere });
}

function evaluateInPlace(input: ContextInput): ContextEvaluation | null {
  return evaluateInContext(input);
}
