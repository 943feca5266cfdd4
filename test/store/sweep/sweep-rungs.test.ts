/** Successive halving: each rung is made once from what the database says, also by two processes at once. */
import type { Run } from '@microtome/store/generated/prisma/client';
import { claimRun, finishFailed, requestCancel, retryRun } from '@microtome/store/run/run-lifecycle';
import type { Store } from '@microtome/store/store';
import { advanceSweeps, listSettledSweeps } from '@microtome/store/sweep/sweep-rungs';
import { cancelSweep, launchSweep } from '@microtome/store/sweep/sweeps';
import { describe, expect, it } from 'vitest';
import { finishTestRun } from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, bench, other } = await openSharedBench();

/** Four settings for one epoch, two of them for two, one of them for four. */
const launchHalving = (name = 'halving') =>
  launchSweep(store, {
    experimentId: bench.experimentId,
    name,
    strategy: 'HALVING',
    splitIds: [bench.split.id],
    base: { width: 0.25 },
    space: { batchSize: [8, 16, 32, 64] },
    eta: 2,
    minEpochs: 1,
    maxEpochs: 4,
    tags: ['search'],
    backend: 'onnx',
  });

const listRung = (sweepId: string, sweepRung: number): Promise<Run[]> =>
  store.database.prisma.run.findMany({ where: { sweepId, sweepRung }, orderBy: { sweepPlace: 'asc' } });

const readEpochs = ({ hyperparameters }: Run) => (hyperparameters as { epochs: number }).epochs;

async function finishRung(sweepId: string, rung: number, aucs: number[]): Promise<void> {
  for (const [at, run] of (await listRung(sweepId, rung)).entries())
    await finishTestRun(store, run, { auc: aucs[at] });
}

async function failRun(run: Run): Promise<void> {
  const { attempt } = (await claimRun(store, { runId: run.id, workerId: 'test' }))!;
  await finishFailed(store, { runId: run.id, attempt, error: 'The loss is not a number.' });
}

describe('a halving', () => {
  it('trains the best on VALIDATION again for more epochs, rung by rung, and never opens TEST', async () => {
    const { id } = await launchHalving();
    const first = await listRung(id, 0);
    expect(first.map(readEpochs)).toEqual([1, 1, 1, 1]);
    for (const [at, run] of first.slice(0, 3).entries())
      await finishTestRun(store, run, { auc: [0.7, 0.9, 0.6][at] });
    expect(await advanceSweeps(store)).toEqual([]);
    await finishTestRun(store, first[3]!, { auc: 0.8 });
    expect(await advanceSweeps(store)).toEqual([id]);
    expect(await advanceSweeps(store)).toEqual([]);
    const second = await listRung(id, 1);
    expect(second.map(({ name, sweepPlace }) => [name, sweepPlace])).toEqual([
      ['halving: rung 2, batchSize 16', 1],
      ['halving: rung 2, batchSize 64', 3],
    ]);
    expect(second[0]).toMatchObject({
      status: 'QUEUED',
      epochsDone: 0,
      tags: ['search'],
      requestedBackend: 'onnx',
    });
    expect(second[0]!.hyperparameters).toEqual({ ...(first[1]!.hyperparameters as object), epochs: 2 });
    await finishRung(id, 1, [0.8, 0.85]);
    // Nothing waits or trains, but another rung is to follow.
    expect(await listSettledSweeps(store, [id])).toEqual([]);
    await advanceSweeps(store);
    expect((await listRung(id, 2)).map((run) => [run.sweepPlace, readEpochs(run)])).toEqual([[3, 4]]);
    expect(await listSettledSweeps(store, [id])).toEqual([]);
    await finishRung(id, 2, [0.9]);
    expect(await advanceSweeps(store)).toEqual([]);
    expect(await listSettledSweeps(store, [id])).toEqual([id]);
    expect(await store.database.prisma.testOpening.count()).toBe(0);
  });

  it('makes one rung when two processes notice at once', async () => {
    const { id } = await launchHalving('race');
    await finishRung(id, 0, [0.5, 0.6, 0.7, 0.8]);
    const made = await Promise.all([store, other, store, other].map((one) => advanceSweeps(one)));
    expect(made.flat()).toEqual([id]);
    expect(await listRung(id, 1)).toHaveLength(2);
  });

  it('goes on as if nothing had been when the one who made a rung dies half way', async () => {
    const { id } = await launchHalving('killed');
    await finishRung(id, 0, [0.5, 0.6, 0.7, 0.8]);
    let sent = 0;
    const enqueueRun: Store['queue']['enqueueRun'] = async (...request) => {
      if (++sent === 2) throw new Error('killed');
      await store.queue.enqueueRun(...request);
    };
    const dying = { ...store, queue: { ...store.queue, enqueueRun } };
    await expect(advanceSweeps(dying)).rejects.toThrow(/killed/);
    expect(await listRung(id, 1)).toHaveLength(0);
    expect(await advanceSweeps(other)).toEqual([id]);
    expect(await listRung(id, 1)).toHaveLength(2);
  });

  it('lets runs that failed or were canceled drop out', async () => {
    const { id } = await launchHalving('dropping');
    const [a, b, c, d] = await listRung(id, 0);
    await failRun(a!);
    await requestCancel(store, b!.id);
    await failRun(c!);
    await finishTestRun(store, d!, { auc: 0.5 });
    await advanceSweeps(store);
    expect((await listRung(id, 1)).map(({ sweepPlace }) => sweepPlace)).toEqual([3]);
  });

  it('waits when a whole rung failed, and goes on when one of its runs is retried', async () => {
    const { id } = await launchHalving('failing');
    const runs = await listRung(id, 0);
    for (const run of runs) await failRun(run);
    expect(await advanceSweeps(store)).toEqual([]);
    expect(await listSettledSweeps(store, [id])).toEqual([id]);
    await finishTestRun(store, await retryRun(store, runs[2]!.id));
    expect(await advanceSweeps(store)).toEqual([id]);
    expect((await listRung(id, 1)).map(({ sweepPlace }) => sweepPlace)).toEqual([2]);
  });

  it('makes no more runs once it is canceled, whichever process is first', async () => {
    const { id } = await launchHalving('cancelled');
    await finishRung(id, 0, [0.5, 0.6, 0.7, 0.8]);
    await Promise.all([cancelSweep(store, id), advanceSweeps(other)]);
    expect(await advanceSweeps(store)).toEqual([]);
    expect((await listRung(id, 1)).filter(({ status }) => status !== 'CANCELED')).toEqual([]);
    const again = await cancelSweep(store, id);
    expect(again.canceledAt).toBeTruthy();
    expect(await listSettledSweeps(store, [id])).toEqual([id]);
  });
});

describe('past our code, the database', () => {
  it('adds no run to a canceled sweep, nor to a rung that is not made, nor a second one to a place', async () => {
    const { id } = await launchHalving('guarded');
    const [run] = await listRung(id, 0);
    const copy = (change: string) =>
      store.database.pool.query(
        `insert into run select (jsonb_populate_record(run, jsonb_build_object('id', gen_random_uuid(), 'last_seq', 0)
           || ${change})).* from run where id = $1`,
        [run!.id],
      );
    await expect(copy(`'{"sweep_rung": 1}'`)).rejects.toThrow(/Rung 1 .* is not made yet/);
    await expect(copy(`'{}'`)).rejects.toThrow(/duplicate key/);
    await expect(copy(`'{"sweep_rung": null}'`)).rejects.toThrow(/run_sweep_place_check/);
    await cancelSweep(store, id);
    await expect(copy(`'{"sweep_place": 9}'`)).rejects.toThrow(/was cancelled: it takes no more runs/);
  });

  it('keeps what a sweep was asked for, its cancel and the count of its rungs', async () => {
    const { id } = await launchHalving('kept');
    const change = (set: string) => store.database.pool.query(`update sweep set ${set} where id = $1`, [id]);
    await expect(change(`definition = '{}'`)).rejects.toThrow(/never changes/);
    await expect(change('rungs_made = 3')).rejects.toThrow(/one after the other/);
    await cancelSweep(store, id);
    await expect(change('rungs_made = 2')).rejects.toThrow(/none after a cancel/);
    await expect(change('canceled_at = null')).rejects.toThrow(/stays so/);
    await expect(
      store.database.pool.query('update run set sweep_place = 8 where sweep_id = $1', [id]),
    ).rejects.toThrow(/keeps its sweep/);
  });
});
