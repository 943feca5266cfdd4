/** What a page draws of an evaluation, computed from the stored predictions and cached by their content hash. */
import { loadScored, type ScoredPredictions } from '@microtome/store/evaluation/scored-predictions';
import type { Evaluation } from '@microtome/store/generated/prisma/client';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import type { Background } from '../background/background.ts';
import type { PictureResult } from '../background/background-task.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import type { PredictionServices } from './prediction-reader.ts';

const CACHED_PICTURES = 400;

export type EvaluationPicture = Pick<PictureResult, 'roc' | 'pr' | 'reliability' | 'intervalsByPatch'> & {
  patients: (PictureResult['patients'][number] & { patientKey: string; calledShare: number })[];
};

export type PictureCache = ResultCache<EvaluationPicture>;
export type PictureServices = PredictionServices & {
  background: Background;
  evaluationPictures: PictureCache;
};

export function createPictureCache(): PictureCache {
  return createResultCache(CACHED_PICTURES);
}

/** An evaluation's row exists only if its subset may be read, so the seal need not be checked here. */
export async function describeEvaluation(
  services: PictureServices,
  { runId, subset, threshold }: Evaluation,
): Promise<EvaluationPicture> {
  const role = `PREDICTIONS_${subset}`;
  const { artifactHash } = await getRunArtifact(services.store, { runId, role });
  return services.evaluationPictures.get(`${artifactHash} ${threshold}`, async () => {
    const key = { runId, subset };
    return drawEvaluation(services, await loadScored(services.store, key, services.predictions), threshold);
  });
}

/** Of any predictions with labels, at one threshold. */
export async function drawEvaluation(
  { background }: Pick<PictureServices, 'background'>,
  { scored, patientKeys }: ScoredPredictions,
  threshold: number,
): Promise<EvaluationPicture> {
  const picture = await background.picture({ scored, threshold });
  const patients = picture.patients.map((row) => ({
    ...row,
    patientKey: patientKeys[row.patient] ?? '',
    calledShare: row.predictedArea,
  }));
  return { ...picture, patients };
}
