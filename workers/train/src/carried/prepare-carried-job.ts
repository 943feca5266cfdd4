/** The job of a run in the form in which it is carried: what a trainer here would be told, without what this platform alone knows. */
import { CPU_BACKEND, parseBackendRequest } from '@microtome/domain/run/backends';
import type { Run } from '@microtome/store/generated/prisma/client';
import type { Store } from '@microtome/store/store';
import { prepareJob } from '../supervisor/prepare-job.ts';
import type { CarriedJob } from './carried-job.ts';

export async function prepareCarriedJob(store: Store, run: Run): Promise<CarriedJob> {
  const job = await prepareJob(store, { run, workerBackend: CPU_BACKEND, threads: null });
  const { artifactUrl: _, ...pixels } = job.pixels;
  const { runId, hyperparameters, train, validation, validationPlaces, test, checkpointHashes } = job;
  const bound = run.epochsDone > 0 ? run.backend : null;
  return {
    runId,
    runName: run.name,
    backend: parseBackendRequest(bound ?? run.requestedBackend),
    hyperparameters,
    pixels,
    train,
    validation,
    ...(validationPlaces ? { validationPlaces } : {}),
    test,
    // The newest is enough to go on from.
    checkpointHashes: checkpointHashes.slice(0, 1),
  };
}
