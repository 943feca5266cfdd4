/** Sweeps: runs launched together, each an ordinary run of its own. A sweep is ranked on VALIDATION. */
import { AppError } from '@microtome/domain/app-error';
import { isSettled } from '@microtome/domain/run/run-status';
import type { Sweep } from '../../generated/prisma/client.ts';
import { insertRun } from '../run/run-launch.ts';
import { requestCancel } from '../run/run-lifecycle.ts';
import { insertSplits } from '../split/create-split.ts';
import type { Store } from '../store.ts';
import { planSweep, type SweepLaunch } from './sweep-plan.ts';

/** NOT_FOUND when there is none. */
export async function getSweep(store: Store, sweepId: string): Promise<Sweep> {
  const sweep = await store.database.prisma.sweep.findUnique({ where: { id: sweepId } });
  if (!sweep) throw new AppError('NOT_FOUND', `There is no sweep '${sweepId}'.`);
  return sweep;
}

/**
 * Writes the sweep, the splits of a cross-validation that are not there yet, its runs and their jobs in one transaction.
 * Of a HALVING the runs of the first rung; the others follow (see sweep-rungs.ts).
 * @throws AppError BAD_INPUT when any of the runs would be refused: then nothing is written
 */
export async function launchSweep(store: Store, launch: SweepLaunch): Promise<Sweep> {
  const { name, experiment, splits, definition, prepareRuns } = await planSweep(store, launch);
  return store.database.prisma.$transaction(async (tx) => {
    const made = 'known' in splits ? splits.known : await insertSplits(tx, splits.planned);
    const splitIds = made.map(({ id }) => id);
    const sweep = await tx.sweep.create({
      data: {
        experimentId: experiment.id,
        name,
        createdBy: launch.createdBy ?? null,
        strategy: launch.strategy,
        definition: { ...definition, splitIds },
      },
    });
    for (const run of prepareRuns(made)) {
      await insertRun(tx, store, { ...run, sweepId: sweep.id, createdBy: sweep.createdBy });
    }
    return sweep;
  });
}

/**
 * Cancels every run of the sweep that is not settled, and keeps a halving from making more; runs that ended keep their
 * result. A sweep that was canceled before stays canceled.
 */
export async function cancelSweep(store: Store, sweepId: string): Promise<Sweep> {
  const { prisma } = store.database;
  await getSweep(store, sweepId);
  await prisma.sweep.updateMany({
    where: { id: sweepId, canceledAt: null },
    data: { canceledAt: new Date() },
  });
  // Only now: from here on the sweep takes no more runs, so that none is missed.
  const runs = await prisma.run.findMany({
    where: { sweepId, status: { in: ['QUEUED', 'RUNNING'] } },
    select: { id: true },
  });
  for (const { id } of runs) await cancelUnlessSettled(store, id);
  return getSweep(store, sweepId);
}

/** A run may end by itself between the query and the cancel: that is no error for the caller. */
async function cancelUnlessSettled(store: Store, runId: string): Promise<void> {
  await requestCancel(store, runId).catch(async (error) => {
    const run = await store.database.prisma.run.findUnique({ where: { id: runId } });
    if (run && !isSettled(run.status)) throw error;
  });
}
