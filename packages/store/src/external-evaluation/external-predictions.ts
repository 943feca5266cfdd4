/** The stored predictions of external evaluations, with the labels, patients and places of their patches. */
import { AppError, invariant } from '@microtome/domain/app-error';
import type { ExternalEvaluation } from '../../generated/prisma/client.ts';
import {
  type PredictionSource,
  readFromStore,
  type ScoredPredictions,
} from '../evaluation/scored-predictions.ts';
import { labelPatches, pickPatches, tellApart } from '../split/subset-patches.ts';
import type { Store } from '../store.ts';
import { getTask } from '../task/tasks.ts';

/** NOT_FOUND when there is none. */
export async function getExternalEvaluation(store: Store, id: string): Promise<ExternalEvaluation> {
  const found = await store.database.prisma.externalEvaluation.findUnique({ where: { id } });
  if (!found) throw new AppError('NOT_FOUND', `There is no external evaluation ${id}.`);
  return found;
}

/** NOT_FOUND before it has SUCCEEDED. */
export function requirePredictions({ status, artifactHash }: ExternalEvaluation): string {
  if (status === 'SUCCEEDED' && artifactHash) return artifactHash;
  throw new AppError('NOT_FOUND', `The external evaluation is ${status}: it has no predictions.`);
}

/** NOT_FOUND before it has SUCCEEDED, and where it has no task, and so no labels. */
export async function loadExternalScored(
  store: Store,
  evaluation: ExternalEvaluation,
  source: PredictionSource = readFromStore(store),
): Promise<ScoredPredictions> {
  const hash = requirePredictions(evaluation);
  const { id, datasetId, taskId } = evaluation;
  if (!taskId) throw new AppError('NOT_FOUND', 'The external evaluation has no task, and so no labels.');
  const { sides } = await getTask(store, taskId);
  const { patchIndexes, probabilities } = await source.readPredictions(hash);
  const patches = labelPatches(pickPatches(await source.listPatches(datasetId), patchIndexes), sides);
  invariant(patches.count === patchIndexes.length, `exam ${id} predicted patches that its task leaves out`);
  const { labels, patients, patientKeys, slides, slideKeys, y } = patches;
  const x = tellApart(patches);
  return { scored: { probabilities, labels, patients }, patientKeys, slides, slideKeys, x, y, patches };
}
