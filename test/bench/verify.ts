/**
 * What it costs that artifacts are checked against their hash when they are read: reading a shard with and without the check,
 * and the check of all shards before an attempt as a share of its training, all by processor time. Option: `--network NAME`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { getArchitecture } from '@microtome/domain/network/architectures';
import { AUTO_BACKEND } from '@microtome/domain/run/backends';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { createRandom } from '@microtome/domain/seeded-random';
import { openFileArtifacts } from '@microtome/store/artifacts/artifact-files';
import { verifyReads } from '@microtome/store/artifacts/verified-artifacts';
import { chooseBackend } from '@microtome/train/detection/detect-backends';
import { createEngine } from '@microtome/train/engine/create-engine';

const SHARDS = 8;
const SHARD_BYTES = 30_720_000;
const ROUNDS = 5;
const PATCH_SIZE_PX = 50;
const BATCH_SIZE = 64;
const BATCH_BYTES = BATCH_SIZE * PATCH_SIZE_PX ** 2 * 3;
const WARM_UP_STEPS = 5;
const STEPS = 60;
/** A short run, and one of the default length. */
const EPOCHS = [1, parseHyperparameters({}).epochs];

const { values: options } = parseArgs({ options: { network: { type: 'string', default: 'shallow' } } });

const dir = await mkdtemp(join(tmpdir(), 'microtome-bench-verify-'));
try {
  const stored = openFileArtifacts(`file:${dir}`);
  const checked = verifyReads(stored);
  const hashes: string[] = [];
  for (let number = 0; number < SHARDS; number++)
    hashes.push((await stored.put(drawShard(number), 'application/octet-stream')).hash);
  const plainRead = await measure(hashes, (hash) => stored.read(hash));
  const checkedRead = await measure(hashes, (hash) => checked.read(hash));
  const verify = await measure(hashes, (hash) => checked.verify(hash));
  const { backend, stepSeconds } = await measureStep();
  const verifySecondsPerStep = BATCH_BYTES / 1e6 / verify;
  const shares = EPOCHS.map((epochs) => ({ epochs, share: verifySecondsPerStep / epochs / stepSeconds }));
  console.table({
    'read without the check': `${plainRead.toFixed(0)} MB/s`,
    'read with it': `${checkedRead.toFixed(0)} MB/s`,
    'check of the shards alone': `${verify.toFixed(0)} MB/s`,
    [`a step of ${options.network} on ${backend}, ${BATCH_SIZE} patches`]: `${(stepSeconds * 1000).toFixed(1)} ms`,
    ...Object.fromEntries(
      shares.map(({ epochs, share }) => [
        `the check, of all steps of ${epochs} epochs (limit: 2 %)`,
        `${(100 * share).toFixed(3)} %`,
      ]),
    ),
  });
  console.log(
    JSON.stringify({
      network: options.network,
      backend,
      plainRead,
      checkedRead,
      verify,
      stepSeconds,
      shares,
    }),
  );
} finally {
  await rm(dir, { recursive: true, force: true });
}

function drawShard(number: number): Buffer {
  const random = createRandom(number);
  const shard = Buffer.alloc(SHARD_BYTES);
  for (let at = 0; at < shard.length; at += 4) shard.writeUInt32LE(Math.floor(random.next() * 2 ** 32), at);
  return shard;
}

/** Megabytes a second of processor time; the files are in memory, so that the disk is not measured. */
async function measure(hashes: readonly string[], act: (hash: string) => Promise<unknown>): Promise<number> {
  for (const hash of hashes) await act(hash);
  const started = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) for (const hash of hashes) await act(hash);
  return (ROUNDS * SHARDS * SHARD_BYTES) / 1e6 / secondsSince(started);
}

function secondsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1e6;
}

/** Processor time, all threads together. */
async function measureStep(): Promise<{ backend: string; stepSeconds: number }> {
  const hyperparameters = parseHyperparameters({ batchSize: BATCH_SIZE });
  const engine = await createEngine({
    backend: await chooseBackend(AUTO_BACKEND, process.env),
    layers: getArchitecture(options.network).layers(hyperparameters),
    patchSizePx: PATCH_SIZE_PX,
    batchSize: BATCH_SIZE,
    normalisation: { mean: [0.8, 0.62, 0.76], sd: [0.13, 0.19, 0.13] },
    seed: 1,
    optimizer: hyperparameters,
  });
  const random = createRandom(1);
  const images = Uint8Array.from({ length: BATCH_BYTES }, () => Math.floor(random.next() * 256));
  const labels = Float32Array.from({ length: BATCH_SIZE }, (_, row) => row % 2);
  const sampleWeights = new Float32Array(BATCH_SIZE).fill(1);
  const step = () => engine.step({ images, labels, sampleWeights, learningRate: 1e-3 });
  for (let warmUp = 0; warmUp < WARM_UP_STEPS; warmUp++) await step();
  const started = process.cpuUsage();
  for (let measured = 0; measured < STEPS; measured++) await step();
  const stepSeconds = secondsSince(started) / STEPS;
  const { backend } = engine;
  await engine.dispose();
  return { backend, stepSeconds };
}
