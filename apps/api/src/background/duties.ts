/**
 * What somebody has to do now and then, so that nothing stays stuck: runs whose worker is gone, runs without a job,
 * halvings whose rung has settled, workers that fell silent, imports whose process is gone, splits without an audit,
 * files that no row names. Any number of API processes may do it at once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { sweepArtifacts } from '@microtome/store/duties/artifact-sweep';
import { failInterruptedImports } from '@microtome/store/import/start-dataset-import';
import { reapStaleRuns } from '@microtome/store/run/run-lifecycle';
import { retireSilentWorkers } from '@microtome/store/run/workers';
import type { Store } from '@microtome/store/store';
import { advanceSweeps } from '@microtome/store/sweep/sweep-rungs';
import type { Logger } from 'pino';
import type { SplitAudits } from './split-audits.ts';

const RUNS_INTERVAL_MS = 5_000;
const IMPORTS_INTERVAL_MS = 15_000;
const WORKERS_INTERVAL_MS = 10_000;
const AUDITS_INTERVAL_MS = 15_000;
const SWEEP_INTERVAL_MS = 60 * 60_000;

type Duty = {
  name: string;
  intervalMs: number;
  /** Resolves to how many things it found to do. */
  perform(): Promise<number>;
};

export type Duties = { close(): Promise<void> };

/** Performs each duty at once and then at its interval. A failure is logged and the duty tried again in time. */
export function startDuties(services: { store: Store; audits: SplitAudits; log: Logger }): Duties {
  const { log } = services;
  const closing = new AbortController();
  const duties = listDuties(services);
  const running = duties.map((duty) => repeatDuty({ duty, log, signal: closing.signal }));
  return {
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}

function listDuties({ store, audits }: { store: Store; audits: SplitAudits }): Duty[] {
  return [
    {
      name: 'reap stale runs',
      intervalMs: RUNS_INTERVAL_MS,
      perform: async () => (await reapStaleRuns(store)).length,
    },
    {
      name: 'reconcile queue',
      intervalMs: RUNS_INTERVAL_MS,
      perform: async () => (await store.queue.reconcileQueue()).length,
    },
    {
      name: 'advance sweeps',
      intervalMs: RUNS_INTERVAL_MS,
      perform: async () => (await advanceSweeps(store)).length,
    },
    {
      name: 'retire silent workers',
      intervalMs: WORKERS_INTERVAL_MS,
      perform: () => retireSilentWorkers(store),
    },
    {
      name: 'fail interrupted imports',
      intervalMs: IMPORTS_INTERVAL_MS,
      perform: () => failInterruptedImports(store),
    },
    {
      name: 'audit splits',
      intervalMs: AUDITS_INTERVAL_MS,
      perform: () => audits.auditPending(),
    },
    {
      name: 'sweep artifacts',
      intervalMs: SWEEP_INTERVAL_MS,
      perform: async () => {
        const { rows, files } = await sweepArtifacts(store);
        return rows + files;
      },
    },
  ];
}

async function repeatDuty({
  duty,
  log,
  signal,
}: {
  duty: Duty;
  log: Logger;
  signal: AbortSignal;
}): Promise<void> {
  while (!signal.aborted) {
    try {
      const found = await duty.perform();
      if (found > 0) log.info({ duty: duty.name, found }, 'duty performed');
    } catch (error) {
      log.error({ duty: duty.name, err: error }, 'duty failed');
    }
    await delay(duty.intervalMs, undefined, { signal }).catch(() => {});
  }
}
