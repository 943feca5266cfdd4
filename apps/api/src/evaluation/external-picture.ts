/** What a page draws of an external evaluation, and the figures at home that stand next to it, from stored predictions. */

import type { SiteEvaluation } from '@microtome/domain/evaluation/site-evaluation';
import {
  addCalibrationLine,
  type ExternalFigures,
} from '@microtome/domain/external-evaluation/external-figures';
import { type ExploredPoint, markPoints, planExploration } from '@microtome/domain/metrics/explored-points';
import { readThresholdChoice } from '@microtome/domain/run/run-hyperparameters';
import type { Subset } from '@microtome/domain/split/subset';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import { loadExternalScored } from '@microtome/store/external-evaluation/external-predictions';
import type { ExternalEvaluation } from '@microtome/store/generated/prisma/client';
import { getRun } from '@microtome/store/run/runs';
import { drawEvaluation, type EvaluationPicture, type PictureServices } from './evaluation-picture.ts';
import { measureSites, type SiteServices } from './site-table.ts';

export type HomeFigures = ExternalFigures & { subset: Subset };

/** Null before it has SUCCEEDED, and without a task. */
export async function describeExternalEvaluation(
  services: PictureServices,
  evaluation: ExternalEvaluation,
): Promise<EvaluationPicture | null> {
  const { threshold, metrics } = evaluation;
  if (!metrics) return null;
  return services.evaluationPictures.get(nameContent(evaluation), async () =>
    drawEvaluation(
      services,
      await loadExternalScored(services.store, evaluation, services.predictions),
      threshold,
    ),
  );
}

/** Empty without figures, and where the source tells no site. */
export async function describeExternalSites(
  services: SiteServices,
  evaluation: ExternalEvaluation,
): Promise<SiteEvaluation[]> {
  const { threshold, metrics } = evaluation;
  if (!metrics) return [];
  return services.sites.get(nameContent(evaluation), async () =>
    measureSites(
      services,
      await loadExternalScored(services.store, evaluation, services.predictions),
      threshold,
    ),
  );
}

/** In order of rising threshold, with those that each rule would choose on the exam itself. Empty without figures. */
export async function exploreExternally(
  { store, predictions, background }: PictureServices,
  evaluation: ExternalEvaluation,
): Promise<ExploredPoint[]> {
  if (!evaluation.metrics) return [];
  const { scored } = await loadExternalScored(store, evaluation, predictions);
  const { targetSensitivity } = readThresholdChoice(await getRun(store, evaluation.runId));
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
  const { subset } = home;
  const { scored } = await loadScored(store, { runId, subset }, predictions);
  return { subset, ...addCalibrationLine(home, await background.calibrationLine(scored)) };
}

/** Everything that its pictures are made of. */
function nameContent({ artifactHash, taskId, threshold }: ExternalEvaluation): string {
  return `${artifactHash} ${taskId} ${threshold}`;
}
