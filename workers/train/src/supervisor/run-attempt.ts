/**
 * One attempt of this worker at one run: the trainer's process, the lease and the commits, until one of them gives the
 * verdict. Then the trainer is ended, and only after that the run changes status.
 *
 *   finished → SUCCEEDED    failed → FAILED    canceled → CANCELED    handed over, broken → QUEUED    fenced → nothing
 */
import { isDatabaseFault, outlastDatabaseFaults } from '@microtome/store/database/database-faults';
import {
  finishCanceled,
  finishFailed,
  finishSucceeded,
  heartbeatRun,
  releaseRun,
} from '@microtome/store/run/run-lifecycle';
import type { AttemptKey } from '@microtome/store/run/run-transitions';
import type { Store } from '@microtome/store/store';
import type { Logger } from 'pino';
import type { TrainerMessage, TrainingResult } from '../protocol/trainer-messages.ts';
import type { TrainingJob } from '../protocol/training-job.ts';
import { ATTEMPT_LIMIT_MS, HAND_OVER_GRACE_MS } from '../tunables.ts';
import { keepLease } from './lease.ts';
import { createReportCommits } from './report-commits.ts';
import { describeDeath, isWorthRetrying, startTrainer, type TrainerChild } from './trainer-child.ts';

const ERROR_OUTPUT_LENGTH = 2000;

type RunAttemptRequest = {
  store: Store;
  job: TrainingJob;
  trainerEnv: NodeJS.ProcessEnv;
  /** Aborted: hand over at the next checkpoint, or at once when that is too far away. */
  signal: AbortSignal;
  log: Logger;
};

type Verdict =
  | { kind: 'finished'; result: TrainingResult }
  | { kind: 'failed'; message: string }
  /** The attempt crashed; another one may succeed. */
  | { kind: 'broken'; message: string }
  | { kind: 'handedOver' }
  | { kind: 'canceled' }
  /** Another worker has the run, or may have it by now. */
  | { kind: 'fenced' };

/** Resolves when the trainer is gone and the run has moved on; says why the attempt ended. */
export async function runAttempt(request: RunAttemptRequest): Promise<Verdict['kind']> {
  const { store, job } = request;
  const key = { runId: job.runId, attempt: job.attempt };
  const { first, speak } = createVerdict();
  // Aborted when there is no reason to wait for this attempt any longer.
  const hopeless = new AbortController();
  const commits = createReportCommits({
    store,
    key,
    signal: hopeless.signal,
    onStop: (error) => speak(describeStop(error)),
  });
  let errorOutput = '';
  const child = startTrainer<TrainerMessage>({
    work: { kind: 'train', job },
    env: request.trainerEnv,
    onMessage: (message) => {
      if (message.kind === 'progress') commits.addProgress(message.progress);
      else if (message.kind === 'waiting') commits.setWaiting(message.reason);
      else if (message.kind === 'started' || message.kind === 'log' || message.kind === 'epoch')
        commits.addFact(message);
      else void commits.settled().then(() => speak(describeEnding(message)));
    },
    onErrorOutput: (text) => {
      errorOutput = (errorOutput + text).slice(-ERROR_OUTPUT_LENGTH);
    },
  });
  request.log.info({ trainerPid: child.pid }, 'trainer started');
  void child.ended.then(async (end) => {
    await commits.settled();
    speak({ kind: 'broken', message: describeDeath(end, errorOutput) });
  });
  const lease = keepLease({
    renew: () => heartbeatRun(store, key),
    onLoss(loss) {
      if (loss === 'unreachable') hopeless.abort();
      speak(loss === 'canceled' ? { kind: 'canceled' } : { kind: 'fenced' });
    },
  });
  const stopWaiting = handOverWhenTold(child, request.signal, () => {
    // A stopping worker does not wait for a database that is down: its run continues on another worker.
    setTimeout(() => hopeless.abort(), HAND_OVER_GRACE_MS).unref();
    speak({ kind: 'handedOver' });
  });
  const verdict = await first;
  stopWaiting();
  await child.terminate();
  await commits.settled();
  await outlastDatabaseFaults(() => settleRun(request, key, verdict), hopeless.signal).finally(() =>
    lease.stop(),
  );
  return verdict.kind;
}

/** Only the first verdict counts. */
function createVerdict(): { first: Promise<Verdict>; speak: (verdict: Verdict) => void } {
  let speak: (verdict: Verdict) => void = () => undefined;
  const first = new Promise<Verdict>((resolve) => {
    speak = resolve;
  });
  return { first, speak };
}

function describeStop(error: unknown): Verdict {
  // A database that was down for too long is not the run's fault: the next worker to claim the run continues it.
  if (error === null || isDatabaseFault(error)) return { kind: 'fenced' };
  return { kind: 'broken', message: `The trainer's report could not be saved: ${toMessage(error)}` };
}

function describeEnding(
  message: Extract<TrainerMessage, { kind: 'finished' | 'handedOver' | 'failed' }>,
): Verdict {
  if (message.kind !== 'failed') return message;
  return { kind: isWorthRetrying(message) ? 'broken' : 'failed', message: message.message };
}

/** Returns a function that ends the waiting. */
function handOverWhenTold(child: TrainerChild, signal: AbortSignal, onImpatience: () => void): () => void {
  let impatience: NodeJS.Timeout | undefined;
  const ask = () => {
    child.askHandOver();
    impatience = setTimeout(onImpatience, HAND_OVER_GRACE_MS);
  };
  const limit = setTimeout(() => child.askHandOver(), ATTEMPT_LIMIT_MS);
  if (signal.aborted) ask();
  else signal.addEventListener('abort', ask, { once: true });
  return () => {
    signal.removeEventListener('abort', ask);
    clearTimeout(limit);
    clearTimeout(impatience);
  };
}

async function settleRun(
  { store, log }: RunAttemptRequest,
  key: AttemptKey,
  verdict: Verdict,
): Promise<void> {
  switch (verdict.kind) {
    case 'finished':
      await keepResult(store, key, verdict.result);
      return;
    case 'failed':
      await finishFailed(store, { ...key, error: verdict.message });
      return;
    case 'broken':
      log.warn({ reason: verdict.message }, 'attempt broke down');
      await releaseRun(store, { ...key, outcome: 'LOST', error: verdict.message });
      return;
    case 'handedOver':
      await releaseRun(store, { ...key, outcome: 'HANDED_OVER' });
      return;
    case 'canceled':
      await finishCanceled(store, key);
      return;
    case 'fenced':
      log.warn('the run was taken over');
  }
}

/** A result that cannot be saved counts as a crashed attempt: the next one continues from the last checkpoint. */
export async function keepResult(store: Store, key: AttemptKey, result: TrainingResult): Promise<void> {
  const { threshold, temperature, context, trainPatchesPerSecond, peakMemoryBytes, files, validation } =
    result;
  const report = {
    ...key,
    threshold,
    temperature,
    ...(context === undefined ? {} : { context }),
    trainPatchesPerSecond,
    peakMemoryBytes,
    artifacts: {
      MODEL_JSON: files.modelJson,
      MODEL_WEIGHTS: files.modelWeights,
      MODEL_ONNX: files.modelOnnx,
      PREDICTIONS_VALIDATION: files.validationPredictions,
      PREDICTIONS_TEST: files.testPredictions,
    },
    evaluation: validation,
  };
  await finishSucceeded(store, report).catch((error: unknown) => {
    if (isDatabaseFault(error)) throw error;
    return releaseRun(store, {
      ...key,
      outcome: 'LOST',
      error: `The result could not be saved: ${toMessage(error)}`,
    });
  });
}

export function toMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
