/**
 * One attempt of this worker at an external evaluation: claims it, lets a child process predict, holds the lease
 * meanwhile and commits the result. A child that dies, or a worker that stops, gives it back to the queue.
 */
import { ERROR_CODES, type ErrorCode, invariant } from '@microtome/domain/app-error';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import type { BackendName } from '@microtome/domain/run/backends';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { isDatabaseFault, outlastDatabaseFaults } from '@microtome/store/database/database-faults';
import { getPatchLayout } from '@microtome/store/dataset/patch-layout';
import {
  claimExternalEvaluation,
  failExternalEvaluation,
  finishCanceledExternalEvaluation,
  finishExternalEvaluation,
  heartbeatExternalEvaluation,
  planExternalEvaluation,
  releaseExternalEvaluation,
} from '@microtome/store/external-evaluation/external-evaluation-lease';
import type { ExternalEvaluation } from '@microtome/store/generated/prisma/client';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { getRun } from '@microtome/store/run/runs';
import {
  labelPatches,
  listDatasetPatches,
  pickSites,
  type SubsetPatches,
} from '@microtome/store/split/subset-patches';
import type { Store } from '@microtome/store/store';
import { getTask } from '@microtome/store/task/tasks';
import type { Logger } from 'pino';
import type { ExamJob, ExamResult } from '../protocol/exam-job.ts';
import type { ExamMessage } from '../protocol/trainer-messages.ts';
import { keepLease } from './lease.ts';
import { describeDeath, toMessage } from './run-attempt.ts';
import { startTrainer } from './trainer-child.ts';

const ERROR_OUTPUT_LENGTH = 2000;

type Examiner = {
  store: Store;
  workerId: string;
  backend: BackendName;
  threads: number | null;
  leaseStaleMs?: number | undefined;
  trainerEnv: NodeJS.ProcessEnv;
  log: Logger;
};

type Verdict =
  | { kind: 'examined'; result: ExamResult }
  | { kind: 'failed'; message: string }
  | { kind: 'broken'; message: string }
  | { kind: 'stopped' }
  | { kind: 'canceled' }
  | { kind: 'fenced' };

/** False when none waits. Resolves when the child is gone and the evaluation has moved on. */
export async function examineNext(examiner: Examiner, signal: AbortSignal): Promise<boolean> {
  const { store, workerId, leaseStaleMs: staleAfterMs } = examiner;
  const evaluation = await claimExternalEvaluation(store, {
    workerId,
    ...(staleAfterMs === undefined ? {} : { staleAfterMs }),
  });
  if (!evaluation) return false;
  const log = examiner.log.child({ externalEvaluationId: evaluation.id, attempt: evaluation.attempt });
  log.info('external evaluation begins');
  const verdict = await attempt(examiner, evaluation, signal);
  await outlastDatabaseFaults(() => settle(examiner, evaluation, verdict), signal);
  log.info({ verdict: verdict.kind }, 'external evaluation ended');
  return true;
}

async function attempt(
  examiner: Examiner,
  evaluation: ExternalEvaluation,
  signal: AbortSignal,
): Promise<Verdict> {
  const { store } = examiner;
  const { id, attempt: number } = evaluation;
  const { first, speak } = createVerdict();
  let patchesDone = 0;
  const lease = keepLease({
    renew: () => heartbeatExternalEvaluation(store, { id, attempt: number, patchesDone }),
    onLoss: (loss) => speak({ kind: loss === 'canceled' ? 'canceled' : 'fenced' }),
  });
  const stop = () => speak({ kind: 'stopped' });
  signal.addEventListener('abort', stop, { once: true });
  try {
    const job = await prepareExam(examiner, evaluation);
    let errorOutput = '';
    const child = startTrainer<ExamMessage>({
      work: { kind: 'examine', job },
      env: examiner.trainerEnv,
      onMessage: (message) => {
        if (message.kind === 'examining') patchesDone = message.patchesDone;
        else if (message.kind === 'failed') speak(describeFailure(message));
        else speak(message);
      },
      onErrorOutput: (text) => {
        errorOutput = (errorOutput + text).slice(-ERROR_OUTPUT_LENGTH);
      },
    });
    void child.ended.then((end) => speak({ kind: 'broken', message: describeDeath(end, errorOutput) }));
    if (signal.aborted) stop();
    const verdict = await first;
    await child.terminate();
    return verdict;
  } catch (error) {
    return { kind: isDatabaseFault(error) ? 'broken' : 'failed', message: toMessage(error) };
  } finally {
    signal.removeEventListener('abort', stop);
    lease.stop();
  }
}

/** The labels go along: nothing of the exam was ever trained on, so there is nothing to seal. */
async function prepareExam(
  { store, backend, threads }: Examiner,
  evaluation: ExternalEvaluation,
): Promise<ExamJob> {
  const { id, attempt: number, runId, datasetId, taskId, sites, threshold } = evaluation;
  const run = await getRun(store, runId);
  const hyperparameters = parseHyperparameters(run.hyperparameters);
  const includeStrips = hyperparameters.edgeStrips === 'reflect';
  const all = pickSites(await listDatasetPatches(store, { datasetId, includeStrips }), sites);
  const patches = taskId ? labelPatches(all, (await getTask(store, taskId)).sides) : withoutLabels(all);
  const planned = await planExternalEvaluation(store, { id, attempt: number, patchesTotal: patches.count });
  invariant(planned, `the external evaluation ${id} is still ours`);
  const findHash = async (role: string) => (await getRunArtifact(store, { runId, role })).artifactHash;
  return {
    hyperparameters,
    backend,
    threads,
    modelJsonHash: await findHash('MODEL_JSON'),
    modelWeightsHash: await findHash('MODEL_WEIGHTS'),
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

async function settle(
  { store, backend, log }: Examiner,
  { id, attempt: number }: ExternalEvaluation,
  verdict: Verdict,
): Promise<void> {
  const key = { id, attempt: number };
  switch (verdict.kind) {
    case 'examined': {
      const { predictions, figures } = verdict.result;
      await finishExternalEvaluation(store, {
        ...key,
        backend,
        predictions,
        figures: figures && { ...figures, draws: EVALUATION_DRAWS },
      });
      return;
    }
    case 'failed':
      await failExternalEvaluation(store, { ...key, error: verdict.message });
      return;
    case 'broken':
      log.warn({ reason: verdict.message }, 'external evaluation broke down');
      await releaseExternalEvaluation(store, { ...key, error: verdict.message });
      return;
    case 'canceled':
      await finishCanceledExternalEvaluation(store, key);
      return;
    case 'stopped':
      await releaseExternalEvaluation(store, { ...key, error: null });
      return;
    case 'fenced':
      log.warn('the external evaluation was taken over');
  }
}

function describeFailure({ code, message }: { code: string; message: string }): Verdict {
  const isWorthRetrying = code === 'INTERNAL' || ERROR_CODES[code as ErrorCode]?.retryable;
  return { kind: isWorthRetrying ? 'broken' : 'failed', message };
}

/** Only the first verdict counts. */
function createVerdict(): { first: Promise<Verdict>; speak: (verdict: Verdict) => void } {
  const { promise: first, resolve: speak } = Promise.withResolvers<Verdict>();
  return { first, speak };
}
