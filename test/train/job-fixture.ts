/**
 * A whole training job without a database: generated patches in a shard of a temporary artifact folder. Positive
 * patches are darker, with an overlap that depends on the patient, so that a network can learn, but not perfectly.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import type { TrainingJob } from '../../workers/train/src/protocol/training-job.ts';

const PATCH_SIZE_PX = 16;
const PATCHES_PER_PATIENT = 20;

export type JobFixture = { job: TrainingJob; artifacts: ArtifactStore; remove(): Promise<void> };

/** A tiny network on 16 patients: 200 TRAIN, 60 VALIDATION and 60 TEST patches, of 16 pixels unless said otherwise. */
export async function createJob(
  hyperparameters: Record<string, unknown> = {},
  patchSizePx = PATCH_SIZE_PX,
): Promise<JobFixture> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'microtome-job-'));
  const artifacts = openArtifactStore(`file:${dir}`);
  const { pixels, labels } = drawPatches(320, patchSizePx);
  const shard = await artifacts.put(pixels, 'application/octet-stream');
  const job: TrainingJob = {
    runId: '0190b2a4-0000-7000-8000-000000000001',
    attempt: 1,
    hyperparameters: parseHyperparameters({
      epochs: 3,
      batchSize: 12,
      width: 0.25,
      seed: 3,
      ...hyperparameters,
    }),
    backend: 'onnx',
    threads: 1,
    pixels: {
      artifactUrl: artifacts.url,
      patchSizePx,
      shards: [{ firstPatch: 0, patchCount: 320, artifactHash: shard.hash }],
      strips: [],
    },
    train: takePatches(labels, 0, 200),
    validation: takePatches(labels, 200, 260),
    test: { ...takePatches(labels, 260, 320), labels: new Uint8Array(0), patients: new Int32Array(0) },
    checkpointHashes: [],
  };
  return { job, artifacts, remove: () => rm(dir, { recursive: true, force: true }) };
}

function drawPatches(count: number, patchSizePx: number): { pixels: Uint8Array; labels: Uint8Array } {
  const random = createRandom(11);
  const labels = new Uint8Array(count);
  const values = patchSizePx * patchSizePx * 3;
  const pixels = new Uint8Array(count * values);
  for (let patch = 0; patch < count; patch++) {
    labels[patch] = random.next() < 0.4 ? 1 : 0;
    const brightness = (labels[patch] ? 150 : 185) + 16 * gaussian(random);
    for (let at = 0; at < values; at++) {
      const tint = [1, 0.7, 0.9][at % 3] as number;
      pixels[patch * values + at] = Math.min(255, Math.max(0, tint * (brightness + 25 * gaussian(random))));
    }
  }
  return { pixels, labels };
}

function takePatches(labels: Uint8Array, start: number, end: number) {
  const indexes = Int32Array.from({ length: end - start }, (_, at) => start + at);
  return {
    indexes,
    labels: labels.slice(start, end),
    patients: indexes.map((index) => Math.floor((index - start) / PATCHES_PER_PATIENT)),
  };
}
