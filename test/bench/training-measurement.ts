/** One measurement of a training backend, in the process that is running; the request is its only argument. */
import { getArchitecture } from '@microtome/domain/architectures';
import { createRandom } from '@microtome/domain/seeded-random';
import type { TrainingStepInput } from '@microtome/train/engine/backend';
import { type BackendRequest, createEngine } from '@microtome/train/engine/create-engine';

/** Steps that are not counted: memory is being laid out and caches filled. */
const WARM_UP_STEPS = 3;
const PREDICTED_BATCHES = 8;

export type TrainingMeasurement = {
  /** Median over the steps; batches are ready in memory. */
  trainPatchesPerSecond: number;
  /** With the compilation for the current weights left out. */
  predictPatchesPerSecond: number;
  /** Of the whole process. */
  peakBytes: number;
  /** From nothing to the end of the first step. */
  startMs: number;
};

type MeasurementRequest = {
  backend: BackendRequest;
  architecture: string;
  patchSizePx: number;
  batchSize: number;
  threads: number;
  seconds: number;
};

async function measureTraining(request: MeasurementRequest): Promise<TrainingMeasurement> {
  const { backend, architecture, patchSizePx, batchSize, threads, seconds } = request;
  const batch = createBatch(batchSize, patchSizePx);
  const start = performance.now();
  const engine = await createEngine({
    backend,
    layers: getArchitecture(architecture).layers({ width: 1, dropoutRate: 0.5 }),
    patchSizePx,
    batchSize,
    seed: 1,
    threads,
    optimizer: { optimizer: 'adam', momentum: 0.9, weightDecay: 0, gradientClipNorm: 0, focalGamma: 0 },
  });
  await engine.step(batch);
  const startMs = performance.now() - start;
  for (let step = 0; step < WARM_UP_STEPS; step++) await engine.step(batch);
  const stepMs = await medianMs(() => engine.step(batch), seconds);
  const images = new Float32Array(batch.images.length * PREDICTED_BATCHES);
  for (let index = 0; index < PREDICTED_BATCHES; index++)
    images.set(batch.images, index * batch.images.length);
  const count = batchSize * PREDICTED_BATCHES;
  await engine.predictLogits(images, count);
  const predictMs = await medianMs(() => engine.predictLogits(images, count), seconds);
  await engine.dispose();
  return {
    trainPatchesPerSecond: (batchSize / stepMs) * 1000,
    predictPatchesPerSecond: (count / predictMs) * 1000,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    startMs,
  };
}

async function medianMs(run: () => Promise<unknown>, seconds: number): Promise<number> {
  const durations: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end || durations.length < 3) {
    const start = performance.now();
    await run();
    durations.push(performance.now() - start);
  }
  durations.sort((a, b) => a - b);
  return durations[Math.floor(durations.length / 2)] as number;
}

function createBatch(batchSize: number, patchSizePx: number): TrainingStepInput {
  const random = createRandom(1);
  return {
    images: Float32Array.from({ length: batchSize * patchSizePx ** 2 * 3 }, () => 2 * random.next() - 1),
    labels: Float32Array.from({ length: batchSize }, (_, index) => index % 2),
    sampleWeights: new Float32Array(batchSize).fill(1),
    learningRate: 1e-3,
  };
}

if (import.meta.main) {
  const request = JSON.parse(process.argv[2] ?? '{}') as MeasurementRequest;
  console.log(JSON.stringify(await measureTraining(request)));
}
