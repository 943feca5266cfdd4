/** What a page draws of an opened cross-validation: its folds' predictions pooled. */
import { loadFolds } from '@microtome/store/sweep/fold-predictions';
import type { EvaluationPicture, PictureServices } from './evaluation-picture.ts';

/** Cached, because opened predictions never change. */
export async function describeOutOfFold(
  services: PictureServices,
  sweepId: string,
): Promise<EvaluationPicture> {
  return services.evaluationPictures.get(`sweep ${sweepId}`, async () => {
    const folds = await loadFolds(services.store, sweepId, services.predictions);
    const predictions = folds.map(({ scored, threshold }) => ({ scored, threshold }));
    const picture = await services.background.outOfFoldPicture({ folds: predictions });
    const patientKeys = folds.flatMap((fold) => fold.patientKeys);
    const patients = picture.patients.map((row) => ({
      ...row,
      patientKey: patientKeys[row.patient] ?? '',
      calledShare: row.predictedArea,
    }));
    return { ...picture, patients };
  });
}
