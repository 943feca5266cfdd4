/** The model of a job, ready to predict: a worker's on the job's backend, an external program's in ONNX Runtime. */
import type { BackendName } from '@microtome/domain/run/backends';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openExternalPredictor } from '../external-model/external-predictor.ts';
import { loadSavedModel } from '../model/load-saved-model.ts';
import { openSavedPredictor, type Predictor } from '../model/predictor.ts';
import type { JobModel } from '../protocol/exam-job.ts';

type ModelOfJob = { model: JobModel; patchSizePx: number; backend: BackendName; threads: number | null };

/** The caller disposes of it. */
export async function openJobModel(
  { model, patchSizePx, backend, threads }: ModelOfJob,
  artifacts: ArtifactStore,
): Promise<Predictor> {
  const place = { patchSizePx, threads: threads ?? undefined };
  if (model.kind === 'external') {
    return openExternalPredictor(await artifacts.read(model.fileHash), { ...place, input: model.input });
  }
  const saved = {
    modelJson: await artifacts.read(model.modelJsonHash),
    weights: await artifacts.read(model.modelWeightsHash),
  };
  const { hyperparameters } = model;
  return openSavedPredictor(
    { ...loadSavedModel(saved), hyperparameters, patchSizePx },
    { backend, ...place },
  );
}
