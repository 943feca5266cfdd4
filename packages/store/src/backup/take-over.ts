/**
 * What the processes of another machine were doing when the backup was taken ends here: their runs go back to the
 * queue with their checkpoints, imports have failed, workers are gone. Clocks are not asked, they may differ.
 */
import { recordEnd } from '../import/import-record.ts';
import { releaseRun } from '../run/run-lifecycle.ts';
import { retireWorker } from '../run/workers.ts';
import type { Store } from '../store.ts';

/** `takenAt`: when the backup was taken, as it says. */
export async function takeOver(store: Store, takenAt: string): Promise<void> {
  const { database } = store;
  const error = `It was restored from the backup of ${takenAt}.`;
  const runs = await database.prisma.run.findMany({
    where: { status: 'RUNNING' },
    select: { id: true, attempt: true },
  });
  for (const { id: runId, attempt } of runs)
    await releaseRun(store, { runId, attempt, outcome: 'HANDED_OVER', error });
  const imports = await database.prisma.datasetImport.findMany({
    where: { status: 'RUNNING' },
    select: { id: true },
  });
  for (const { id: importId } of imports)
    await recordEnd(database, { importId, status: 'FAILED', error: `${error} Import it again.` });
  const workers = await database.prisma.worker.findMany({ where: { status: { not: 'GONE' } } });
  for (const { id } of workers) await retireWorker(store, id);
  // Jobs are not backed up: each QUEUED run gets one.
  await store.queue.reconcileQueue();
}
