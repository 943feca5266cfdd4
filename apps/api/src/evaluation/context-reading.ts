/**
 * What the neighbours of patches add to predictions of a run, computed from what is stored. What they add on one subset is
 * cached, as neither its predictions nor the step ever change.
 */
import type { ContextEvaluation } from '@microtome/domain/context/context-evaluation';
import type { ContextStep, PatchesInContext } from '@microtome/domain/context/context-step';
import { getDataset } from '@microtome/store/dataset/datasets';
import { type ContextMeans, measureContext } from '@microtome/store/evaluation/context-figures';
import type { Predictions } from '@microtome/store/evaluation/predictions';
import { requireContextStep } from '@microtome/store/evaluation/run-context';
import { measureExamContext } from '@microtome/store/external-evaluation/exam-context';
import type { Evaluation, ExternalEvaluation } from '@microtome/store/generated/prisma/client';
import type { Background } from '../background/background.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import type { PredictionServices } from './prediction-reader.ts';

const CACHED_CONTEXTS = 400;

export type ContextCache = ResultCache<ContextEvaluation | null>;
export type StepServices = PredictionServices & { background: Background };
export type ContextServices = StepServices & { contexts: ContextCache };

export function createContextCache(): ContextCache {
  return createResultCache(CACHED_CONTEXTS);
}

/** How a run reads patches in context; null where there was nothing to say on VALIDATION. */
export function readContextStep(
  { store, predictions, background }: StepServices,
  runId: string,
): Promise<ContextStep | null> {
  return requireContextStep(store, { runId, source: predictions, choose: background.chooseContext });
}

/** Predictions of some patches of a dataset, on one side of a split or of an exam. */
type DatasetPredictions = Predictions & { runId: string; datasetId: string };

/** By their position among those predicted; null where the run's step has nothing to say. */
export async function putPredictionsInContext(
  services: StepServices,
  { runId, datasetId, patchIndexes, probabilities }: DatasetPredictions,
): Promise<PatchesInContext | null> {
  const { store, predictions, background } = services;
  const step = await readContextStep(services, runId);
  if (!step) return null;
  const { slides, x, y } = await predictions.listPatches(datasetId);
  const pick = (column: Int32Array) => patchIndexes.map((patch) => column[patch]!);
  const { patchSizePx } = await getDataset(store, datasetId);
  const places = { slides: pick(slides), x: pick(x), y: pick(y), patchSizePx };
  return background.putInContext({ placed: { probabilities, places }, step });
}

/** Null where there is nothing to say. An evaluation's row exists only if its subset may be read. */
export function readContext(
  services: ContextServices,
  evaluation: Evaluation,
): Promise<ContextEvaluation | null> {
  const { runId, subset } = evaluation;
  return services.contexts.get(`${runId} ${subset}`, () =>
    measureContext(services.store, evaluation, describeMeans(services)),
  );
}

/** By the run's step as it was frozen at home. Null where there is nothing to say, and before the exam has figures. */
export async function readExamContext(
  services: ContextServices,
  exam: ExternalEvaluation,
): Promise<ContextEvaluation | null> {
  if (!exam.metrics) return null;
  return services.contexts.get(`exam ${exam.id}`, () =>
    measureExamContext(services.store, exam, describeMeans(services)),
  );
}

function describeMeans(services: ContextServices): ContextMeans {
  return {
    source: services.predictions,
    readStep: (runId) => readContextStep(services, runId),
    evaluate: services.background.context,
  };
}
