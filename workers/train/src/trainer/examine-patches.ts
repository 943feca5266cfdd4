/**
 * Puts a stored model to the test on patches of another dataset: the network, its temperature and its threshold as they
 * are, the pixels as an import packed them, the probabilities by the code that predicted TEST at home.
 */
import { measureExternally } from '@microtome/domain/external-evaluation/external-figures';
import { calibrate } from '@microtome/domain/metrics/calibration';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { locatePatches } from '@microtome/store/dataset/shard-files';
import { encodePredictions, PREDICTIONS_MEDIA_TYPE } from '@microtome/store/evaluation/predictions';
import { openBatchStream } from '../batches/batch-stream.ts';
import { loadSavedModel } from '../model/load-saved-model.ts';
import { openSavedEngine } from '../model/open-saved-engine.ts';
import type { ExamJob, ExamResult } from '../protocol/exam-job.ts';
import { computeLogits } from './subset-logits.ts';

type ExamIo = { artifacts: ArtifactStore; onProgress: (patchesDone: number) => void };

export async function examinePatches(job: ExamJob, { artifacts, onProgress }: ExamIo): Promise<ExamResult> {
  const { hyperparameters, patches, threshold, draws, seed } = job;
  const saved = {
    modelJson: await artifacts.read(job.modelJsonHash),
    weights: await artifacts.read(job.modelWeightsHash),
  };
  const { patchSizePx } = job.pixels;
  const model = { ...loadSavedModel(saved), hyperparameters, patchSizePx };
  const located = await locatePatches(job.pixels, { artifacts });
  const engine = await openSavedEngine(model, { backend: job.backend, threads: job.threads ?? undefined });
  // Nothing is trained: of the stream only the images are read.
  const assembler = { patchSizePx, batchSize: 1, train: patches, hyperparameters };
  const batches = await openBatchStream(
    { assembler, patches: located },
    { start: { epochIndex: 0, batchIndex: 0 }, batchesPerEpoch: 1 },
  );
  let patchesDone = 0;
  const logits = await computeLogits({
    engine,
    batches,
    indexes: patches.indexes,
    onChunk: (chunk) => {
      patchesDone += chunk.patches;
      onProgress(patchesDone);
    },
  }).finally(async () => {
    await batches.close();
    await engine.dispose();
  });
  const probabilities = Float64Array.from(logits, (logit) => calibrate(logit, model.temperature));
  const { indexes: patchIndexes, labels, patients } = patches;
  const bytes = encodePredictions({ patchIndexes, probabilities });
  const isLabelled = labels.length === patchIndexes.length;
  return {
    predictions: await artifacts.put(bytes, PREDICTIONS_MEDIA_TYPE),
    figures: isLabelled
      ? measureExternally({ scored: { probabilities, labels, patients }, threshold, draws, seed })
      : null,
  };
}
