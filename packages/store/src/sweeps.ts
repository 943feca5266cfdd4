/** Sweeps: runs launched together, each an ordinary run of its own. A sweep never opens TEST. */
import { AppError } from '@microtome/domain/app-error';
import { expandSweep, type SweepRequest } from '@microtome/domain/sweep';
import type { Sweep } from '../generated/prisma/client.ts';
import { insertRun, type PreparedRun, prepareRun } from './run-launch.ts';
import { requestCancel } from './run-lifecycle.ts';
import type { Store } from './store.ts';
import { checkText } from './text-fields.ts';

const NAME_MAX_LENGTH = 120;

export type SweepLaunch = SweepRequest & {
  experimentId: string;
  /** Its runs are named after it and after what differs. */
  name: string;
};

/**
 * Writes the sweep, its runs and their jobs in one transaction.
 * @throws AppError BAD_INPUT when any of the runs would be refused: then none is launched
 */
export async function launchSweep(store: Store, launch: SweepLaunch): Promise<Sweep> {
  const { experimentId, name: typedName, ...definition } = launch;
  const name = checkText(typedName, { noun: 'name of the sweep', maxLength: NAME_MAX_LENGTH });
  const prepared: PreparedRun[] = [];
  for (const { splitId, label, hyperparameters } of expandSweep(definition)) {
    prepared.push(
      await prepareRun(store, {
        experimentId,
        splitId,
        hyperparameters,
        name: `${name}: ${label}`.slice(0, 200),
      }),
    );
  }
  return store.database.prisma.$transaction(async (tx) => {
    const sweep = await tx.sweep.create({
      data: {
        experimentId,
        name,
        strategy: launch.strategy,
        definition: JSON.parse(JSON.stringify(definition)),
      },
    });
    for (const run of prepared) await insertRun(tx, store, { ...run, sweepId: sweep.id });
    return sweep;
  });
}

/** Cancels every run of the sweep that is not settled; runs that ended keep their result. */
export async function cancelSweep(store: Store, sweepId: string): Promise<Sweep> {
  const { prisma } = store.database;
  const runs = await prisma.run.findMany({
    where: { sweepId, status: { in: ['QUEUED', 'RUNNING'] } },
    select: { id: true },
  });
  const [sweep] = await prisma.sweep.updateManyAndReturn({
    where: { id: sweepId },
    data: { canceledAt: new Date() },
  });
  if (!sweep) throw new AppError('NOT_FOUND', `There is no sweep '${sweepId}'.`);
  for (const { id } of runs) await requestCancel(store, id);
  return sweep;
}
