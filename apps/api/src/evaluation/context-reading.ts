/** What the neighbours of patches add to a run on one subset, computed from its stored predictions and cached, as these never change. */
import type { ContextEvaluation } from '@microtome/domain/context/context-evaluation';
import type { PlacedScores } from '@microtome/domain/context/context-step';
import { readThresholdChoice } from '@microtome/domain/run/run-hyperparameters';
import type { Subset } from '@microtome/domain/split/subset';
import { getDataset } from '@microtome/store/dataset/datasets';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import type { Evaluation } from '@microtome/store/generated/prisma/client';
import { getRun } from '@microtome/store/run/runs';
import { requireSplit } from '@microtome/store/run/split-run';
import type { Background } from '../background/background.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import type { PredictionServices } from './prediction-reader.ts';

const CACHED_CONTEXTS = 400;

export type ContextCache = ResultCache<ContextEvaluation | null>;
type ContextServices = PredictionServices & { background: Background; contexts: ContextCache };

export function createContextCache(): ContextCache {
  return createResultCache(CACHED_CONTEXTS);
}

/** Null where there is nothing to say. An evaluation's row exists only if its subset may be read. */
export function readContext(
  { store, predictions, background, contexts }: ContextServices,
  { runId, subset, threshold }: Evaluation,
): Promise<ContextEvaluation | null> {
  return contexts.get(`${runId} ${subset}`, async () => {
    const run = requireSplit(await getRun(store, runId));
    const { patchSizePx } = await getDataset(store, run.datasetId);
    const load = async (side: Subset): Promise<PlacedScores> => {
      const { scored, patches } = await loadScored(store, { runId, subset: side }, predictions);
      const { slides, x, y } = patches;
      return { scored, places: { slides, x, y, patchSizePx } };
    };
    const subject = await load(subset);
    const validation = subset === 'VALIDATION' ? subject : await load('VALIDATION');
    return background.context({ validation, subject, ownThreshold: threshold, ...readThresholdChoice(run) });
  });
}
