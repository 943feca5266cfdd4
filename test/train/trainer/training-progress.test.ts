import { MONITORS } from '@microtome/domain/run/epoch-metrics';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { describe, expect, it } from 'vitest';
import type { TrainerProgress } from '../../../workers/train/src/protocol/trainer-messages.ts';
import { findBestEpoch, isTrainingOver } from '../../../workers/train/src/trainer/best-epoch.ts';
import { measureLogits, nameFigures } from '../../../workers/train/src/trainer/epoch-metrics.ts';
import { createProgressReporter } from '../../../workers/train/src/trainer/progress-reporter.ts';
import { createTimeLeft, type TimeLeft } from '../../../workers/train/src/trainer/time-left.ts';
import { createThroughput } from '../../../workers/train/src/trainer/training-throughput.ts';

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
});

/** One epoch as it was measured: the shallow network on idc-mini.zip, two busy cores, 35 steps of up to 64. */
type RecordedEpoch = { firstStep: number; otherSteps: number; chunks: number[]; rest: number };
const RECORDED: RecordedEpoch[] = [
  { firstStep: 0.213, otherSteps: 2.83, chunks: [0.232, 0.042, 0.198, 0.147], rest: 0.069 },
  { firstStep: 0.131, otherSteps: 3.31, chunks: [0.251, 0.066, 0.195, 0.158], rest: 0.08 },
  { firstStep: 0.099, otherSteps: 3.21, chunks: [0.288, 0.068, 0.186, 0.163], rest: 0.101 },
];
const RECORDED_FINISH = { predictions: 0.68, rest: 0.45 };
const CHUNKS = [512, 143, 512, 488];
const STEPS = 35;
const PLAN = {
  trainPatches: 2186,
  evaluationPatches: 1655,
  finalPatches: 1402,
  validation: { patches: 655, patients: 7 },
};

describe('the time left', () => {
  const replay = (timeLeft: TimeLeft, { firstStep, otherSteps, chunks, rest }: RecordedEpoch) => {
    const step = otherSteps / (STEPS - 1);
    for (let at = 0; at < STEPS; at++) {
      const isLast = at === STEPS - 1;
      timeLeft.addTraining(isLast ? 2186 % 64 || 64 : 64, at === 0 ? firstStep : step);
    }
    for (const [at, seconds] of chunks.entries()) timeLeft.addEvaluation(CHUNKS[at]!, seconds);
    timeLeft.endEpoch(secondsOf({ firstStep, otherSteps, chunks, rest }));
  };
  const secondsOf = ({ firstStep, otherSteps, chunks, rest }: RecordedEpoch) =>
    firstStep + otherSteps + chunks.reduce((sum, seconds) => sum + seconds, 0) + rest;
  const slowed = (epoch: RecordedEpoch, factor: number): RecordedEpoch => ({
    firstStep: epoch.firstStep * factor,
    otherSteps: epoch.otherSteps * factor,
    chunks: epoch.chunks.map((seconds) => seconds * factor),
    rest: epoch.rest * factor,
  });
  const ratiosAfter = (epochs: RecordedEpoch[]) => {
    const timeLeft = createTimeLeft({ ...PLAN, epochs: epochs.length });
    let left = epochs.reduce((sum, epoch) => sum + secondsOf(epoch), 0);
    left += RECORDED_FINISH.predictions + RECORDED_FINISH.rest;
    return epochs.slice(0, -1).map((epoch) => {
      replay(timeLeft, epoch);
      left -= secondsOf(epoch);
      return timeLeft.estimateSeconds()! / left;
    });
  };
  const expectNear = (ratios: number[]) => {
    for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(0.2);
  };

  it('is unknown before anything but the first three steps was trained, which wait for compilation and memory', () => {
    const timeLeft = createTimeLeft({ ...PLAN, epochs: 2 });
    for (let step = 0; step < 3; step++) {
      expect(timeLeft.estimateSeconds()).toBeNull();
      timeLeft.addTraining(64, 30);
    }
    expect(timeLeft.estimateSeconds()).toBeNull();
    timeLeft.addTraining(64, 0.64);
    // 4,116 patches at 0.01 s, then 4,712 evaluated ones assumed a fifth of that, then the finish.
    expect(timeLeft.estimateSeconds()).toBeCloseTo(41.16 + 9.424 + 0.35 + 0.0333, 3);
  });

  it('is right within 20 % after every recorded epoch, in a run of three and in one of thirty', () => {
    expectNear(ratiosAfter(RECORDED));
    expectNear(ratiosAfter(Array.from({ length: 30 }, (_, at) => RECORDED[at % 3]!)));
  });

  it('follows a machine that becomes half as fast, within a minute', () => {
    const epochs = Array.from({ length: 60 }, (_, at) => slowed(RECORDED[at % 3]!, at < 20 ? 1 : 2));
    expectNear(ratiosAfter(epochs).slice(28));
  });

  it('of a run that ends early is that of the finish alone', () => {
    const timeLeft = createTimeLeft({ ...PLAN, epochs: 40 });
    for (const epoch of RECORDED) replay(timeLeft, epoch);
    expect(timeLeft.estimateSeconds()).toBeGreaterThan(100);
    timeLeft.beginFinish();
    const { predictions, rest } = RECORDED_FINISH;
    expectNear([timeLeft.estimateSeconds()! / (predictions + rest)]);
    timeLeft.addEvaluation(1402, predictions);
    expectNear([timeLeft.estimateSeconds()! / rest]);
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
