/**
 * All that one attempt works with: the engine, the stream of batches, the colour scale and the state of the run, new
 * or as the checkpoint has it.
 */
import { countPatients } from '@microtome/domain/metrics/scored';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { createRandom, deriveSeed, shuffle } from '@microtome/domain/seeded-random';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { type LocatedPatches, locatePatches } from '@microtome/store/dataset/shard-files';
import { countBatches, fitBatchSize } from '../batches/batch-assembler.ts';
import { type BatchStream, openBatchStream } from '../batches/batch-stream.ts';
import { favourClasses } from '../batches/class-weights.ts';
import { openWholePatches, type WholePatches } from '../batches/whole-patches.ts';
import { createEngine } from '../engine/create-engine.ts';
import { measureNormalisation, type Normalisation } from '../engine/normalisation.ts';
import type { NamedTensor, TrainingEngine } from '../engine/training-engine.ts';
import { roundEnds, UNCALIBRATED } from '../model/model-ends.ts';
import type { TrainerMessage, TrainerProgress } from '../protocol/trainer-messages.ts';
import type { JobPatches, TrainingJob } from '../protocol/training-job.ts';
import type { Checkpoint } from './checkpoint.ts';
import { createMachineMeter, type MachineMeter } from './machine-metrics.ts';
import { createProgressReporter } from './progress-reporter.ts';
import { readCheckpoint } from './read-checkpoint.ts';
import { createTimeLeft, type PlannedWork, type TimeLeft } from './time-left.ts';
import { createThroughput, type TrainingThroughput } from './training-throughput.ts';

/** TRAIN patches whose metrics are followed: enough for a curve, few enough to cost little. */
const TRAIN_SAMPLE_PATCHES = 1000;

export type TrainerIo = {
  artifacts: ArtifactStore;
  report: (message: TrainerMessage) => void;
  /** Whether the supervisor wants this attempt to end behind the next checkpoint. */
  isHandOverAsked: () => boolean;
};

/** What changes from epoch to epoch, besides the engine's own state. */
type RunState = {
  /** The monitored metric of every epoch so far. */
  history: (number | null)[];
  stepsDone: number;
  bestWeights: NamedTensor[];
};

export type TrainingAttempt = {
  job: TrainingJob;
  io: TrainerIo;
  engine: TrainingEngine;
  batches: BatchStream;
  batchesPerEpoch: number;
  normalisation: Normalisation;
  classWeights: [number, number];
  /** A fixed seeded sample of TRAIN on which train.auc and its like are measured, in inference mode. */
  trainSample: JobPatches;
  throughput: TrainingThroughput;
  timeLeft: TimeLeft;
  machine: MachineMeter;
  reportProgress: (progress: TrainerProgress) => void;
  state: RunState;
  close(): Promise<void>;
};

export async function openTrainingAttempt(job: TrainingJob, io: TrainerIo): Promise<TrainingAttempt> {
  const checkpoint = await readCheckpoint(job, io.artifacts, (line) => io.report({ kind: 'log', line }));
  const patches = await locatePatches(job.pixels, io);
  const measured = checkpoint?.normalisation ?? measureTrainColours(patches, job.train.indexes);
  const { normalisation } = roundEnds({ normalisation: measured, temperature: UNCALIBRATED });
  const engine = await openEngine(job, { normalisation, checkpoint });
  const { backend, device, versions, batchSize, allowsPadding } = engine;
  io.report({ kind: 'started', environment: { backend, device, versions: { ...versions } } });
  const { train, hyperparameters } = job;
  io.report({ kind: 'log', line: describeStart(job, checkpoint) });
  const batchesPerEpoch = countBatches({ patches: train.indexes.length, batchSize, allowsPadding });
  const assembler = { patchSizePx: patches.patchSizePx, batchSize, train, hyperparameters };
  const start = { epochIndex: checkpoint?.epochsDone ?? 0, batchIndex: 0 };
  const trainSample = sampleTrain(train, hyperparameters.seed);
  const batches = await openBatchStream({ assembler, patches }, { start, batchesPerEpoch });
  const { classWeighting: weighting, patientSampling: sampling } = hyperparameters;
  return {
    job,
    io,
    engine,
    batches,
    batchesPerEpoch,
    normalisation,
    classWeights: favourClasses({ ...train, weighting, sampling }),
    trainSample,
    throughput: createThroughput(checkpoint?.throughput),
    timeLeft: createTimeLeft(
      planWork(job, { trainSample, batchesPerEpoch, batchSize, epochsDone: start.epochIndex }),
    ),
    machine: createMachineMeter(),
    reportProgress: createProgressReporter((progress) => io.report({ kind: 'progress', progress })),
    state: {
      history: checkpoint?.history ?? [],
      stepsDone: checkpoint?.stepsDone ?? 0,
      bestWeights: checkpoint?.bestWeights ?? [],
    },
    close: async () => {
      await batches.close();
      await engine.dispose();
    },
  };
}

function planWork(
  { hyperparameters, train, validation, test }: TrainingJob,
  attempt: { trainSample: JobPatches; batchesPerEpoch: number; batchSize: number; epochsDone: number },
): PlannedWork {
  const patches = validation.indexes.length;
  return {
    epochs: hyperparameters.epochs - attempt.epochsDone,
    trainPatches: Math.min(train.indexes.length, attempt.batchesPerEpoch * attempt.batchSize),
    evaluationPatches: patches + attempt.trainSample.indexes.length,
    finalPatches: patches + test.indexes.length,
    validation: { patches, patients: countPatients(validation.patients) },
  };
}

function describeStart(
  { train, validation, test, attempt }: TrainingJob,
  checkpoint: Checkpoint | null,
): string {
  const counts = `${train.indexes.length} TRAIN, ${validation.indexes.length} VALIDATION and ${test.indexes.length} TEST patches`;
  const from = checkpoint ? `goes on after epoch ${checkpoint.epochsDone}` : 'begins';
  return `Attempt ${attempt} ${from} with ${counts}.`;
}

async function openEngine(
  job: TrainingJob,
  { normalisation, checkpoint }: { normalisation: Normalisation; checkpoint: Checkpoint | null },
): Promise<TrainingEngine> {
  const { hyperparameters, train, pixels } = job;
  const { width, dropoutRate, architecture, seed } = hyperparameters;
  const engine = await createEngine({
    backend: checkpoint?.backend ?? job.backend,
    layers: getArchitecture(architecture).layers({ width, dropoutRate }),
    patchSizePx: pixels.patchSizePx,
    batchSize: checkpoint?.batchSize ?? fitBatchSize(hyperparameters.batchSize, train.indexes.length),
    normalisation,
    seed,
    optimizer: hyperparameters,
    threads: job.threads ?? undefined,
    deterministic: hyperparameters.deterministic,
    precision: hyperparameters.precision,
  });
  if (checkpoint) await engine.restore(checkpoint.engine);
  return engine;
}

function measureTrainColours(patches: LocatedPatches, indexes: Int32Array): Normalisation {
  // Read through once, so nothing is kept.
  const reader = openWholePatches(patches, 0);
  try {
    return measureNormalisation(readAll(reader, indexes));
  } finally {
    reader.close();
  }
}

function* readAll(reader: WholePatches, indexes: Int32Array): Iterable<Uint8Array> {
  for (const index of indexes) yield reader.read(index);
}

function sampleTrain(train: JobPatches, seed: number): JobPatches {
  const random = createRandom(deriveSeed(seed, 'train sample'));
  const positions = shuffle(Array.from(train.indexes.keys()), random).slice(0, TRAIN_SAMPLE_PATCHES);
  const sorted = Int32Array.from(positions).sort();
  return {
    indexes: sorted.map((position) => train.indexes[position] as number),
    labels: Uint8Array.from(sorted, (position) => train.labels[position] as number),
    patients: sorted.map((position) => train.patients[position] as number),
  };
}
