/**
 * A file that an MLflow client logs. `predictions.parquet` or `predictions.csv` at the top of a run on a split is more than a
 * file: it holds the predictions of the run, which are taken with it or not at all.
 */
import { AppError } from '@microtome/domain/app-error';
import { isPredictionFile } from '@microtome/domain/mlflow/mlflow-words';
import type { ArtifactSource } from '../artifacts/artifacts.ts';
import { deleteDroppedFiles } from '../artifacts/free-artifacts.ts';
import { linkRunFile } from '../external-run/run-files.ts';
import { PREDICTION_BYTES_MAX, uploadPredictions } from '../external-run/upload-predictions.ts';
import { openTableBytes } from '../import/table/open-table.ts';
import type { Store } from '../store.ts';
import type { ArtifactPlace } from './artifact-places.ts';
import { putKeptFile } from './mlflow-files.ts';
import { requireActiveRun } from './mlflow-runs.ts';
import type { ScopedStore } from './mlflow-scope.ts';

type Evaluate = NonNullable<Parameters<typeof uploadPredictions>[1]['evaluate']>;
type LoggedFile = { place: ArtifactPlace; mediaType: string; source: ArtifactSource; evaluate: Evaluate };
type PredictionFile = Omit<LoggedFile, 'place'> & { runId: string; path: string };

/**
 * @throws AppError BAD_INPUT for a place that is no file and for predictions that are wrong, NOT_FOUND for its run or model,
 * CONFLICT for other predictions than the run has
 */
export async function keepLoggedFile(store: ScopedStore, { evaluate, ...file }: LoggedFile): Promise<void> {
  const { place } = file;
  if (place.kind === 'run' && isPredictionFile(place.path)) {
    const run = await requireActiveRun(store, place.runId);
    if (run.splitId !== null) return takePredictions(store, { ...file, ...place, evaluate });
  }
  await putKeptFile(store, file);
}

/** The same file again changes nothing: a client that had no answer sends it once more. */
async function takePredictions(
  store: Store,
  { runId, path, mediaType, source, evaluate }: PredictionFile,
): Promise<void> {
  const artifact = await store.artifacts.put(source, mediaType);
  const key = { runId_path: { runId, path } };
  const known = await store.database.prisma.runFile.findUnique({ where: key });
  if (known?.artifactHash === artifact.hash) return;
  if (artifact.bytes > PREDICTION_BYTES_MAX) {
    throw new AppError('BAD_INPUT', `The predictions have more than ${PREDICTION_BYTES_MAX} bytes.`);
  }
  const table = await openTableBytes(path, await store.artifacts.read(artifact.hash));
  let dropped: Awaited<ReturnType<typeof linkRunFile>>['dropped'] = [];
  await uploadPredictions(store, {
    ...{ runId, table, evaluate },
    alongside: async (tx) => {
      ({ dropped } = await linkRunFile(tx, { runId, path, artifact }));
    },
  });
  await deleteDroppedFiles(store, dropped);
}
