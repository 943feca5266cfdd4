import { judgeLearning } from '@microtome/domain/evaluation/learning';
import { MONITORS } from '@microtome/domain/run/epoch-metrics';
import { isWorkerSeries } from '@microtome/domain/run/series-owner';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  EpochReport,
  TrainerMessage,
  TrainingResult,
} from '../../../workers/train/src/protocol/trainer-messages.ts';
import type { TrainingJob } from '../../../workers/train/src/protocol/training-job.ts';
import { startTrainer, type TrainerEnd } from '../../../workers/train/src/supervisor/trainer-child.ts';
import { decodeCheckpoint } from '../../../workers/train/src/trainer/checkpoint.ts';
import { trainRun } from '../../../workers/train/src/trainer/training-loop.ts';
import { flipBit } from '../../fixtures/damage.ts';
import { createJob, type JobFixture } from '../job-fixture.ts';

const TIMINGS = /^(seconds|.*Seconds|patchesPerSecond|residentMemoryBytes|tensorsAlive|gpu.*)$/;

type Training = { result: TrainingResult | null; epochs: EpochReport[]; messages: TrainerMessage[] };

async function train(
  { artifacts }: JobFixture,
  job: TrainingJob,
  isHandOverAsked = () => false,
): Promise<Training> {
  const messages: TrainerMessage[] = [];
  const report = (message: TrainerMessage) => messages.push(message);
  const result = await trainRun(job, { artifacts, report, isHandOverAsked });
  return {
    result,
    messages,
    epochs: messages.flatMap((message) => (message.kind === 'epoch' ? [message.report] : [])),
  };
}

const figuresOf = (epochs: EpochReport[]) =>
  epochs.map(({ epoch, step, best, metrics }) => ({
    epoch,
    step,
    best,
    metrics: Object.fromEntries(Object.entries(metrics).filter(([name]) => !TIMINGS.test(name))),
  }));

describe('training', () => {
  let fixture: JobFixture;
  let whole: Training;

  beforeAll(async () => {
    fixture = await createJob({ augmentStain: 0.02, learningRate: 3e-3 });
    whole = await train(fixture, fixture.job);
  });
  afterAll(() => fixture.remove());

  it('learns: the loss falls and the AUC on VALIDATION exceeds 0.8', () => {
    const [first, last] = [whole.epochs[0]!.metrics, whole.epochs.at(-1)!.metrics];
    expect(last['train.loss']).toBeLessThan(first['train.loss']!);
    expect(last['validation.auc']).toBeGreaterThan(0.8);
    expect(whole.result?.validation.metrics.auc).toBe(
      Math.max(...whole.epochs.map((e) => e.metrics['validation.auc']!)),
    );
  });

  it('finishes when it diverges to finite nonsense, and is said to have learned nothing', async () => {
    const diverging = await createJob({ learningRate: 10 });
    const { result } = await train(diverging, diverging.job);
    await diverging.remove();
    expect(judgeLearning({ unit: 'PATIENT', subset: 'VALIDATION', ...result!.validation }).state).toBe(
      'NOT_LEARNED',
    );
    expect(judgeLearning({ unit: 'PATIENT', subset: 'VALIDATION', ...whole.result!.validation }).state).toBe(
      'LEARNED',
    );
  });

  it('reports every epoch once, with the metrics that the platform promises, and progress before the first', () => {
    expect(whole.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    const onTrain = ['loss', 'auc', 'balancedAccuracy', 'f1'].map((name) => `train.${name}`);
    const subsets = [...onTrain, ...MONITORS];
    const times = ['seconds', 'patchesPerSecond', 'dataSeconds', 'stepSeconds', 'evaluationSeconds'];
    const machine = [...times, 'residentMemoryBytes', 'tensorsAlive'];
    for (const { metrics } of whole.epochs) {
      expect(Object.keys(metrics).filter((name) => !isWorkerSeries(name))).toEqual([]);
      expect(
        Object.keys(metrics)
          .filter((name) => !name.startsWith('gpu'))
          .sort(),
      ).toEqual([...subsets, 'learningRate', ...machine].sort());
    }
    const kinds = whole.messages.map(({ kind }) => kind);
    expect(kinds[0]).toBe('started');
    expect(kinds.indexOf('progress')).toBeLessThan(kinds.indexOf('epoch'));
  });

  it('gives the same bits again from the same seed, and others from another seed', async () => {
    const again = await train(fixture, fixture.job);
    expect(figuresOf(again.epochs)).toEqual(figuresOf(whole.epochs));
    expect(again.result?.files).toEqual(whole.result?.files);
    const hyperparameters = { ...fixture.job.hyperparameters, seed: 4 };
    const other = await train(fixture, { ...fixture.job, hyperparameters });
    expect(other.result?.files.modelWeights).not.toEqual(whole.result?.files.modelWeights);
  });

  it('goes on from any checkpoint as if it had never stopped', async () => {
    for (const { epoch, checkpoint } of whole.epochs) {
      const resumed = await train(fixture, { ...fixture.job, checkpointHashes: [checkpoint.hash] });
      expect(figuresOf(resumed.epochs)).toEqual(figuresOf(whole.epochs.slice(epoch)));
      expect(resumed.result?.files).toEqual(whole.result?.files);
    }
  });

  it('passes over a damaged checkpoint and a missing one, says so, and ends with the same bits', async () => {
    const [first, second] = whole.epochs.map(({ checkpoint }) => checkpoint.hash);
    const path = await flipBit(fixture.artifacts, second!);
    const checkpointHashes = ['f'.repeat(64), second!, first!];
    const resumed = await train(fixture, { ...fixture.job, checkpointHashes });
    expect(figuresOf(resumed.epochs)).toEqual(figuresOf(whole.epochs.slice(1)));
    expect(resumed.result?.files).toEqual(whole.result?.files);
    const lines = resumed.messages.flatMap((message) => (message.kind === 'log' ? [message.line] : []));
    expect(lines[0]).toContain('There is no artifact');
    expect(lines[1]).toContain(`The file ${path} is damaged`);
  });

  it('stops behind a checkpoint when it is asked to hand over', async () => {
    const { result, epochs } = await train(fixture, fixture.job, () => true);
    expect(result).toBeNull();
    expect(figuresOf(epochs)).toEqual(figuresOf(whole.epochs.slice(0, 1)));
  });

  it('measures its colour scale on TRAIN alone', async () => {
    const { checkpoint } = whole.epochs[0]!;
    const { normalisation } = decodeCheckpoint(await fixture.artifacts.read(checkpoint.hash));
    const none = new Int32Array(0);
    const withoutOthers = await train(fixture, {
      ...fixture.job,
      test: { ...fixture.job.test, indexes: none },
    });
    const alone = await fixture.artifacts.read(withoutOthers.epochs[0]!.checkpoint.hash);
    expect(decodeCheckpoint(alone).normalisation).toEqual(normalisation);
    const fewer = { ...fixture.job, train: takeFirst(fixture.job.train, 100) };
    const other = await fixture.artifacts.read((await train(fixture, fewer)).epochs[0]!.checkpoint.hash);
    expect(decodeCheckpoint(other).normalisation).not.toEqual(normalisation);
  });

  it('ends early when the monitored metric does not get better, with the best weights', async () => {
    const hyperparameters = { ...fixture.job.hyperparameters, epochs: 40, earlyStoppingPatience: 2 };
    const { result, epochs } = await train(fixture, { ...fixture.job, hyperparameters });
    expect(epochs.length).toBeLessThan(40);
    expect(epochs.length).toBe(result!.bestEpoch + 2);
  });

  it('follows a metric of which less is better: best weights, early end and plateau', async () => {
    const monitor = 'validation.macro.brier';
    const { result, epochs } = await train(fixture, {
      ...fixture.job,
      hyperparameters: {
        ...fixture.job.hyperparameters,
        monitor,
        epochs: 40,
        learningRate: 0.03,
        learningRateSchedule: 'plateau',
        earlyStoppingPatience: 5,
      },
    });
    const values = epochs.map(({ metrics }) => metrics[monitor]!);
    const least = values.indexOf(Math.min(...values)) + 1;
    expect(result!.bestEpoch).toBe(least);
    expect(epochs.length).toBe(least + 5);
    expect(epochs.filter(({ best }) => best).at(-1)!.epoch).toBe(least);
    const rates = epochs.map(({ metrics }) => metrics.learningRate!);
    expect(rates[0]).toBe(0.03);
    expect(rates.at(-1)).toBeLessThan(0.03);
    // Halved for the first time in the epoch after the third in a row that was not better.
    const waited = values.map((_, at) => at - values.indexOf(Math.min(...values.slice(0, at + 1))));
    expect(rates.indexOf(0.015)).toBe(waited.indexOf(3) + 1);
  });

  it('needs no more memory for more epochs', async () => {
    const tensors = [tf.memory().numTensors];
    await train(fixture, fixture.job);
    tensors.push(tf.memory().numTensors);
    const hyperparameters = { ...fixture.job.hyperparameters, epochs: 60 };
    const { epochs } = await train(fixture, { ...fixture.job, hyperparameters });
    tensors.push(tf.memory().numTensors);
    expect(tensors[2]! - tensors[1]!).toBe(tensors[1]! - tensors[0]!);
    const resident = epochs.map(({ metrics }) => metrics.residentMemoryBytes!);
    const early = Math.max(...resident.slice(10, 20));
    expect(Math.max(...resident.slice(50))).toBeLessThan(early + 30e6);
  });

  it('refuses the checkpoint of another run', async () => {
    const checkpointHashes = [whole.epochs[0]!.checkpoint.hash];
    const stranger = { ...fixture.job, runId: '0190b2a4-0000-7000-8000-000000000002', checkpointHashes };
    await expect(train(fixture, stranger)).rejects.toThrow(/cannot continue run/);
  });
});

describe('training with batch norm, balanced patients and every option on', () => {
  it('resumes to the bit as well', async () => {
    const fixture = await createJob({
      architecture: 'deep',
      optimizer: 'adamw',
      weightDecay: 0.01,
      learningRateSchedule: 'plateau',
      warmupEpochs: 1,
      patientSampling: 'balanced',
      classWeighting: 'sampled',
      labelSmoothing: 0.1,
      gradientClipNorm: 1,
      augmentBrightness: 0.1,
      monitor: 'validation.loss',
    });
    const whole = await train(fixture, fixture.job);
    const resumed = await train(fixture, {
      ...fixture.job,
      checkpointHashes: [whole.epochs[0]!.checkpoint.hash],
    });
    expect(figuresOf(resumed.epochs)).toEqual(figuresOf(whole.epochs.slice(1)));
    expect(resumed.result?.files).toEqual(whole.result?.files);
    await fixture.remove();
  });
});

describe('a trainer process', () => {
  it('reports like the loop itself, and ends by itself', async () => {
    const fixture = await createJob();
    const whole = await train(fixture, fixture.job);
    const { messages, end } = await runChild(fixture.job, () => undefined);
    const finished = messages.find((message) => message.kind === 'finished');
    expect(finished?.result.files).toEqual(whole.result?.files);
    expect(end).toEqual({ code: 0, signal: null });
    await fixture.remove();
  });

  it('is ended within two seconds, also in the middle of a step', async () => {
    const fixture = await createJob({ epochs: 500 });
    let askedMs = 0;
    await runChild(fixture.job, (message, child) => {
      if (message.kind !== 'epoch' || askedMs > 0) return;
      askedMs = performance.now();
      void child.terminate();
    });
    expect(performance.now() - askedMs).toBeLessThan(2000);
    await fixture.remove();
  });

  it('says in a sentence why it failed', async () => {
    const fixture = await createJob();
    const { messages } = await runChild({ ...fixture.job, backend: 'webgpu' }, () => undefined);
    expect(messages).toEqual([
      { kind: 'failed', code: 'UNAVAILABLE', message: expect.stringContaining("'webgpu'") },
    ]);
    await fixture.remove();
  });

  it('trains in the precision that the run asks for, or not at all', async () => {
    const fixture = await createJob({ precision: 'bf16' });
    const { messages } = await runChild({ ...fixture.job, backend: 'onnx' }, () => undefined);
    expect(messages).toEqual([
      { kind: 'failed', code: 'BAD_INPUT', message: expect.stringContaining("Precision 'bf16'") },
    ]);
    await fixture.remove();
  });
});

type Child = ReturnType<typeof startTrainer>;

async function runChild(
  job: TrainingJob,
  onMessage: (message: TrainerMessage, child: Child) => void,
): Promise<{ messages: TrainerMessage[]; end: TrainerEnd }> {
  const messages: TrainerMessage[] = [];
  const child: Child = startTrainer<TrainerMessage>({
    work: { kind: 'train', job },
    env: {},
    onErrorOutput: () => undefined,
    onMessage: (message) => {
      messages.push(message);
      onMessage(message, child);
    },
  });
  return { messages, end: await child.ended };
}

function takeFirst({ indexes, labels, patients }: TrainingJob['train'], count: number): TrainingJob['train'] {
  return {
    indexes: indexes.slice(0, count),
    labels: labels.slice(0, count),
    patients: patients.slice(0, count),
  };
}
