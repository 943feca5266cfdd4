/** Predictions and patches as this process reads them: those asked for last are kept in memory. */
import type { Predictions } from '@microtome/store/evaluation/predictions';
import { type PredictionSource, readFromStore } from '@microtome/store/evaluation/scored-predictions';
import type { SubsetPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { createResultCache } from '../result-cache.ts';

/** A dataset of 277,000 patches takes 10 MB as columns, and so do its predictions. */
const CACHED_DATASETS = 2;
const CACHED_PREDICTIONS = 8;

/** What it takes to read the predictions of a run with the labels of their patches. */
export type PredictionServices = { store: Store; predictions: PredictionSource };

/** Datasets and artifacts never change, so what was read stays right; whether it may be read is asked each time. */
export function createPredictionReader(store: Store): PredictionSource {
  const { listPatches, readPredictions } = readFromStore(store);
  const patches = createResultCache<SubsetPatches>(CACHED_DATASETS);
  const predictions = createResultCache<Predictions>(CACHED_PREDICTIONS);
  return {
    listPatches: (datasetId) => patches.get(datasetId, () => listPatches(datasetId)),
    readPredictions: (hash) => predictions.get(hash, () => readPredictions(hash)),
  };
}
