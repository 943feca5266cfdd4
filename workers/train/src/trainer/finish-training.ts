/**
 * What happens when the last epoch is over: the best weights come back, temperature, threshold and step with neighbours are chosen on
 * VALIDATION, the probabilities of VALIDATION and of TEST are kept, and the model is saved. TEST is predicted without
 * its labels; its metrics are computed only when TEST is opened.
 */

import { chooseContext } from '@microtome/domain/context/context-step';
import { evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { calibrate, fitTemperature } from '@microtome/domain/metrics/calibration';
import { chooseThreshold } from '@microtome/domain/metrics/threshold';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { encodePredictions, PREDICTIONS_MEDIA_TYPE } from '@microtome/store/evaluation/predictions';
import { putWeights } from '../model/engine-weights.ts';
import { exportOnnx, ONNX_MEDIA_TYPE } from '../model/export-onnx.ts';
import { roundEnds, UNCALIBRATED } from '../model/model-ends.ts';
import { saveModel } from '../model/saved-model.ts';
import type { TrainingResult, ValidationEvaluation } from '../protocol/trainer-messages.ts';
import { findBestEpoch } from './best-epoch.ts';
import { readPeakMemoryBytes } from './peak-memory.ts';
import { correctPrior } from './prior-correction.ts';
import { computeLogits } from './subset-logits.ts';
import type { TrainingAttempt } from './training-attempt.ts';

const BOOTSTRAP_DRAWS = 2000;

export async function finishTraining(attempt: TrainingAttempt): Promise<TrainingResult> {
  const { job, engine, state, throughput } = attempt;
  const { hyperparameters, validation, test } = job;
  attempt.timeLeft.beginFinish();
  const bestEpoch = findBestEpoch(state.history, hyperparameters.monitor);
  attempt.io.report({
    kind: 'log',
    line: `The weights of epoch ${bestEpoch} are kept: the best ${hyperparameters.monitor}.`,
  });
  const calibrated = hyperparameters.calibration === 'temperature';
  await putWeights(
    engine,
    calibrated ? correctPrior(state.bestWeights, attempt.classWeights) : state.bestWeights,
  );
  const logits = await computeFinalLogits(attempt, validation.indexes);
  const { temperature } = roundEnds({
    normalisation: attempt.normalisation,
    temperature: calibrated ? fitTemperature(logits, validation.labels) : UNCALIBRATED,
  });
  const probabilities = toProbabilities(logits, temperature);
  const { thresholdRule: rule, targetSensitivity } = hyperparameters;
  const scored = { probabilities, labels: validation.labels, patients: validation.patients };
  const threshold = chooseThreshold({ scored, rule, targetSensitivity });
  const places = job.validationPlaces;
  const choice = { rule, targetSensitivity, ownThreshold: threshold };
  const testProbabilities = toProbabilities(await computeFinalLogits(attempt, test.indexes), temperature);
  return {
    bestEpoch,
    threshold,
    temperature,
    ...(places ? { context: chooseContext({ scored, places }, choice) } : {}),
    trainPatchesPerSecond: throughput.patchesPerSecond() ?? 0,
    peakMemoryBytes: readPeakMemoryBytes(),
    files: {
      ...(await putModel(attempt, temperature)),
      validationPredictions: await putPredictions(attempt, validation.indexes, probabilities),
      testPredictions: await putPredictions(attempt, test.indexes, testProbabilities),
    },
    validation: evaluateValidation(scored, threshold, hyperparameters.seed),
  };
}

function computeFinalLogits(attempt: TrainingAttempt, indexes: Int32Array): Promise<Float32Array> {
  const { engine, batches, job, batchesPerEpoch, state, throughput, timeLeft, reportProgress } = attempt;
  return computeLogits({
    engine,
    batches,
    indexes,
    onChunk: ({ patches, seconds }) => {
      timeLeft.addEvaluation(patches, seconds);
      reportProgress({
        phase: 'finishing',
        epoch: state.history.length,
        epochs: job.hyperparameters.epochs,
        batch: batchesPerEpoch,
        batches: batchesPerEpoch,
        patchesPerSecond: throughput.patchesPerSecond(),
        secondsLeft: timeLeft.estimateSeconds(),
        loss: null,
      });
    },
  });
}

/** In doubles, from the engine's float32 logits. */
function toProbabilities(logits: Float32Array, temperature: number): Float64Array {
  return Float64Array.from(logits, (logit) => calibrate(logit, temperature));
}

function putPredictions(attempt: TrainingAttempt, patchIndexes: Int32Array, probabilities: Float64Array) {
  return attempt.io.artifacts.put(encodePredictions({ patchIndexes, probabilities }), PREDICTIONS_MEDIA_TYPE);
}

async function putModel({ job, engine, normalisation, io }: TrainingAttempt, temperature: number) {
  const { architecture, width, dropoutRate } = job.hyperparameters;
  const network = {
    layers: getArchitecture(architecture).layers({ width, dropoutRate }),
    patchSizePx: job.pixels.patchSizePx,
    weights: await engine.weights(),
    normalisation,
    temperature,
  };
  const { modelJson, weights } = await saveModel(network);
  return {
    modelOnnx: await io.artifacts.put(exportOnnx(network), ONNX_MEDIA_TYPE),
    modelJson: await io.artifacts.put(modelJson, 'application/json'),
    modelWeights: await io.artifacts.put(weights, 'application/octet-stream'),
  };
}

function evaluateValidation(
  scored: Parameters<typeof evaluateWithIntervals>[0]['scored'],
  threshold: number,
  seed: number,
): ValidationEvaluation {
  const { metrics, intervals } = evaluateWithIntervals({ scored, threshold, draws: BOOTSTRAP_DRAWS, seed });
  return { metrics, intervals, draws: BOOTSTRAP_DRAWS };
}
