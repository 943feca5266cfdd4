/** What neighbours add to an opened cross-validation, each fold by the step of its own run. Opened predictions and steps never change. */
import type { PooledContext } from '@microtome/domain/context/pooled-context';
import { getDataset } from '@microtome/store/dataset/datasets';
import { placePatches } from '@microtome/store/evaluation/run-context';
import { loadFolds } from '@microtome/store/sweep/fold-predictions';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import { readContextStep, type StepServices } from './context-reading.ts';

const CACHED_SWEEPS = 100;

export type PooledContextCache = ResultCache<PooledContext | null>;

export function createPooledContextCache(): PooledContextCache {
  return createResultCache(CACHED_SWEEPS);
}

/** Null where no fold has anything to say. SEALED before TEST of the folds was opened. */
export function readPooledContext(
  services: StepServices & { pooledContexts: PooledContextCache },
  sweepId: string,
): Promise<PooledContext | null> {
  const { store, predictions, background, pooledContexts } = services;
  return pooledContexts.get(sweepId, async () => {
    const folds = await loadFolds(store, sweepId, predictions);
    const { patchSizePx, unit } = await getDataset(store, folds[0]?.datasetId ?? '');
    const steps = await Promise.all(folds.map(({ runId }) => readContextStep(services, runId)));
    return background.pooledContext({
      unit,
      folds: folds.map(({ scored, patches, threshold }, at) => ({
        subject: { scored, places: placePatches(patches, patchSizePx) },
        step: steps[at] ?? null,
        ownThreshold: threshold,
      })),
    });
  });
}
