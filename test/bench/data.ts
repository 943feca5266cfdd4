/**
 * The data path: from packed shards on disk to augmented batches in memory, patches a second on one core by processor
 * time; and what of a training step is spent waiting for it, with the fastest network. Option: `--network NAME`.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { AUTO_BACKEND } from '@microtome/domain/run/backends';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { createRandom } from '@microtome/domain/seeded-random';
import type { LocatedPatches } from '@microtome/store/dataset/shard-files';
import { type AssemblerOptions, createBatchAssembler } from '@microtome/train/batches/batch-assembler';
import { openBatchStream } from '@microtome/train/batches/batch-stream';
import { openWholePatches } from '@microtome/train/batches/whole-patches';
import { chooseBackend } from '@microtome/train/detection/detect-backends';
import { createEngine } from '@microtome/train/engine/create-engine';

const PATCH_SIZE_PX = 50;
const PATCHES = 12_800;
const BATCH_SIZE = 64;
const CHUNK_PATCHES = 512;
const WARM_UP_EPOCHS = 3;
const MEASURED_EPOCHS = 3;
const WARM_UP_STEPS = 5;
const STEPS = 100;
const TISSUE_COLOUR = [205, 158, 195];
/** Largest distance from it, in greys. */
const COLOUR_NOISE = 50;
const BYTES_PER_PATCH = PATCH_SIZE_PX ** 2 * 3;

const AUGMENTATIONS: Record<string, Record<string, unknown>> = {
  none: { augmentFlips: false, augmentStain: 0, augmentBrightness: 0 },
  'flips and rotations': { augmentFlips: true, augmentStain: 0, augmentBrightness: 0 },
  'flips, brightness and contrast': { augmentFlips: true, augmentStain: 0, augmentBrightness: 0.1 },
  'flips, stain jitter': { augmentFlips: true, augmentStain: 0.05, augmentBrightness: 0 },
  all: { augmentFlips: true, augmentStain: 0.05, augmentBrightness: 0.1 },
};

const { values: options } = parseArgs({ options: { network: { type: 'string', default: 'shallow' } } });

const directory = await mkdtemp(path.join(os.tmpdir(), 'microtome-bench-'));
try {
  const patches = await writeShard(directory);
  const assembly = Object.fromEntries(
    Object.entries(AUGMENTATIONS).map(([name, changes]) => [name, measureTraining(patches, changes)]),
  );
  const images = measureImages(patches);
  console.log('| augmentation | patches/s on one core |\n| --- | ---: |');
  for (const [name, speed] of [
    ...Object.entries(assembly),
    ['evaluation: none, in order', images] as const,
  ]) {
    console.log(`| ${name} | ${Math.round(speed).toLocaleString('en')} |`);
  }
  const waiting = await measureWaiting(patches);
  console.log(
    `\n${options.network} on ${waiting.backend}, all augmentation, batches made ahead in a thread: ` +
      `${waiting.patchesPerSecond.toFixed(0)} patches/s, ${(100 * waiting.share).toFixed(2)} % of a step waiting for data`,
  );
  console.log(JSON.stringify({ patchesPerSecond: { ...assembly, evaluation: images }, waiting }));
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function writeShard(folder: string): Promise<LocatedPatches> {
  const random = createRandom(1);
  const bytes = new Uint8Array(PATCHES * BYTES_PER_PATCH);
  for (let at = 0; at < bytes.length; at++) {
    bytes[at] = (TISSUE_COLOUR[at % 3] as number) + COLOUR_NOISE * (random.next() - random.next());
  }
  const file = path.join(folder, 'shard');
  await writeFile(file, bytes);
  const shards = [{ artifactHash: 'shard', firstPatch: 0, patchCount: PATCHES, path: file }];
  return { patchSizePx: PATCH_SIZE_PX, strips: [], shards };
}

function describeAssembler(changes: Record<string, unknown>): AssemblerOptions {
  const indexes = Int32Array.from({ length: PATCHES }, (_, index) => index);
  return {
    patchSizePx: PATCH_SIZE_PX,
    batchSize: BATCH_SIZE,
    train: { indexes, labels: new Uint8Array(PATCHES), patients: new Int32Array(PATCHES) },
    hyperparameters: parseHyperparameters({ batchSize: BATCH_SIZE, ...changes }),
  };
}

/** Epochs in shuffled order, after some that read the shard into memory and warm the compiler up. */
function measureTraining(patches: LocatedPatches, changes: Record<string, unknown>): number {
  const reader = openWholePatches(patches);
  const assembler = createBatchAssembler(describeAssembler(changes), reader.read);
  let memory: ArrayBuffer | undefined;
  const runEpoch = (epochIndex: number) => {
    for (let batchIndex = 0; batchIndex < PATCHES / BATCH_SIZE; batchIndex++) {
      memory = takeBuffer(assembler.assembleTraining({ epochIndex, batchIndex }, memory).images);
    }
  };
  for (let epochIndex = 0; epochIndex < WARM_UP_EPOCHS; epochIndex++) runEpoch(epochIndex);
  const speed = measureSpeed(runEpoch);
  reader.close();
  return speed;
}

function measureImages(patches: LocatedPatches): number {
  const reader = openWholePatches(patches);
  const assembler = createBatchAssembler(describeAssembler({}), reader.read);
  const indexes = Int32Array.from({ length: CHUNK_PATCHES }, (_, index) => index);
  let memory: ArrayBuffer | undefined;
  const run = () => {
    for (let start = 0; start < PATCHES; start += CHUNK_PATCHES) {
      memory = takeBuffer(
        assembler.assembleImages(
          indexes.map((index) => start + index),
          memory,
        ),
      );
    }
  };
  for (let epochIndex = 0; epochIndex < WARM_UP_EPOCHS; epochIndex++) run();
  const speed = measureSpeed(run);
  reader.close();
  return speed;
}

function takeBuffer({ buffer }: Uint8Array): ArrayBuffer {
  return buffer as ArrayBuffer;
}

/** Patches a second of processor time, over several epochs after the warm-up. */
function measureSpeed(run: (epochIndex: number) => void): number {
  const started = process.cpuUsage();
  for (let epoch = 0; epoch < MEASURED_EPOCHS; epoch++) run(WARM_UP_EPOCHS + epoch);
  const { user, system } = process.cpuUsage(started);
  return ((MEASURED_EPOCHS * PATCHES) / (user + system)) * 1e6;
}

/** As the training loop does it: the wait for a batch, then its step. */
async function measureWaiting(patches: LocatedPatches) {
  const assembler = describeAssembler(AUGMENTATIONS.all as Record<string, unknown>);
  const engine = await createEngine({
    backend: await chooseBackend(AUTO_BACKEND, process.env),
    layers: getArchitecture(options.network).layers(assembler.hyperparameters),
    patchSizePx: PATCH_SIZE_PX,
    batchSize: BATCH_SIZE,
    normalisation: { mean: [0.8, 0.62, 0.76], sd: [0.13, 0.19, 0.13] },
    seed: 1,
    optimizer: assembler.hyperparameters,
  });
  const course = { start: { epochIndex: 0, batchIndex: 0 }, batchesPerEpoch: PATCHES / BATCH_SIZE };
  const batches = await openBatchStream({ assembler, patches }, course);
  const total = { waitingMs: 0, allMs: 0 };
  for (let step = 0; step < WARM_UP_STEPS + STEPS; step++) {
    const startedMs = performance.now();
    const { count: _count, ...batch } = await batches.nextTraining();
    const readyMs = performance.now();
    await engine.step({ ...batch, learningRate: 1e-3 });
    batches.recycle(batch.images);
    if (step < WARM_UP_STEPS) continue;
    total.waitingMs += readyMs - startedMs;
    total.allMs += performance.now() - startedMs;
  }
  await batches.close();
  await engine.dispose();
  return {
    network: options.network,
    backend: engine.backend,
    patchesPerSecond: (STEPS * BATCH_SIZE * 1000) / total.allMs,
    share: total.waitingMs / total.allMs,
  };
}
