/**
 * How a run is trained, from top to bottom. An epoch is a function of the state before it and of the seed, so a run
 * that is killed goes on from its last checkpoint and ends with the same weights and the same metrics.
 */
import { AppError } from '@microtome/domain/app-error';
import type { MachineMetric, TrainingMetric } from '@microtome/domain/metrics/metric';
import { countPlateauReductions, learningRateAt } from '@microtome/domain/run/learning-rate';
import type { EpochReport, TrainerPhase, TrainingResult } from '../protocol/trainer-messages.ts';
import type { JobPatches, TrainingJob } from '../protocol/training-job.ts';
import { findBestEpoch, isTrainingOver } from './best-epoch.ts';
import { CHECKPOINT_MEDIA_TYPE, encodeCheckpoint } from './checkpoint.ts';
import { type EpochFigures, measureLogits, nameFigures, pickTrainFigures } from './epoch-metrics.ts';
import { finishTraining } from './finish-training.ts';
import { readPeakMemoryBytes } from './peak-memory.ts';
import { computeLogits } from './subset-logits.ts';
import { openTrainingAttempt, type TrainerIo, type TrainingAttempt } from './training-attempt.ts';

/** Null when the attempt was asked to hand over: it stopped after a checkpoint. */
export async function trainRun(job: TrainingJob, io: TrainerIo): Promise<TrainingResult | null> {
  const attempt = await openTrainingAttempt(job, io);
  const { state } = attempt;
  try {
    while (!isTrainingOver(state.history, job.hyperparameters)) {
      const startedMs = performance.now();
      const training = await trainEpoch(attempt);
      const evaluation = await evaluateEpoch(attempt);
      const monitored = evaluation[job.hyperparameters.monitor] ?? null;
      const best = await rememberEpoch(attempt, monitored);
      const machine = await attempt.machine.read();
      const checkpoint = await saveCheckpoint(attempt);
      const seconds = (performance.now() - startedMs) / 1000;
      attempt.timeLeft.endEpoch(seconds);
      const metrics = { ...training, ...evaluation, ...machine, seconds };
      io.report({ kind: 'epoch', report: { ...describeEpoch(attempt), metrics, checkpoint, best } });
      if (io.isHandOverAsked()) return null;
    }
    return await finishTraining(attempt);
  } finally {
    await attempt.close();
  }
}

/** Shows every batch of one epoch once. `train.loss` is the mean over the epoch's patches while they were learned. */
async function trainEpoch(attempt: TrainingAttempt): Promise<Record<string, number>> {
  const { job, engine, batches, batchesPerEpoch, state, throughput, timeLeft, machine } = attempt;
  const epochIndex = state.history.length;
  const { hyperparameters } = job;
  const reductions = countPlateauReductions(state.history, hyperparameters.monitor);
  const total = { loss: 0, patches: 0, dataSeconds: 0, stepSeconds: 0 };
  let learningRate = 0;
  for (let stepIndex = 0; stepIndex < batchesPerEpoch; stepIndex++) {
    if (stepIndex === batchesPerEpoch >> 1) machine.watchGpu();
    const startedMs = performance.now();
    const { count, ...batch } = await batches.nextTraining();
    const readyMs = performance.now();
    learningRate = learningRateAt({
      hyperparameters,
      epochIndex,
      stepIndex,
      stepsPerEpoch: batchesPerEpoch,
      reductions,
    });
    const { loss } = await engine.step({ ...batch, learningRate });
    batches.recycle(batch.images);
    const doneMs = performance.now();
    state.stepsDone++;
    if (!Number.isFinite(loss)) {
      const at = `in step ${stepIndex + 1} of epoch ${epochIndex + 1}, at learning rate ${learningRate}`;
      throw divergedError(`the loss is ${loss} ${at}`);
    }
    total.loss += loss * count;
    total.patches += count;
    total.dataSeconds += (readyMs - startedMs) / 1000;
    total.stepSeconds += (doneMs - readyMs) / 1000;
    throughput.addStep(count, (doneMs - startedMs) / 1000);
    timeLeft.addTraining(count, (doneMs - startedMs) / 1000);
    reportBatch(attempt, { phase: 'training', batch: stepIndex + 1, loss: total.loss / total.patches });
  }
  const { dataSeconds, stepSeconds } = total;
  const patchesPerSecond = total.patches / (dataSeconds + stepSeconds);
  return {
    'train.loss': total.loss / total.patches,
    learningRate,
    dataSeconds,
    stepSeconds,
    patchesPerSecond,
  } satisfies Partial<Record<'train.loss' | TrainingMetric | MachineMetric, number>>;
}

/** A training that diverged never comes back: the same seed would diverge again, so the run has failed. */
function divergedError(sign: string): AppError {
  const advice = 'Choose a lower learningRate, a warm-up, or gradientClipNorm.';
  return new AppError('BAD_INPUT', `Training diverged: ${sign}. ${advice}`);
}

/** VALIDATION, and the fixed sample of TRAIN, in inference mode with the weights as they are now. */
async function evaluateEpoch(attempt: TrainingAttempt): Promise<Record<string, number>> {
  const startedMs = performance.now();
  const validation = await evaluatePatches(attempt, attempt.job.validation);
  const train = pickTrainFigures(await evaluatePatches(attempt, attempt.trainSample));
  const evaluationSeconds = (performance.now() - startedMs) / 1000;
  return { ...nameFigures('train', train), ...nameFigures('validation', validation), evaluationSeconds };
}

async function evaluatePatches(attempt: TrainingAttempt, patches: JobPatches): Promise<EpochFigures> {
  const { engine, batches, classWeights, timeLeft, state } = attempt;
  const logits = await computeLogits({
    engine,
    batches,
    indexes: patches.indexes,
    onChunk: (chunk) => {
      timeLeft.addEvaluation(chunk.patches, chunk.seconds);
      reportBatch(attempt, { phase: 'validating', batch: attempt.batchesPerEpoch, loss: null });
    },
  });
  const wrong = logits.find((logit) => !Number.isFinite(logit));
  if (wrong !== undefined) {
    throw divergedError(`the network gives ${wrong} for a patch after epoch ${state.history.length + 1}`);
  }
  return measureLogits({ logits, patches, classWeights });
}

/** Adds the epoch to the history and keeps its weights when it is the best so far. */
async function rememberEpoch(attempt: TrainingAttempt, monitored: number | null): Promise<boolean> {
  const { state, engine, job } = attempt;
  state.history.push(monitored);
  const isBest = findBestEpoch(state.history, job.hyperparameters.monitor) === state.history.length;
  if (isBest) state.bestWeights = await engine.weights();
  return isBest;
}

async function saveCheckpoint(attempt: TrainingAttempt): Promise<EpochReport['checkpoint']> {
  const { job, engine, state, normalisation, throughput, io } = attempt;
  const bytes = encodeCheckpoint({
    runId: job.runId,
    backend: engine.backend,
    batchSize: engine.batchSize,
    epochsDone: state.history.length,
    stepsDone: state.stepsDone,
    history: state.history,
    bestEpoch: findBestEpoch(state.history, job.hyperparameters.monitor),
    normalisation,
    throughput: throughput.totals(),
    engine: await engine.state(),
    bestWeights: state.bestWeights,
  });
  return io.artifacts.put(bytes, CHECKPOINT_MEDIA_TYPE);
}

function describeEpoch({ state, throughput }: TrainingAttempt) {
  return {
    epoch: state.history.length,
    step: state.stepsDone,
    trainPatchesPerSecond: throughput.patchesPerSecond() ?? undefined,
    peakMemoryBytes: readPeakMemoryBytes(),
  };
}

function reportBatch(
  attempt: TrainingAttempt,
  now: { phase: TrainerPhase; batch: number; loss: number | null },
): void {
  const { job, batchesPerEpoch, state, throughput, timeLeft, reportProgress } = attempt;
  reportProgress({
    ...now,
    epoch: state.history.length + 1,
    epochs: job.hyperparameters.epochs,
    batches: batchesPerEpoch,
    patchesPerSecond: throughput.patchesPerSecond(),
    secondsLeft: timeLeft.estimateSeconds(),
  });
}
