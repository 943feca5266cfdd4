/** Computes a sample of an external program's predictions once more, with the file that it calls its model. */
import { compareProbabilities } from '@microtome/domain/model-check/model-check';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openExternalPredictor } from '../external-model/external-predictor.ts';
import type { CheckJob, CheckResult } from '../protocol/exam-job.ts';
import { predictStored } from './predict-stored.ts';

type CheckIo = { artifacts: ArtifactStore; onProgress: (patchesDone: number) => void };

/** BAD_INPUT for a file that is no model of such patches. */
export async function checkExternalModel(job: CheckJob, io: CheckIo): Promise<CheckResult> {
  const { model, pixels, indexes, uploaded, threads } = job;
  const predictor = await openExternalPredictor(await io.artifacts.read(model.fileHash), {
    input: model.input,
    patchSizePx: pixels.patchSizePx,
    threads: threads ?? undefined,
  });
  const computed = await predictStored(predictor, { pixels, indexes, ...io }).finally(() =>
    predictor.dispose(),
  );
  return { finding: compareProbabilities({ indexes, uploaded, computed }), signature: predictor.signature };
}
