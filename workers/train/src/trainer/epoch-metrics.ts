/**
 * The figures of an epoch, from logits. Probabilities here are the uncalibrated sigmoid and the threshold is one half:
 * the run's own threshold and temperature are chosen when training has ended. What is positive is the task's.
 */

import { evaluate, getMetric } from '@microtome/domain/evaluation/evaluation';
import { calibrate } from '@microtome/domain/metrics/calibration';
import { listMainMetrics, mapMetrics, RUN_METRICS } from '@microtome/domain/metrics/metric';
import type { EpochMetric } from '@microtome/domain/run/epoch-metrics';
import type { JobPatches } from '../protocol/training-job.ts';

const EPOCH_THRESHOLD = 0.5;
const UNCALIBRATED = 1;

export type EpochFigures = Partial<Record<EpochMetric, number | null>>;

/** Of the sample of TRAIN only the main figures are kept: enough to see a network fit what it has learned from. */
const TRAIN_FIGURES = listMainMetrics(3);

/**
 * `loss` is the class-weighted cross-entropy on the true labels, without label smoothing or focal weight, so that
 * runs which differ in those can still be compared by it. A figure that one class leaves undefined is null.
 */
export function measureLogits(request: {
  logits: Float32Array;
  patches: Pick<JobPatches, 'labels' | 'patients'>;
  classWeights: readonly [number, number];
}): EpochFigures {
  const { logits, patches, classWeights } = request;
  const probabilities = Float64Array.from(logits, (logit) => calibrate(logit, UNCALIBRATED));
  const scored = { probabilities, labels: patches.labels, patients: patches.patients };
  const metrics = evaluate({ scored, threshold: EPOCH_THRESHOLD });
  return {
    loss: weighLoss(logits, patches.labels, classWeights),
    ...mapMetrics(RUN_METRICS, (name) => getMetric(metrics, name)),
  };
}

export function pickTrainFigures(figures: EpochFigures): EpochFigures {
  return mapMetrics(TRAIN_FIGURES, (name) => figures[name] ?? null);
}

/** `{auc: 0.9}` under 'validation' becomes `{'validation.auc': 0.9}`; nulls are left out. */
export function nameFigures(subset: 'train' | 'validation', figures: EpochFigures): Record<string, number> {
  const named = Object.entries(figures).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return Object.fromEntries(named.map(([name, value]) => [`${subset}.${name}`, value]));
}

function weighLoss(
  logits: Float32Array,
  labels: Uint8Array,
  classWeights: readonly [number, number],
): number {
  let sum = 0;
  let weight = 0;
  logits.forEach((logit, row) => {
    const label = labels[row] as 0 | 1;
    const towardLabel = label === 1 ? logit : -logit;
    sum += classWeights[label] * softplus(-towardLabel);
    weight += classWeights[label];
  });
  return sum / weight;
}

/** log(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}
