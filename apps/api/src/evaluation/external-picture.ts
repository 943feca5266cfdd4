/** What a page draws of an external evaluation, and the figures at home that stand next to it, from stored predictions. */
import type { ExternalFigures } from '@microtome/domain/external-evaluation/external-figures';
import { type ExploredPoint, markPoints, planExploration } from '@microtome/domain/metrics/explored-points';
import type { Subset } from '@microtome/domain/split/subset';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import { loadExternalScored } from '@microtome/store/external-evaluation/external-predictions';
import type { ExternalEvaluation } from '@microtome/store/generated/prisma/client';
import { getRun } from '@microtome/store/run/runs';
import type { EvaluationPicture, PictureServices } from './evaluation-picture.ts';

export type HomeFigures = ExternalFigures & { subset: Subset };

/** Null before it has SUCCEEDED, and without a task. */
export async function describeExternalEvaluation(
  services: PictureServices,
  evaluation: ExternalEvaluation,
): Promise<EvaluationPicture | null> {
  const { artifactHash, threshold, taskId, metrics } = evaluation;
  if (!metrics) return null;
  return services.evaluationPictures.get(`${artifactHash} ${taskId} ${threshold}`, async () => {
    const { scored, patientKeys } = await loadExternalScored(
      services.store,
      evaluation,
      services.predictions,
    );
    const picture = await services.background.picture({ scored, threshold });
    const patients = picture.patients.map((row) => ({
      ...row,
      patientKey: patientKeys[row.patient] ?? '',
      calledShare: row.predictedArea,
    }));
    return { ...picture, patients };
  });
}

/** In order of rising threshold, with those that each rule would choose on the exam itself. Empty without figures. */
export async function exploreExternally(
  { store, predictions, background }: PictureServices,
  evaluation: ExternalEvaluation,
): Promise<ExploredPoint[]> {
  if (!evaluation.metrics) return [];
  const { scored } = await loadExternalScored(store, evaluation, predictions);
  const { targetSensitivity } = (await getRun(store, evaluation.runId)).hyperparameters;
  const exploration = planExploration({
    validation: scored,
    targetSensitivity,
    frozen: evaluation.threshold,
  });
  const { thresholds } = exploration;
  return markPoints(await background.operatingPoints({ scored, thresholds }), exploration);
}

/** TEST where it was opened, else VALIDATION. Null where the run has neither. */
export async function describeHome(
  { store, predictions, background }: PictureServices,
  { runId }: Pick<ExternalEvaluation, 'runId'>,
): Promise<HomeFigures | null> {
  const [home] = await store.database.prisma.evaluation.findMany({
    where: { runId },
    orderBy: { subset: 'asc' },
    take: 1,
  });
  if (!home) return null;
  const { subset, metrics, intervals } = home;
  const { scored } = await loadScored(store, { runId, subset }, predictions);
  const { intercept, slope } = await background.calibrationLine(scored);
  return {
    subset,
    metrics: {
      ...metrics,
      calibrationIntercept: intercept?.value ?? null,
      calibrationSlope: slope?.value ?? null,
    },
    intervals: {
      ...intervals,
      ...(intercept ? { calibrationIntercept: intercept.interval } : {}),
      ...(slope ? { calibrationSlope: slope.interval } : {}),
    },
  };
}
