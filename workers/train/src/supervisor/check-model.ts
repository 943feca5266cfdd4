/** Checks of external programs' models as work of this worker: a sample of what was uploaded is computed once more. */
import { invariant } from '@microtome/domain/app-error';
import { samplePatches } from '@microtome/domain/model-check/sample-patches';
import { getPatchLayout } from '@microtome/store/dataset/patch-layout';
import { decodePredictions } from '@microtome/store/evaluation/predictions';
import type { ModelCheck } from '@microtome/store/generated/prisma/client';
import { checkLease, claimModelCheck, finishModelCheck } from '@microtome/store/model-check/model-checks';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { getRun } from '@microtome/store/run/runs';
import { requireSplit } from '@microtome/store/run/split-run';
import { listLabelledPatches } from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { getTaskOfRun } from '@microtome/store/task/tasks';
import type { CheckJob, CheckResult } from '../protocol/exam-job.ts';
import { attemptShortWork, type ShortWorker } from './short-work.ts';

const SIDES = ['VALIDATION', 'TEST'] as const;
const SEED_DIGITS = 8;

/** False when none waits. Resolves when the child is gone and the check has moved on. */
export async function checkNext(worker: ShortWorker, signal: AbortSignal): Promise<boolean> {
  const { store, workerId, leaseStaleMs: staleAfterMs, modelLimits: limits } = worker;
  const check = await claimModelCheck(store, { workerId, staleAfterMs });
  if (!check) return false;
  const key = { id: check.id, attempt: check.attempt };
  await attemptShortWork<CheckResult>(
    worker,
    {
      name: 'model check',
      key,
      lease: checkLease,
      prepare: async () => ({ message: { kind: 'check', job: await prepareCheck(worker, check) }, limits }),
      commit: (result) => finishModelCheck(store, { ...key, ...result }),
    },
    signal,
  );
  return true;
}

/**
 * TEST too: its figures decide at the gate, so they have to be this model's. No label goes along, and of the uploaded
 * probabilities nothing is told but by how much they differ, so TEST stays sealed.
 */
async function prepareCheck({ store, threads }: ShortWorker, check: ModelCheck): Promise<CheckJob> {
  const { id, attempt, runId, fileHash, modelInput: input } = check;
  const run = requireSplit(await getRun(store, runId));
  const samples = await Promise.all(SIDES.map((subset) => sampleSide(store, { run, subset, fileHash })));
  const indexes = Int32Array.from(samples.flatMap((sample) => [...sample.indexes]));
  const uploaded = Float64Array.from(samples.flatMap((sample) => [...sample.uploaded]));
  const planned = await checkLease.plan(store, { id, attempt, patchesTotal: indexes.length });
  invariant(planned, `the model check ${id} is still ours`);
  const layout = await getPatchLayout(store, { datasetId: run.datasetId, includeStrips: false });
  return {
    model: { kind: 'external', fileHash, input },
    threads,
    pixels: { artifactUrl: store.artifacts.url, ...layout },
    indexes,
    uploaded,
  };
}

type Side = { run: { id: string; splitId: string }; subset: (typeof SIDES)[number]; fileHash: string };

async function sampleSide(store: Store, { run, subset, fileHash }: Side) {
  const { sides } = await getTaskOfRun(store, run.id);
  const { patients } = await listLabelledPatches(store, { splitId: run.splitId, subset, sides });
  const { artifactHash } = await getRunArtifact(store, { runId: run.id, role: `PREDICTIONS_${subset}` });
  const { patchIndexes, probabilities } = decodePredictions(await store.artifacts.read(artifactHash));
  invariant(patients.length === patchIndexes.length, 'every patch of a side has its prediction');
  // By the file: the same one is always checked on the same patches, and another one on others.
  const seed = Number.parseInt(fileHash.slice(0, SEED_DIGITS), 16);
  const positions = samplePatches(patients, { seed });
  return {
    indexes: positions.map((position) => patchIndexes[position]!),
    uploaded: Float64Array.from(positions, (position) => probabilities[position]!),
  };
}
