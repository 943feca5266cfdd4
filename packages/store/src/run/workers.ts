/** Workers as the platform sees them: who trains, on what, and when they were last heard of. */
import type { BackendName } from '@microtome/domain/run/backends';
import type { Precision } from '@microtome/domain/run/precision';
import type { Worker } from '../../generated/prisma/client.ts';
import type { WorkerStatus } from '../database/column-words.ts';
import type { Store } from '../store.ts';

/** How often a worker says that it is alive. */
export const WORKER_HEARTBEAT_INTERVAL_MS = 5_000;
/** A worker that was silent for this long counts as gone. */
export const WORKER_SILENT_AFTER_MS = 30_000;

type WorkerDescription = {
  id: string;
  hostname: string;
  pid: number;
  /** Best first. */
  backends: BackendName[];
  /** In which it can train; float32 alone when left out. */
  precisions?: Precision[];
  device: string;
  versions: Record<string, string>;
};

/** Makes the worker known, or known again after a restart under the same id. */
export async function registerWorker(
  store: Store,
  { id, precisions = ['float32'], ...description }: WorkerDescription,
): Promise<Worker> {
  const now = new Date();
  const status: WorkerStatus = 'IDLE';
  const data = { ...description, precisions, status, currentRunId: null, startedAt: now, heartbeatAt: now };
  return store.database.prisma.worker.upsert({ where: { id }, create: { id, ...data }, update: data });
}

/** Says that the worker is alive, and which run it trains (null: none). */
export async function heartbeatWorker(
  store: Store,
  { id, runId }: { id: string; runId: string | null },
): Promise<void> {
  await store.database.prisma.worker.updateMany({
    where: { id },
    data: { status: runId ? 'BUSY' : 'IDLE', currentRunId: runId, heartbeatAt: new Date() },
  });
}

/** Says that the worker stopped by itself. */
export async function retireWorker(store: Store, id: string): Promise<void> {
  await store.database.prisma.worker.updateMany({
    where: { id },
    data: { status: 'GONE', currentRunId: null },
  });
}

/** Marks workers that fell silent; gives how many. */
export async function retireSilentWorkers(store: Store): Promise<number> {
  const silentSince = new Date(Date.now() - WORKER_SILENT_AFTER_MS);
  const { count } = await store.database.prisma.worker.updateMany({
    where: { status: { not: 'GONE' }, heartbeatAt: { lt: silentSince } },
    data: { status: 'GONE', currentRunId: null },
  });
  return count;
}

/** How many workers have which status; a status that no worker has is left out. */
export async function countWorkers(store: Store): Promise<{ status: Worker['status']; count: number }[]> {
  const groups = await store.database.prisma.worker.groupBy({ by: ['status'], _count: { _all: true } });
  return groups.map(({ status, _count }) => ({ status, count: _count._all }));
}
