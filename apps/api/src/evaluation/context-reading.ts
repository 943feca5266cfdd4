/**
 * What the neighbours of patches add to a run on one subset, computed from its stored predictions and cached, as neither
 * these nor the step ever change.
 */
import type { ContextEvaluation } from '@microtome/domain/context/context-evaluation';
import type { ContextStep } from '@microtome/domain/context/context-step';
import { getDataset } from '@microtome/store/dataset/datasets';
import { placePatches, requireContextStep } from '@microtome/store/evaluation/run-context';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import type { Evaluation } from '@microtome/store/generated/prisma/client';
import { getRun } from '@microtome/store/run/runs';
import { requireSplit } from '@microtome/store/run/split-run';
import type { Background } from '../background/background.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import type { PredictionServices } from './prediction-reader.ts';

const CACHED_CONTEXTS = 400;

export type ContextCache = ResultCache<ContextEvaluation | null>;
type StepServices = PredictionServices & { background: Background };

export function createContextCache(): ContextCache {
  return createResultCache(CACHED_CONTEXTS);
}

/** How a run reads patches in context; null where there was nothing to say on VALIDATION. */
function readContextStep(
  { store, predictions, background }: StepServices,
  runId: string,
): Promise<ContextStep | null> {
  return requireContextStep(store, { runId, source: predictions, choose: background.chooseContext });
}

/** Null where there is nothing to say. An evaluation's row exists only if its subset may be read. */
export function readContext(
  services: StepServices & { contexts: ContextCache },
  { runId, subset, threshold }: Evaluation,
): Promise<ContextEvaluation | null> {
  const { store, predictions, background, contexts } = services;
  return contexts.get(`${runId} ${subset}`, async () => {
    const step = await readContextStep(services, runId);
    if (!step) return null;
    const run = requireSplit(await getRun(store, runId));
    const { patchSizePx } = await getDataset(store, run.datasetId);
    const { scored, patches } = await loadScored(store, { runId, subset }, predictions);
    const subject = { scored, places: placePatches(patches, patchSizePx) };
    return background.context({ subject, step, ownThreshold: threshold });
  });
}
