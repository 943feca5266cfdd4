/**
 * The process in which one backend is measured on one network: requests as JSON lines on standard input, answers on
 * standard output, as the peers in `peers/` have it. Between two requests it waits and takes no time from the others.
 */
import { createInterface } from 'node:readline';
import type { Layer } from '@microtome/domain/network/layer';
import type { BackendName } from '@microtome/domain/run/backends';
import { createRandom } from '@microtome/domain/seeded-random';
import { createEngine } from '@microtome/train/engine/create-engine';
import type {
  OptimizerOptions,
  TrainingEngine,
  TrainingStepInput,
} from '@microtome/train/engine/training-engine';
import { createClock } from './clock.ts';

const FEWEST_RUNS = 3;
const PREDICTED_BATCHES = 8;
const ADAM = {
  optimizer: 'adam',
  momentum: 0.9,
  weightDecay: 0,
  gradientClipNorm: 0,
  focalGamma: 0,
} satisfies OptimizerOptions;

export type StartRequest = {
  kind: 'start';
  /** null where a peer is asked, which is a backend by itself. */
  backend: BackendName | null;
  layers: readonly Layer[];
  patchSizePx: number;
  batchSize: number;
  threads: number;
  /** Of a peer; a backend knows by itself. Left out: the processor. */
  device?: 'gpu';
  /** Of a peer on a GPU, and of native TensorFlow. Left out: float32. */
  precision?: 'bf16';
};
/** `warmUpRuns` are not counted: caches are cold after the others' turn. */
export type MeasureRequest = {
  kind: 'train' | 'predict';
  seconds: number;
  warmUpRuns: number;
  /** `processor`: the time of all threads together, which other users of the machine lengthen less. */
  clock: 'wall' | 'processor';
};
export type ServerRequest = StartRequest | MeasureRequest | { kind: 'end' };

export type StartAnswer = {
  name: string;
  version: string;
  /** From nothing to the end of the first step. */
  startMs: number;
};
/** Of each batch; batches are ready in memory. */
export type MeasureAnswer = { durationsMs: number[] };
/** Of the whole process. */
export type EndAnswer = { peakBytes: number };

type Subject = { engine: TrainingEngine; batch: TrainingStepInput; images: Uint8Array };

let subject: Subject | null = null;
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line) as ServerRequest)));
}

async function answer(request: ServerRequest): Promise<StartAnswer | MeasureAnswer | EndAnswer> {
  if (request.kind === 'start') {
    const started = await start(request);
    subject = started.subject;
    return started.answer;
  }
  if (request.kind === 'end') return { peakBytes: process.resourceUsage().maxRSS * 1024 };
  if (!subject) throw new Error('A measurement was asked for before the start.');
  const { engine, batch, images } = subject;
  if (request.kind === 'train') return { durationsMs: await measure(() => engine.step(batch), request) };
  const count = batch.labels.length * PREDICTED_BATCHES;
  const durations = await measure(() => engine.predictLogits(images, count), request);
  return { durationsMs: durations.map((durationMs) => durationMs / PREDICTED_BATCHES) };
}

async function start(request: StartRequest): Promise<{ subject: Subject; answer: StartAnswer }> {
  const { kind: _kind, backend, device: _device, ...options } = request;
  if (!backend) throw new Error('This process measures a backend, and none was named.');
  const batch = createBatch(options.batchSize, options.patchSizePx);
  const startedMs = performance.now();
  const engine = await createEngine({
    ...options,
    backend,
    normalisation: { mean: [0.5, 0.5, 0.5], sd: [0.5, 0.5, 0.5] },
    seed: 1,
    optimizer: ADAM,
  });
  await engine.step(batch);
  const startMs = performance.now() - startedMs;
  const images = new Uint8Array(batch.images.length * PREDICTED_BATCHES);
  for (let at = 0; at < images.length; at += batch.images.length) images.set(batch.images, at);
  const version = Object.entries(engine.versions).flat().join(' ');
  return { subject: { engine, batch, images }, answer: { name: engine.backend, version, startMs } };
}

async function measure(run: () => Promise<unknown>, { seconds, warmUpRuns, clock }: MeasureRequest) {
  const readMs = createClock(clock);
  for (let index = 0; index < warmUpRuns; index++) await run();
  const durations: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end || durations.length < FEWEST_RUNS) {
    const startedMs = readMs();
    await run();
    durations.push(readMs() - startedMs);
  }
  return durations;
}

function createBatch(batchSize: number, patchSizePx: number): TrainingStepInput {
  const random = createRandom(1);
  return {
    images: Uint8Array.from({ length: batchSize * patchSizePx ** 2 * 3 }, () => 256 * random.next()),
    labels: Float32Array.from({ length: batchSize }, (_, index) => index % 2),
    sampleWeights: new Float32Array(batchSize).fill(1),
    learningRate: 1e-3,
  };
}
