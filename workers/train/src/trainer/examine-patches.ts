/**
 * Puts a stored model to the test on patches of another dataset: the network, its temperature and its threshold as they
 * are, the pixels as an import packed them, the probabilities by the code that predicted TEST at home.
 */
import { measureExternally } from '@microtome/domain/external-evaluation/external-figures';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { encodePredictions, PREDICTIONS_MEDIA_TYPE } from '@microtome/store/evaluation/predictions';
import type { ExamJob, ExamResult } from '../protocol/exam-job.ts';
import { openJobModel } from './open-job-model.ts';
import { predictStored } from './predict-stored.ts';

type ExamIo = { artifacts: ArtifactStore; onProgress: (patchesDone: number) => void };

export async function examinePatches(job: ExamJob, io: ExamIo): Promise<ExamResult> {
  const { patches, threshold, draws, seed, pixels } = job;
  const { indexes: patchIndexes, labels, patients } = patches;
  const predictor = await openJobModel({ ...job, patchSizePx: pixels.patchSizePx }, io.artifacts);
  const probabilities = await predictStored(predictor, { pixels, indexes: patchIndexes, ...io }).finally(() =>
    predictor.dispose(),
  );
  const bytes = encodePredictions({ patchIndexes, probabilities });
  const isLabelled = labels.length === patchIndexes.length;
  return {
    predictions: await io.artifacts.put(bytes, PREDICTIONS_MEDIA_TYPE),
    figures: isLabelled
      ? measureExternally({ scored: { probabilities, labels, patients }, threshold, draws, seed })
      : null,
  };
}
