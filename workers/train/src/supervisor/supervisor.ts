/**
 * A worker: registers itself, takes runs from the queue one at a time and gives each one attempt; models that
 * are checked, put to the test or asked about a slide come in turns with them. It trains nothing itself, so its heartbeats never starve.
 */
import os from 'node:os';
import { invariant } from '@microtome/domain/app-error';
import type { BackendName } from '@microtome/domain/run/backends';
import type { Precision } from '@microtome/domain/run/precision';
import { getWorkerHyperparameters } from '@microtome/domain/run/run-hyperparameters';
import { isDatabaseFault, outlastDatabaseFaults } from '@microtome/store/database/database-faults';
import { type Duty, startDuties } from '@microtome/store/duties/duties';
import { listRunDuties } from '@microtome/store/duties/run-duties';
import type { Run } from '@microtome/store/generated/prisma/client';
import { listQueuesFor } from '@microtome/store/queue/queue';
import { claimRun, finishFailed } from '@microtome/store/run/run-lifecycle';
import { setProgress } from '@microtome/store/run/run-recording';
import {
  heartbeatWorker,
  registerWorker,
  retireWorker,
  WORKER_HEARTBEAT_INTERVAL_MS,
} from '@microtome/store/run/workers';
import type { Store } from '@microtome/store/store';
import { advanceSweeps } from '@microtome/store/sweep/sweep-rungs';
import type { Logger } from 'pino';
import { MODEL_LIMITS } from '../tunables.ts';
import { analyseNext } from './analyse-next.ts';
import { checkNext } from './check-model.ts';
import type { ChildLimits } from './child-limits.ts';
import { examineNext } from './examine-model.ts';
import { prepareJob } from './prepare-job.ts';
import { runAttempt } from './run-attempt.ts';

type SupervisorOptions = {
  store: Store;
  workerId: string;
  /** What this worker can train on, best first. */
  backends: readonly BackendName[];
  /** In which it can train; float32 alone when left out. */
  precisions?: readonly Precision[];
  /** Of the best backend, in words. */
  device: string;
  versions: Record<string, string>;
  threads: number | null;
  /** A run whose worker was silent this long is taken over. */
  leaseStaleMs?: number;
  /** What a child may take that runs an external program's model; MODEL_LIMITS when left out. */
  modelLimits?: ChildLimits;
  /** What the trainer's process inherits. */
  trainerEnv: NodeJS.ProcessEnv;
  log: Logger;
};

export type Supervisor = {
  /** Takes no more runs, hands the current one over and signs off. */
  close(): Promise<void>;
};

export async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { store, workerId: id, backends, device, versions, log, leaseStaleMs: staleAfterMs } = options;
  const { precisions = ['float32'] } = options;
  await registerWorker(store, {
    id,
    hostname: os.hostname(),
    pid: process.pid,
    backends: [...backends],
    precisions: [...precisions],
    device,
    versions,
  });
  const { modelLimits = MODEL_LIMITS } = options;
  const shortly = { ...options, modelLimits, backend: requireBest(backends) };
  let currentRunId: string | null = null;
  const work = await store.queue.workRuns({
    queues: listQueuesFor({ backends, precisions }),
    short: [checkNext, examineNext, analyseNext].map(
      (next) => (signal: AbortSignal) => next(shortly, signal),
    ),
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
  const duties = startDuties(
    [
      describeHeartbeat(store, () => ({ id, runId: currentRunId })),
      ...listRunDuties(store, { staleAfterMs }),
    ],
    log,
  );
  log.info({ backends }, 'worker is ready');
  return {
    async close() {
      await work.stop();
      await duties.close();
      await retireWorker(store, id);
    },
  };
}

/** If the job cannot be prepared (bad hyperparameters, missing dataset), the run fails: a retry would not help. */
async function attemptRun(options: SupervisorOptions, run: Run, signal: AbortSignal): Promise<void> {
  const { store, backends, threads, trainerEnv } = options;
  const log = options.log.child({ runId: run.id, attempt: run.attempt });
  log.info({ run: run.name }, 'attempt begins');
  await outlastDatabaseFaults(() => announcePreparation(store, run), signal);
  const workerBackend = requireBest(backends);
  const prepare = () => prepareJob(store, { run, workerBackend, threads });
  const job = await outlastDatabaseFaults(prepare, signal).catch(async (error: unknown) => {
    if (isDatabaseFault(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    await finishFailed(store, { runId: run.id, attempt: run.attempt, error: message });
    return null;
  });
  if (!job) return;
  const verdict = await runAttempt({ store, job, trainerEnv, signal, log });
  log.info({ verdict }, 'attempt ended');
}

function requireBest([best]: readonly BackendName[]): BackendName {
  invariant(best, 'a worker has a backend');
  return best;
}

/** Pages show at once that the run has a worker: reading the catalogue and compiling the step take seconds. */
async function announcePreparation(store: Store, run: Run): Promise<void> {
  const { id: runId, attempt, epochsDone } = run;
  const { epochs } = getWorkerHyperparameters(run);
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
    waitingFor: null,
  });
}

function describeHeartbeat(store: Store, describe: () => Parameters<typeof heartbeatWorker>[1]): Duty {
  return {
    name: 'heartbeat',
    intervalMs: WORKER_HEARTBEAT_INTERVAL_MS,
    perform: async () => {
      await heartbeatWorker(store, describe());
      return 0;
    },
  };
}
