/** Turns a claimed run into its trainer's job, without the patches that its task leaves out. The labels of TEST stay behind. */

import { AUTO_BACKEND, type BackendName, parseBackendRequest } from '@microtome/domain/run/backends';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import type { Subset } from '@microtome/domain/split/subset';
import { getPatchLayout } from '@microtome/store/dataset/patch-layout';
import { placePatches } from '@microtome/store/evaluation/run-context';
import type { Run } from '@microtome/store/generated/prisma/client';
import { listCheckpoints } from '@microtome/store/run/run-artifacts';
import { requireSplit } from '@microtome/store/run/split-run';
import { type LabelledPatches, listLabelledPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { getTaskOfRun } from '@microtome/store/task/tasks';
import type { JobPatches, TrainingJob } from '../protocol/training-job.ts';

type JobRequest = {
  run: Run;
  /** What this worker trains on when the run leaves it open. */
  workerBackend: BackendName;
  threads: number | null;
};

export async function prepareJob(
  store: Store,
  { run: claimed, workerBackend, threads }: JobRequest,
): Promise<TrainingJob> {
  const run = requireSplit(claimed);
  const hyperparameters = parseHyperparameters(run.hyperparameters);
  const includeStrips = hyperparameters.edgeStrips === 'reflect';
  const { sides } = await getTaskOfRun(store, run.id);
  const { splitId } = run;
  const list = (subset: Subset) => listLabelledPatches(store, { splitId, subset, sides, includeStrips });
  const layout = await getPatchLayout(store, { datasetId: run.datasetId, includeStrips });
  const validation = await list('VALIDATION');
  return {
    runId: run.id,
    attempt: run.attempt,
    hyperparameters,
    backend: chooseBackend(run, workerBackend),
    threads,
    pixels: { artifactUrl: store.artifacts.url, ...layout },
    train: pickColumns(await list('TRAIN')),
    validation: pickColumns(validation),
    validationPlaces: placePatches(validation, layout.patchSizePx),
    test: withoutLabels(await list('TEST')),
    checkpointHashes: await listCheckpoints(store, run.id),
  };
}

function chooseBackend({ requestedBackend }: Run, workerBackend: BackendName): BackendName {
  const request = parseBackendRequest(requestedBackend);
  return request === AUTO_BACKEND ? workerBackend : request;
}

function pickColumns({ indexes, labels, patients }: LabelledPatches): JobPatches {
  return { indexes, labels, patients };
}

function withoutLabels({ indexes }: LabelledPatches): JobPatches {
  return { indexes, labels: new Uint8Array(0), patients: new Int32Array(0) };
}
