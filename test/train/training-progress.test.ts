import { MONITORS } from '@microtome/domain/epoch-metrics';
import { parseHyperparameters } from '@microtome/domain/hyperparameters';
import { describe, expect, it } from 'vitest';
import { findBestEpoch, isTrainingOver } from '../../workers/train/src/best-epoch.ts';
import { measureLogits, nameFigures } from '../../workers/train/src/epoch-metrics.ts';
import { createProgressReporter } from '../../workers/train/src/progress-reporter.ts';
import { createTimeLeft } from '../../workers/train/src/time-left.ts';
import type { TrainerProgress } from '../../workers/train/src/trainer-messages.ts';
import { createThroughput } from '../../workers/train/src/training-throughput.ts';

const progress = { phase: 'training' } as TrainerProgress;

describe('progress', () => {
  it('leaves at most four times a second, and the first at once', () => {
    let nowMs = 1000;
    const sentAtMs: number[] = [];
    const report = createProgressReporter(
      () => sentAtMs.push(nowMs),
      () => nowMs,
    );
    for (; nowMs < 3000; nowMs += 7) report(progress);
    expect(sentAtMs[0]).toBe(1000);
    expect(sentAtMs.length).toBeGreaterThan(7);
    for (let at = 1; at < sentAtMs.length; at++) {
      expect(sentAtMs[at]! - sentAtMs[at - 1]!).toBeGreaterThanOrEqual(250);
    }
  });

  it('estimates the time left from the speed of steps, evaluation and checkpoints, the first step left out', () => {
    const timeLeft = createTimeLeft();
    const nothing = { trainPatches: 0, evaluationPatches: 0, checkpoints: 0 };
    expect(timeLeft.estimateSeconds({ ...nothing, trainPatches: 100 })).toBeNull();
    timeLeft.addTraining(64, 30);
    timeLeft.addTraining(64, 0.64);
    timeLeft.addEvaluation(1000, 1);
    const left = { trainPatches: 6400, evaluationPatches: 500, checkpoints: 2 };
    expect(timeLeft.estimateSeconds(left)).toBeCloseTo(64.5, 9);
    timeLeft.addCheckpoint(0.25);
    expect(timeLeft.estimateSeconds(left)).toBeCloseTo(65, 9);
  });
});

describe('the time left after the first epoch', () => {
  /** Measured on the shallow network with one thread: 42 steps of 64, VALIDATION and the sample of TRAIN, a checkpoint. */
  const epoch = {
    steps: 42,
    firstStep: 0.4,
    otherSteps: 2.95,
    evaluated: 1376,
    evaluation: 0.54,
    checkpoint: 0.04,
  };
  /** VALIDATION and TEST once more, then intervals and files. */
  const finish = { evaluated: 914, evaluation: 0.36, rest: 0.34 };
  const epochs = 6;

  it('is right within 20 % where the machine keeps its speed', () => {
    const timeLeft = createTimeLeft();
    const stepSeconds = epoch.otherSteps / (epoch.steps - 1);
    timeLeft.addTraining(64, epoch.firstStep);
    for (let step = 1; step < epoch.steps; step++) timeLeft.addTraining(64, stepSeconds);
    timeLeft.addEvaluation(epoch.evaluated, epoch.evaluation);
    timeLeft.addCheckpoint(epoch.checkpoint);
    const left = epochs - 1;
    const estimate = timeLeft.estimateSeconds({
      trainPatches: left * epoch.steps * 64,
      evaluationPatches: left * epoch.evaluated + finish.evaluated,
      checkpoints: left,
    });
    const wholeEpoch = epoch.steps * stepSeconds + epoch.evaluation + epoch.checkpoint;
    const actual = left * wholeEpoch + finish.evaluation + finish.rest;
    expect(Math.abs(estimate! / actual - 1)).toBeLessThan(0.2);
  });
});

describe('trainPatchesPerSecond', () => {
  it('counts patches over seconds of the training loop without the first step of an attempt', () => {
    const first = createThroughput();
    first.addStep(64, 100);
    first.addStep(64, 0.5);
    const resumed = createThroughput(first.totals());
    resumed.addStep(64, 100);
    resumed.addStep(64, 0.5);
    expect(resumed.patchesPerSecond()).toBe(128);
  });
});

describe('the best epoch', () => {
  it('is the first with the best monitored value: highest, or lowest of errors; undefined is never better', () => {
    expect(findBestEpoch([0.6, 0.9, null, 0.9, 0.7], 'validation.auc')).toBe(2);
    expect(findBestEpoch([0.6, 0.9, null, 0.4, 0.4], 'validation.loss')).toBe(4);
    expect(findBestEpoch([null, 0.2, 0.1, 0.1, 0.3], 'validation.macro.brier')).toBe(3);
    expect(findBestEpoch([null, null], 'validation.auc')).toBe(2);
    for (const name of ['loss', 'logLoss', 'brier', 'ece', 'eceTopLabel', 'macro.brier'] as const) {
      expect(findBestEpoch([0.1, 0.2], `validation.${name}`), name).toBe(1);
    }
    for (const name of ['f1', 'macro.auc', 'npv', 'sensitivityAtSpecificity95'] as const) {
      expect(findBestEpoch([0.1, 0.2], `validation.${name}`), name).toBe(2);
    }
  });

  it('ends a run early when none of the last epochs was better, and never with patience off', () => {
    const patient = parseHyperparameters({ epochs: 10, earlyStoppingPatience: 2 });
    expect(isTrainingOver([0.9, 0.8], patient)).toBe(false);
    expect(isTrainingOver([0.9, 0.8, 0.7], patient)).toBe(true);
    expect(isTrainingOver([0.9, 0.8, 0.95], patient)).toBe(false);
    expect(isTrainingOver([0.9, 0.8, 0.7], parseHyperparameters({ epochs: 10 }))).toBe(false);
    expect(isTrainingOver([0.9, 0.8, 0.7], parseHyperparameters({ epochs: 3 }))).toBe(true);
    const calibrated = parseHyperparameters({ earlyStoppingPatience: 2, monitor: 'validation.ece' });
    expect(isTrainingOver([0.2, 0.1, 0.1], calibrated)).toBe(false);
    expect(isTrainingOver([0.2, 0.1, 0.1, 0.1], calibrated)).toBe(true);
    expect(isTrainingOver([null, null, null], calibrated)).toBe(false);
  });
});

describe('the figures of an epoch', () => {
  const logits = Float32Array.of(2, -1, 0.5, -3);
  const patients = Int32Array.of(0, 0, 1, 1);
  const measure = (labels: Uint8Array) =>
    nameFigures('validation', measureLogits({ logits, patches: { labels, patients }, classWeights: [1, 1] }));

  it('are all that can be monitored, by their worked values', () => {
    const figures = measure(Uint8Array.of(1, 0, 0, 1));
    expect(Object.keys(figures).sort()).toEqual([...MONITORS].sort());
    const errors = [2, -1, 0.5, -3].map((logit, at) => 1 / (1 + Math.exp(-logit)) - [1, 0, 0, 1][at]!);
    const squares = errors.map((error) => error * error);
    expect(figures['validation.brier']).toBeCloseTo(squares.reduce((a, b) => a + b) / 4, 12);
    expect(figures['validation.logLoss']).toBeCloseTo(figures['validation.loss']!, 6);
    expect(figures['validation.macro.auc']).toBe(0.5);
  });

  it('leave out what one class alone does not define', () => {
    const figures = measure(Uint8Array.of(0, 0, 0, 0));
    expect(figures).not.toHaveProperty(['validation.auc']);
    expect(figures).not.toHaveProperty(['validation.macro.auc']);
    for (const name of ['loss', 'brier', 'logLoss', 'ece', 'macro.brier', 'specificity']) {
      expect(figures, name).toHaveProperty([`validation.${name}`]);
    }
  });
});
