/**
 * A worker: makes itself known, takes runs from the queue one at a time and sees each through one attempt. It trains
 * nothing itself, so its heartbeats never starve.
 */
import os from 'node:os';
import type { Run } from '@microtome/store/generated/prisma/client';
import { listQueuesFor } from '@microtome/store/queue/queue';
import { claimRun, finishFailed, reapStaleRuns } from '@microtome/store/run/run-lifecycle';
import { setProgress } from '@microtome/store/run/run-recording';
import {
  heartbeatWorker,
  registerWorker,
  retireSilentWorkers,
  retireWorker,
  WORKER_HEARTBEAT_INTERVAL_MS,
} from '@microtome/store/run/workers';
import type { Store } from '@microtome/store/store';
import { advanceSweeps } from '@microtome/store/sweep/sweep-rungs';
import type { Logger } from 'pino';
import type { BackendName } from '../engine/backend.ts';
import { RECONCILE_INTERVAL_MS } from '../tunables.ts';
import { prepareJob } from './prepare-job.ts';
import { runAttempt } from './run-attempt.ts';

export type SupervisorOptions = {
  store: Store;
  workerId: string;
  /** What this worker can train on, best first. */
  backends: readonly BackendName[];
  /** Of the best backend, in words. */
  device: string;
  versions: Record<string, string>;
  threads: number | null;
  /** A run whose worker was silent this long is taken over. */
  leaseStaleMs?: number;
  /** What the trainer's process inherits. */
  trainerEnv: NodeJS.ProcessEnv;
  log: Logger;
};

export type Supervisor = {
  /** Takes no more runs, hands the present one over and says goodbye. */
  close(): Promise<void>;
};

export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { store, workerId: id, backends, device, versions, log, leaseStaleMs: staleAfterMs } = options;
  await registerWorker(store, {
    id,
    hostname: os.hostname(),
    pid: process.pid,
    backends: [...backends],
    device,
    versions,
  });
  let currentRunId: string | null = null;
  const work = await store.queue.workRuns({
    queues: listQueuesFor(backends),
    handler: async ({ runId, signal }) => {
      const run = await claimRun(store, { runId, workerId: id, staleAfterMs });
      if (!run) return;
      currentRunId = runId;
      await heartbeatWorker(store, { id, runId });
      await attemptRun(options, run, signal).finally(() => {
        currentRunId = null;
      });
      await heartbeatWorker(store, { id, runId: null });
      // The last run of a rung makes the next one: its worker need not wait for the periodic look.
      if (run.sweepId) await advanceSweeps(store);
    },
  });
  const stopDuties = [
    repeat(WORKER_HEARTBEAT_INTERVAL_MS, log, () => heartbeatWorker(store, { id, runId: currentRunId })),
    repeat(RECONCILE_INTERVAL_MS, log, () => reconcile(store, staleAfterMs)),
  ];
  log.info({ backends }, 'worker is ready');
  return {
    async close() {
      await work.stop();
      for (const stop of stopDuties) await stop();
      await retireWorker(store, id);
    },
  };
}

/** A run that cannot even be told to a trainer (its hyperparameters or its data set are gone wrong) has failed. */
async function attemptRun(options: SupervisorOptions, run: Run, signal: AbortSignal): Promise<void> {
  const { store, backends, threads, trainerEnv } = options;
  const log = options.log.child({ runId: run.id, attempt: run.attempt });
  log.info({ run: run.name }, 'attempt begins');
  await announcePreparation(store, run);
  const workerBackend = backends[0] ?? 'auto';
  const job = await prepareJob(store, { run, workerBackend, threads }).catch(async (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    await finishFailed(store, { runId: run.id, attempt: run.attempt, error: message });
    return null;
  });
  if (!job) return;
  const verdict = await runAttempt({ store, job, trainerEnv, signal, log });
  log.info({ verdict }, 'attempt ended');
}

/** A page shows at once that somebody is at it: reading the catalogue and compiling the step take seconds. */
async function announcePreparation(
  store: Store,
  { id: runId, attempt, epochsDone, hyperparameters }: Run,
): Promise<void> {
  const { epochs } = hyperparameters as { epochs: number };
  await setProgress(store, {
    runId,
    attempt,
    phase: 'preparing',
    epoch: Math.min(epochsDone + 1, epochs),
    epochs,
    batch: 0,
    batches: 0,
    patchesPerSecond: null,
    secondsLeft: null,
    loss: null,
  });
}

/** Runs of workers that fell silent go back to the queue, no queued run waits without a job, no rung goes unnoticed. */
async function reconcile(store: Store, staleAfterMs: number | undefined): Promise<void> {
  await reapStaleRuns(store, { staleAfterMs });
  await store.queue.reconcileQueue();
  await advanceSweeps(store);
  await retireSilentWorkers(store);
}

/** Does the duty every so often until stopped; a duty that fails is done again next time. */
function repeat(intervalMs: number, log: Logger, duty: () => Promise<unknown>): () => Promise<void> {
  let present: Promise<unknown> = Promise.resolve();
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    present = duty()
      .catch((error: unknown) => log.error(error, 'a periodic duty failed'))
      .finally(() => {
        isBusy = false;
      });
  }, intervalMs);
  return async () => {
    clearInterval(timer);
    await present;
  };
}
