/** The pooled predictions of an opened cross-validation: every patch of every fold's TEST, once. */
import { AppError } from '@microtome/domain/app-error';
import type { EvaluationPicture, PictureServices } from './evaluation-picture.ts';
import type { PredictionServices } from './run-predictions.ts';
import { loadScoredSubset, type ScoredSubset } from './scored-subset.ts';

export type FoldOfSweep = ScoredSubset & { runId: string; datasetId: string; threshold: number };

/** The folds in their order. NOT_FOUND without such a sweep or fold, SEALED before TEST was opened. */
export async function loadFolds(services: PredictionServices, sweepId: string): Promise<FoldOfSweep[]> {
  const sweep = await services.store.database.prisma.sweep.findUnique({
    where: { id: sweepId },
    include: { opening: true, runs: { orderBy: { sweepPlace: 'asc' } } },
  });
  if (!sweep) throw new AppError('NOT_FOUND', `There is no sweep '${sweepId}'.`);
  if (!sweep.opening) {
    throw new AppError(
      'SEALED',
      sweep.strategy === 'FOLDS'
        ? `TEST of the folds of '${sweep.name}' is sealed: open it for all of them first.`
        : `Sweep '${sweep.name}' is no cross-validation: it has no out-of-fold predictions.`,
    );
  }
  const folds = sweep.definition.splitIds.length;
  if (sweep.runs.length < folds) {
    throw new AppError(
      'NOT_FOUND',
      `Runs of '${sweep.name}' were deleted since: ${sweep.runs.length} of ${folds} are left.`,
    );
  }
  const loaded: FoldOfSweep[] = [];
  for (const { id: runId, datasetId, threshold } of sweep.runs) {
    const subset = await loadScoredSubset(services, { runId, subset: 'TEST' });
    loaded.push({ ...subset, runId, datasetId, threshold: threshold ?? 0.5 });
  }
  return loaded;
}

/** What a page draws of the pooled result; kept, because opened predictions never change. */
export async function describeOutOfFold(
  services: PictureServices,
  sweepId: string,
): Promise<EvaluationPicture> {
  return services.evaluationPictures.get(`sweep ${sweepId}`, async () => {
    const folds = await loadFolds(services, sweepId);
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
