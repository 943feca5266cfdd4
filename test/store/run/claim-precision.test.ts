/** Who may claim a run in bfloat16, and in which line it waits. */
import { claimRun, releaseRun } from '@microtome/store/run/run-lifecycle';
import { registerWorker } from '@microtome/store/run/workers';
import { expect, it } from 'vitest';
import { launchTestRun } from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, bench } = await openSharedBench();

it('gives a run in bfloat16 to a worker that trains in it alone, whatever was delivered to the others', async () => {
  const run = await launchTestRun(store, bench, { precision: 'bf16' });
  expect(run.requestedBackend).toBe('tensorflow');
  const machine = { hostname: 'bay', pid: 1, device: 'x', versions: {} };
  await registerWorker(store, { ...machine, id: 'wide', backends: ['tensorflow'] });
  await registerWorker(store, {
    ...machine,
    id: 'narrow',
    backends: ['tensorflow'],
    precisions: ['float32', 'bf16'],
  });
  expect(await claimRun(store, { runId: run.id, workerId: 'wide' })).toBeNull();
  expect(await claimRun(store, { runId: run.id, workerId: 'unknown' })).toBeNull();
  expect(await store.database.prisma.runAttempt.count({ where: { runId: run.id } })).toBe(0);
  expect(await claimRun(store, { runId: run.id, workerId: 'narrow' })).toMatchObject({ attempt: 1 });
  // Back in the queue, and delivered where it could not be claimed, it is put in the line of what it needs again.
  await releaseRun(store, { runId: run.id, attempt: 1, outcome: 'HANDED_OVER' });
  const lines = 'select name from pgboss.job where singleton_key = $1';
  expect((await store.database.pool.query(lines, [run.id])).rows).toEqual([{ name: 'run-bf16' }]);
  await store.database.pool.query('delete from pgboss.job where singleton_key = $1', [run.id]);
  expect(await store.queue.reconcileQueue()).toContain(run.id);
  expect((await store.database.pool.query(lines, [run.id])).rows).toEqual([{ name: 'run-bf16' }]);
});
