/** Reads predictions and patches, and keeps those read last in memory. */
import type { Predictions } from '@microtome/store/evaluation/predictions';
import { type PredictionSource, readFromStore } from '@microtome/store/evaluation/scored-predictions';
import type { SubsetPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { createResultCache } from '../result-cache.ts';

/** A dataset of 277,000 patches takes 10 MB as columns, and so do its predictions. */
const CACHED_DATASETS = 2;
const CACHED_PREDICTIONS = 8;

/** What is needed to read a run's predictions with the labels of their patches. */
export type PredictionServices = { store: Store; predictions: PredictionSource };

/** Datasets and artifacts never change, so what was read stays valid; permission to read it is checked each time. */
export function createPredictionReader(store: Store): PredictionSource {
  const { listPatches, readPredictions } = readFromStore(store);
  const patches = createResultCache<SubsetPatches>(CACHED_DATASETS);
  const predictions = createResultCache<Predictions>(CACHED_PREDICTIONS);
  return {
    listPatches: (datasetId) => patches.get(datasetId, () => listPatches(datasetId)),
    readPredictions: (hash) => predictions.get(hash, () => readPredictions(hash)),
  };
}
