/** External evaluations as work of this worker: one is claimed, its child told what to predict, its figures committed. */
import { invariant } from '@microtome/domain/app-error';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import { CPU_BACKEND } from '@microtome/domain/run/backends';
import { getPatchLayout } from '@microtome/store/dataset/patch-layout';
import {
  claimExternalEvaluation,
  examLease,
  finishExternalEvaluation,
} from '@microtome/store/external-evaluation/external-evaluation-lease';
import type { ExternalEvaluation } from '@microtome/store/generated/prisma/client';
import {
  labelPatches,
  listDatasetPatches,
  pickSites,
  type SubsetPatches,
} from '@microtome/store/split/subset-patches';
import { getTask } from '@microtome/store/task/tasks';
import type { ExamJob, ExamResult } from '../protocol/exam-job.ts';
import { findJobModel } from './find-job-model.ts';
import { attemptShortWork, type ShortWorker } from './short-work.ts';

/** False when none waits. Resolves when the child is gone and the evaluation has moved on. */
export async function examineNext(worker: ShortWorker, signal: AbortSignal): Promise<boolean> {
  const { store, backend, workerId, leaseStaleMs: staleAfterMs, modelLimits } = worker;
  const evaluation = await claimExternalEvaluation(store, { workerId, staleAfterMs });
  if (!evaluation) return false;
  const key = { id: evaluation.id, attempt: evaluation.attempt };
  let usedBackend = backend;
  await attemptShortWork<ExamResult>(
    worker,
    {
      name: 'external evaluation',
      key,
      lease: examLease,
      prepare: async () => {
        const job = await prepareExam(worker, evaluation);
        if (job.model.kind === 'saved') return { message: { kind: 'examine', job }, limits: null };
        usedBackend = CPU_BACKEND;
        return { message: { kind: 'examine', job }, limits: modelLimits };
      },
      commit: ({ predictions, figures }) =>
        finishExternalEvaluation(store, {
          ...key,
          backend: usedBackend,
          predictions,
          figures: figures && { ...figures, draws: EVALUATION_DRAWS },
        }),
    },
    signal,
  );
  return true;
}

/** The labels go along: nothing of the exam was ever trained on, so there is nothing to seal. */
async function prepareExam(
  { store, backend, threads }: ShortWorker,
  evaluation: ExternalEvaluation,
): Promise<ExamJob> {
  const { id, attempt, runId, datasetId, taskId, sites, threshold } = evaluation;
  const model = await findJobModel(store, runId);
  const includeStrips = model.kind === 'saved' && model.hyperparameters.edgeStrips === 'reflect';
  const all = pickSites(await listDatasetPatches(store, { datasetId, includeStrips }), sites);
  const patches = taskId ? labelPatches(all, (await getTask(store, taskId)).sides) : withoutLabels(all);
  const planned = await examLease.plan(store, { id, attempt, patchesTotal: patches.count });
  invariant(planned, `the external evaluation ${id} is still ours`);
  return {
    model,
    backend,
    threads,
    pixels: {
      artifactUrl: store.artifacts.url,
      ...(await getPatchLayout(store, { datasetId, includeStrips })),
    },
    patches: { indexes: patches.indexes, labels: patches.labels, patients: patches.patients },
    threshold,
    draws: EVALUATION_DRAWS,
    seed: EVALUATION_SEED,
  };
}

function withoutLabels(patches: SubsetPatches) {
  return { ...patches, labels: new Uint8Array(0) };
}
