/**
 * The same weights on the same pixels give the same bits: what the trainer stores of a patch is what a prediction gives
 * for its file, whatever batch the run was trained with, however many files are asked for, on however many threads.
 */
import { isBackendName } from '@microtome/domain/run/backends';
import { decodePredictions } from '@microtome/store/evaluation/predictions';
import { predictPatches } from '@microtome/train/prediction/predict-patches';
import type { PredictionFile } from '@microtome/train/prediction/prediction-files';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findNativeAddon } from '../../../workers/train/src/engine/tensorflow/native-tensorflow.ts';
import { loadSavedModel } from '../../../workers/train/src/model/load-saved-model.ts';
import { openSavedPredictor } from '../../../workers/train/src/model/predictor.ts';
import type { TrainingResult } from '../../../workers/train/src/protocol/trainer-messages.ts';
import type { TrainingJob } from '../../../workers/train/src/protocol/training-job.ts';
import { trainRun } from '../../../workers/train/src/trainer/training-loop.ts';
import { createJob, type JobFixture } from '../job-fixture.ts';

const BACKENDS = ['onnx', 'cpu', ...(findNativeAddon() ? ['tensorflow'] : [])].filter(isBackendName);

describe.each(BACKENDS)('stored and asked for on %s', (backend) => {
  it.each([
    ['shallow', 12],
    ['shallow', 1],
    ['deep', 7],
    ['deep', 60],
  ])(
    'every probability of a %s network trained in batches of %i is the same',
    async (architecture, batchSize) => {
      const fixture = await createJob({ architecture, batchSize, epochs: 1, dropoutRate: 0 });
      try {
        const job = { ...fixture.job, backend, train: shorten(fixture.job.train, 60) };
        const result = await trainRun(job, { ...fixture, report: () => {}, isHandOverAsked: () => false });
        const stored = decodePredictions(
          await fixture.artifacts.read(result!.files.validationPredictions.hash),
        );
        expect(new Set(stored.probabilities).size).toBeGreaterThan(20);
        for (const files of [1, 7, 60]) {
          const given = await predictFiles(fixture, { job, result: result!, files });
          expect(given).toEqual([...stored.probabilities.slice(0, files)]);
        }
      } finally {
        await fixture.remove();
      }
    },
  );
});

function shorten({ indexes, labels, patients }: TrainingJob['train'], count: number): TrainingJob['train'] {
  return {
    indexes: indexes.slice(0, count),
    labels: labels.slice(0, count),
    patients: patients.slice(0, count),
  };
}

/** As the command does: from the stored files of the model, and the patches as PNG. */
async function predictFiles(
  { artifacts }: JobFixture,
  { job, result, files }: { job: TrainingJob; result: TrainingResult; files: number },
): Promise<number[]> {
  const { modelJson, modelWeights } = result.files;
  const saved = {
    modelJson: await artifacts.read(modelJson.hash),
    weights: await artifacts.read(modelWeights.hash),
  };
  const { patchSizePx, shards } = job.pixels;
  const { hyperparameters } = job;
  const pixels = await artifacts.read(shards[0]!.artifactHash);
  const asked = Array.from(job.validation.indexes.slice(0, files), (patch): PredictionFile => {
    const size = patchSizePx ** 2 * 3;
    const raw = { width: patchSizePx, height: patchSizePx, channels: 3 } as const;
    const read = async () => {
      const bytes = pixels.subarray(patch * size, (patch + 1) * size);
      return { ok: true as const, value: await sharp(bytes, { raw }).png().toBuffer() };
    };
    return { file: { path: `${patch}.png`, read }, copies: [], told: null, place: null };
  });
  const predictor = await openSavedPredictor(
    { ...loadSavedModel(saved), hyperparameters, patchSizePx },
    { backend: job.backend },
  );
  const model = { predictor, patchSizePx, takesStrips: hyperparameters.edgeStrips === 'reflect' };
  const chunks = predictPatches({
    model,
    files: asked,
    fit: { otherSizes: 'REFUSE', notSquare: 'REFUSE' },
    refuse: ({ reason }) => expect.unreachable(reason),
    onChange: ({ code }) => expect.unreachable(code),
  });
  const given: number[] = [];
  for await (const chunk of chunks) given.push(...chunk.map(({ probability }) => probability));
  await predictor.dispose();
  return given;
}
