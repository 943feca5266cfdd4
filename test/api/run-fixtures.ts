/** Runs in every state, made through the same functions that launch and train real ones, but without a trainer. */

import { evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { createRandom, gaussian, type SeededRandom } from '@microtome/domain/seeded-random';
import type { SplitFractions, SplitStrategy } from '@microtome/domain/split/split';
import { encodePredictions, PREDICTIONS_MEDIA_TYPE } from '@microtome/store/evaluation/predictions';
import { createExperiment } from '@microtome/store/experiment/experiments';
import type { Experiment, Run, Split } from '@microtome/store/generated/prisma/client';
import { claimRun, finishSucceeded, launchRun } from '@microtome/store/run/run-lifecycle';
import { recordBackend, recordEpoch } from '@microtome/store/run/run-recording';
import { createSplit } from '@microtome/store/split/create-split';
import { listLabelledPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { getTaskOfRun } from '@microtome/store/task/tasks';
import { type DatasetOptions, type InsertedDataset, insertDataset } from '../fixtures/dataset.ts';

export type Bench = { dataset: InsertedDataset; split: Split; experiment: Experiment };

type BenchOptions = {
  seed?: number;
  patients?: number;
  fractions?: SplitFractions;
  /** PATIENT_STRATIFIED when left out. */
  strategy?: SplitStrategy;
  dataset?: Partial<DatasetOptions>;
};

/** A dataset of 10 patients with strips, a split 6 / 2 / 2 and an experiment. */
export async function createBench(store: Store, options: BenchOptions = {}): Promise<Bench> {
  const { seed = 1, patients = 10, fractions, strategy = 'PATIENT_STRATIFIED' } = options;
  const dataset = await insertDataset(store, {
    patients,
    patchesPerPatient: 12,
    patchSizePx: 16,
    stripsPerPatient: 2,
    seed,
    ...options.dataset,
  });
  const { datasetId } = dataset;
  const [split] = await createSplit(store, {
    datasetId,
    strategy,
    seed,
    fractions,
  });
  const experiment = await createExperiment(store, { datasetId, name: 'Shallow or deep?' });
  return { dataset, split: split!, experiment };
}

export function launch(
  store: Store,
  { split, experiment }: Bench,
  hyperparameters: object = {},
): Promise<Run> {
  return launchRun(store, {
    experimentId: experiment.id,
    splitId: split.id,
    hyperparameters: { architecture: 'deep', width: 0.25, epochs: 2, ...hyperparameters },
  });
}

/** A run that a worker holds, with an event for each of `epochs` epochs. */
export async function trainRun(store: Store, bench: Bench, options: { epochs?: number } = {}): Promise<Run> {
  const { id: runId } = await launch(store, bench);
  const run = (await claimRun(store, { runId, workerId: 'test-worker' }))!;
  const { attempt } = run;
  await recordBackend(store, { runId, attempt, backend: 'onnx', device: 'CPU', versions: {} });
  for (let epoch = 1; epoch <= (options.epochs ?? 0); epoch++)
    await addEpoch(store, { runId, attempt, epoch });
  return run;
}

export async function addEpoch(
  store: Store,
  { runId, attempt, epoch }: { runId: string; attempt: number; epoch: number },
): Promise<void> {
  const checkpoint = await store.artifacts.put(Buffer.from(`${runId} ${epoch}`), 'application/octet-stream');
  const metrics = { 'train.loss': 1 / epoch, 'validation.auc': 1 - 0.5 / epoch, learningRate: 0.001 };
  await recordEpoch(store, { runId, attempt, epoch, step: epoch * 10, metrics, checkpoint, best: true });
}

type FinishOptions = {
  /** By how much positive patches score above negative ones, in standard deviations. */
  skill?: number;
  seed?: number;
  /** The probability of a patch, in place of what `skill` gives. */
  score?(label: number, random: SeededRandom): number;
};

/** A run that SUCCEEDED. */
export async function finishRun(store: Store, bench: Bench, options: FinishOptions = {}): Promise<Run> {
  const { skill = 2, seed = 7 } = options;
  const { score = (label, random) => 1 / (1 + Math.exp(-(gaussian(random) + skill * (label - 0.5)))) } =
    options;
  const { id: runId, attempt } = await trainRun(store, bench, { epochs: 2 });
  const { sides } = await getTaskOfRun(store, runId);
  const random = createRandom(seed);
  const predict = async (subset: 'VALIDATION' | 'TEST') => {
    const patches = await listLabelledPatches(store, { splitId: bench.split.id, subset, sides });
    const probabilities = Float64Array.from(patches.labels, (label) => score(label, random));
    const bytes = encodePredictions({ patchIndexes: patches.indexes, probabilities });
    return { patches, probabilities, artifact: await store.artifacts.put(bytes, PREDICTIONS_MEDIA_TYPE) };
  };
  const validation = await predict('VALIDATION');
  const test = await predict('TEST');
  const { labels, patients } = validation.patches;
  const scored = { probabilities: validation.probabilities, labels, patients };
  const { metrics, intervals } = evaluateWithIntervals({ scored, threshold: 0.5, draws: 50, seed: 1 });
  const json = Buffer.from(
    JSON.stringify({ format: 'layers-model', weightsManifest: [{ paths: ['weights.bin'] }] }),
  );
  await finishSucceeded(store, {
    runId,
    attempt,
    threshold: 0.5,
    temperature: 1,
    trainPatchesPerSecond: 1000,
    artifacts: {
      MODEL_JSON: await store.artifacts.put(json, 'application/json'),
      MODEL_WEIGHTS: await store.artifacts.put(Buffer.from('weights'), 'application/octet-stream'),
      MODEL_ONNX: await store.artifacts.put(Buffer.from('onnx'), 'application/octet-stream'),
      PREDICTIONS_VALIDATION: validation.artifact,
      PREDICTIONS_TEST: test.artifact,
    },
    evaluation: {
      metrics: JSON.parse(JSON.stringify(metrics)),
      intervals: JSON.parse(JSON.stringify(intervals)),
      draws: 50,
    },
  });
  return store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
}
