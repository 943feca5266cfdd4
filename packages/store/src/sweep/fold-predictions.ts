/** The predictions of an opened cross-validation, fold by fold: together they have every patch once. */
import { AppError, invariant } from '@microtome/domain/app-error';
import {
  loadScored,
  type PredictionSource,
  readFromStore,
  type ScoredPredictions,
} from '../evaluation/scored-predictions.ts';
import { requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

export type FoldOfSweep = ScoredPredictions & { runId: string; datasetId: string; threshold: number };

/** The folds in their order. NOT_FOUND without such a sweep or fold, SEALED before TEST was opened. */
export async function loadFolds(
  store: Store,
  sweepId: string,
  source: PredictionSource = readFromStore(store),
): Promise<FoldOfSweep[]> {
  const sweep = await store.database.prisma.sweep.findUnique({
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
  for (const { id: runId, datasetId, threshold } of sweep.runs.map(requireSplit)) {
    invariant(threshold !== null, `run ${runId}, whose TEST is open, has a threshold`);
    const fold = await loadScored(store, { runId, subset: 'TEST' }, source);
    loaded.push({ ...fold, runId, datasetId, threshold });
  }
  return loaded;
}
