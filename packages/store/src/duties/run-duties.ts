/**
 * The duties that keep runs moving: runs, external evaluations, model checks and slide analyses whose worker is gone, queued runs without a job,
 * halvings whose rung has settled, silent workers. API and workers all perform them at the same time: every duty changes
 * rows on a condition, so that doing it twice does nothing.
 */
import { examLease } from '../external-evaluation/external-evaluation-lease.ts';
import { markSilentRuns } from '../external-run/external-runs.ts';
import { checkLease } from '../model-check/model-checks.ts';
import { reapStaleRuns } from '../run/run-lifecycle.ts';
import { retireSilentWorkers } from '../run/workers.ts';
import { analysisLease } from '../slide-analysis/analysis-lease.ts';
import type { Store } from '../store.ts';
import { advanceSweeps } from '../sweep/sweep-rungs.ts';
import type { Duty } from './duties.ts';

const RUNS_INTERVAL_MS = 5_000;
const WORKERS_INTERVAL_MS = 10_000;

/** `staleAfterMs`: a run whose worker was silent this long is taken over; the default lease when left out. */
export function listRunDuties(store: Store, { staleAfterMs }: { staleAfterMs?: number } = {}): Duty[] {
  return [
    {
      name: 'reap stale runs',
      intervalMs: RUNS_INTERVAL_MS,
      perform: async () => (await reapStaleRuns(store, { staleAfterMs })).length,
    },
    {
      name: 'reap stale external evaluations',
      intervalMs: RUNS_INTERVAL_MS,
      perform: () => examLease.reap(store, { staleAfterMs }),
    },
    {
      name: 'reap stale model checks',
      intervalMs: RUNS_INTERVAL_MS,
      perform: () => checkLease.reap(store, { staleAfterMs }),
    },
    {
      name: 'reap stale slide analyses',
      intervalMs: RUNS_INTERVAL_MS,
      perform: () => analysisLease.reap(store, { staleAfterMs }),
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
      name: 'mark silent runs',
      intervalMs: WORKERS_INTERVAL_MS,
      perform: () => markSilentRuns(store),
    },
    {
      name: 'retire silent workers',
      intervalMs: WORKERS_INTERVAL_MS,
      perform: () => retireSilentWorkers(store),
    },
  ];
}
