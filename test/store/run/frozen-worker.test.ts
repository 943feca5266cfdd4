/** A worker that freezes in the middle of a transaction does not keep its run from the others. */
import { isDatabaseFault } from '@microtome/store/database/database-faults';
import { claimRun, reapStaleRuns } from '@microtome/store/run/run-lifecycle';
import { lockRun } from '@microtome/store/run/run-transitions';
import { openStore } from '@microtome/store/store';
import { expect, it } from 'vitest';
import { launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const IDLE_MS = 300;

const { store, bench } = await openBench();

it('a run whose worker froze while it held its row is taken away from it', async () => {
  const frozen = await openStore({
    databaseUrl: store.database.url,
    artifactUrl: store.artifacts.url,
    idleTransactionMs: IDLE_MS,
  });
  const { id: runId } = await launchTestRun(store, bench);
  await claimRun(frozen, { runId, workerId: 'frozen' });
  const locked = Promise.withResolvers<void>();
  const thawed = Promise.withResolvers<void>();
  const transaction = frozen.database.prisma.$transaction(async (tx) => {
    await lockRun(tx, runId);
    locked.resolve();
    await thawed.promise;
    await lockRun(tx, runId);
  });
  await locked.promise;
  expect(await reapStaleRuns(store, { staleAfterMs: 0 })).toEqual([runId]);
  thawed.resolve();
  // What the worker hears when it goes on is no fault of the run.
  expect(isDatabaseFault(await transaction.catch((error: unknown) => error))).toBe(true);
  await frozen.close();
});
