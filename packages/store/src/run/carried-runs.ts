/**
 * Runs whose job is carried by hand to a machine without a network. Such a run stays QUEUED, in a line that no worker
 * looks into, until its result is brought back or it is given to the workers again.
 */
import { AppError } from '@microtome/domain/app-error';
import type { Run } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { insertRunEvent } from './run-events.ts';
import { enqueueRun, lockRun } from './run-transitions.ts';

const HANDED_OUT = 'Its job was handed out, to be carried by hand to another machine.';
const TAKEN_BACK = 'Its job was taken back: the workers here may take it.';

/**
 * Puts the run out of the workers' reach; one that is carried already stays so.
 * @throws AppError NOT_FOUND; CONFLICT unless it is QUEUED; BAD_INPUT for a run of an external program
 */
export async function carryRun(store: Store, runId: string): Promise<Run> {
  return changeCarried(store, { runId, isCarried: true, line: HANDED_OUT });
}

/**
 * Gives a run that is carried to the workers again; what is trained of its job elsewhere is not taken in any more.
 * @throws AppError NOT_FOUND; CONFLICT unless it is QUEUED; BAD_INPUT for a run of an external program
 */
export async function takeBackRun(store: Store, runId: string): Promise<Run> {
  return changeCarried(store, { runId, isCarried: false, line: TAKEN_BACK });
}

async function changeCarried(
  store: Store,
  { runId, isCarried, line }: { runId: string; isCarried: boolean; line: string },
): Promise<Run> {
  return store.database.prisma.$transaction(async (tx) => {
    const run = await requireWaiting(tx, runId);
    if ((run.carriedAt !== null) === isCarried) return run;
    const changed = await tx.run.update({
      where: { id: runId },
      data: { carriedAt: isCarried ? new Date() : null },
    });
    await insertRunEvent(tx, { runId, attempt: run.attempt, kind: 'LOG', payload: { line } });
    await enqueueRun(tx, store, changed);
    return changed;
  });
}

async function requireWaiting(tx: Transaction, runId: string): Promise<Run> {
  const run = await lockRun(tx, runId);
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
  const { name, status, origin } = run;
  if (origin === 'EXTERNAL') {
    throw new AppError('BAD_INPUT', `Run '${name}' is EXTERNAL: its own program trains it.`);
  }
  if (status === 'QUEUED') return run;
  const way = status === 'SUCCEEDED' ? '' : ' Cancel it and retry it, so that it waits.';
  throw new AppError('CONFLICT', `Run '${name}' is ${status}: only a QUEUED run can be carried.${way}`);
}
