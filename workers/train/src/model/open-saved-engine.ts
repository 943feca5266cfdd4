/** A stored model in an engine that predicts: the one way for files, and for patches of a dataset. */
import { getArchitecture } from '@microtome/domain/network/architectures';
import type { BackendName } from '@microtome/domain/run/backends';
import type { Hyperparameters } from '@microtome/domain/run/hyperparameters';
import { createEngine } from '../engine/create-engine.ts';
import type { TrainingEngine } from '../engine/training-engine.ts';
import { putWeights } from './engine-weights.ts';
import type { SavedNetwork } from './load-saved-model.ts';

export type PredictionModel = SavedNetwork & {
  hyperparameters: Hyperparameters;
  patchSizePx: number;
};

/** The caller disposes of it. */
export async function openSavedEngine(
  { hyperparameters, patchSizePx, normalisation, weights }: PredictionModel,
  { backend, threads }: { backend: BackendName; threads?: number | undefined },
): Promise<TrainingEngine> {
  const engine = await createEngine({
    backend,
    layers: getArchitecture(hyperparameters.architecture).layers(hyperparameters),
    patchSizePx,
    batchSize: 1, // Of a training step, which is not made here.
    normalisation,
    seed: hyperparameters.seed,
    optimizer: hyperparameters,
    threads,
  });
  try {
    await putWeights(engine, weights);
    return engine;
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
