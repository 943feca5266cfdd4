/** The stored probabilities of a run, beside the places and labels of their patches. Only what may be read. */
import type { Subset } from '@microtome/domain/split/subset';
import { decodePredictions, type Predictions } from '@microtome/store/evaluation/predictions';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { listDatasetPatches, type SubsetPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { createResultCache } from '../result-cache.ts';
import { listReadableSubsets } from './seal.ts';

/** A data set of 277,000 patches takes 10 MB as columns, and so do its predictions. */
const CACHED_DATASETS = 2;
const CACHED_PREDICTIONS = 8;

export type SubsetPredictions = Predictions & { subset: Subset };

export type PredictionReader = {
  /** Every patch of a data set, strips too: the position of a patch is its index. */
  listPatches(datasetId: string): Promise<SubsetPatches>;
  /** VALIDATION first; TEST only once opened. Empty before the run succeeded. */
  listPredictions(runId: string): Promise<SubsetPredictions[]>;
};

/** What it takes to read the predictions of a run with the labels of their patches. */
export type PredictionServices = { store: Store; predictions: PredictionReader };

/** Data sets and artifacts never change, so what was read stays right; whether it may be read is asked each time. */
export function createPredictionReader(store: Store): PredictionReader {
  const patches = createResultCache<SubsetPatches>(CACHED_DATASETS);
  const predictions = createResultCache<Predictions>(CACHED_PREDICTIONS);

  async function readPredictions(runId: string, subset: Subset): Promise<SubsetPredictions> {
    const { artifactHash } = await getRunArtifact(store, { runId, role: `PREDICTIONS_${subset}` });
    const read = async () => decodePredictions(await store.artifacts.read(artifactHash));
    return { subset, ...(await predictions.get(artifactHash, read)) };
  }

  return {
    listPatches: (datasetId) =>
      patches.get(datasetId, () => listDatasetPatches(store, { datasetId, includeStrips: true })),
    async listPredictions(runId) {
      const subsets = await listReadableSubsets(store, runId);
      return Promise.all(subsets.map((subset) => readPredictions(runId, subset)));
    },
  };
}
