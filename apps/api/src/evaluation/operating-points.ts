/** What a run would call at other thresholds, for the slider of a page. */
import { type ExploredPoint, markPoints, planExploration } from '@microtome/domain/metrics/explored-points';
import { readThresholdChoice } from '@microtome/domain/run/run-hyperparameters';
import type { Subset } from '@microtome/domain/split/subset';
import { loadScored } from '@microtome/store/evaluation/scored-predictions';
import type { Evaluation } from '@microtome/store/generated/prisma/client';
import { getRun } from '@microtome/store/run/runs';
import type { Background } from '../background/background.ts';
import type { PredictionServices } from './prediction-reader.ts';

/** In order of rising threshold. */
export async function explorePoints(
  { store, predictions, background }: PredictionServices & { background: Background },
  { runId, subset, threshold: frozen }: Evaluation,
): Promise<ExploredPoint[]> {
  const load = (wanted: Subset) => loadScored(store, { runId, subset: wanted }, predictions);
  const { scored } = await load(subset);
  const { scored: validation } = subset === 'VALIDATION' ? { scored } : await load('VALIDATION');
  const { targetSensitivity } = readThresholdChoice(await getRun(store, runId));
  const exploration = planExploration({ validation, targetSensitivity, frozen });
  const { thresholds } = exploration;
  return markPoints(await background.operatingPoints({ scored, thresholds }), exploration);
}
