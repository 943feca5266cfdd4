/** The learning rate of every step of a run: warm-up first, then the schedule. */

import { isBetter } from '../metrics/metric.ts';
import type { Monitor } from './epoch-metrics.ts';
import type { Hyperparameters } from './hyperparameters.ts';

const PLATEAU_FACTOR = 0.5;
const PLATEAU_PATIENCE_EPOCHS = 3;

const STEP_FACTOR = 0.1;
const STEP_MILESTONES = [0.5, 0.75];

type Position = {
  hyperparameters: Pick<Hyperparameters, 'learningRate' | 'learningRateSchedule' | 'warmupEpochs' | 'epochs'>;
  /** 0-based. */
  epochIndex: number;
  /** 0-based within the epoch. */
  stepIndex: number;
  stepsPerEpoch: number;
  /** How often the plateau schedule has reduced the rate so far; ignored by the others. */
  reductions: number;
};

/**
 * The learning rate of one step, above 0. Linear warm-up reaches the full rate at the last warm-up step;
 * cosine falls from there toward 0 at the end of the last epoch.
 */
export function learningRateAt({
  hyperparameters,
  epochIndex,
  stepIndex,
  stepsPerEpoch,
  reductions,
}: Position): number {
  const { learningRate, learningRateSchedule, warmupEpochs, epochs } = hyperparameters;
  const step = epochIndex * stepsPerEpoch + stepIndex;
  const warmupSteps = warmupEpochs * stepsPerEpoch;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  switch (learningRateSchedule) {
    case 'constant':
      return learningRate;
    case 'cosine': {
      const progress = (step - warmupSteps) / Math.max(1, epochs * stepsPerEpoch - warmupSteps);
      return learningRate * 0.5 * (1 + Math.cos(Math.PI * Math.min(progress, 1)));
    }
    case 'step': {
      const passed = STEP_MILESTONES.filter((share) => epochIndex >= share * epochs).length;
      return learningRate * STEP_FACTOR ** passed;
    }
    case 'plateau':
      return learningRate * PLATEAU_FACTOR ** reductions;
  }
}

/**
 * How often the plateau schedule has reduced the rate after these epochs: once whenever the monitored metric
 * has not been better than its best for `PLATEAU_PATIENCE_EPOCHS` epochs in a row. A null is not better.
 */
export function countPlateauReductions(values: readonly (number | null)[], monitor: Monitor): number {
  let best: number | null = null;
  let waited = 0;
  let reductions = 0;
  for (const value of values) {
    if (isBetter(value, best, monitor)) {
      best = value;
      waited = 0;
    } else if (++waited === PLATEAU_PATIENCE_EPOCHS) {
      reductions++;
      waited = 0;
    }
  }
  return reductions;
}
