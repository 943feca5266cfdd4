/** A cross-validation is launched in one act and opens TEST of all folds in one act, or not at all. */
import { openTest } from '@microtome/store/evaluation/evaluations';
import type { Run } from '@microtome/store/generated/prisma/client';
import { deleteRun } from '@microtome/store/run/runs';
import { createSplit } from '@microtome/store/split/create-split';
import type { Store } from '@microtome/store/store';
import { openSweepTest } from '@microtome/store/sweep/sweep-openings';
import { launchSweep } from '@microtome/store/sweep/sweeps';
import { describe, expect, it } from 'vitest';
import { finishTestRun } from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, bench, other } = await openSharedBench();

const BASE = { architecture: 'shallow', width: 0.25 };

const launchFolds = (changes: object = {}) =>
  launchSweep(store, {
    experimentId: bench.experimentId,
    name: 'folds',
    strategy: 'FOLDS',
    folds: 3,
    base: BASE,
    ...changes,
  });

const listRuns = (sweepId: string): Promise<Run[]> =>
  store.database.prisma.run.findMany({ where: { sweepId }, orderBy: { sweepPlace: 'asc' } });

async function finishFolds(sweepId: string): Promise<Run[]> {
  for (const [fold, run] of (await listRuns(sweepId)).entries())
    await finishTestRun(store, run, { seed: fold, threshold: 0.3 + fold / 10 });
  return listRuns(sweepId);
}

const countSplits = () => store.database.prisma.split.count({ where: { strategy: 'K_FOLD' } });
const countOpenings = () => store.database.prisma.testOpening.count();

describe('launching a cross-validation', () => {
  it('makes the k splits and one run on each; the next one finds the splits', async () => {
    const sweep = await launchFolds();
    const runs = await listRuns(sweep.id);
    expect(runs.map(({ name }) => name)).toEqual(['folds: fold 1', 'folds: fold 2', 'folds: fold 3']);
    expect(await countSplits()).toBe(3);
    const splitIds = runs.map(({ splitId }) => splitId);
    expect(sweep.definition).toMatchObject({ splitIds, metric: 'auc' });
    const again = await launchFolds();
    expect((await listRuns(again.id)).map(({ splitId }) => splitId)).toEqual(splitIds);
    const named = await launchFolds({ folds: undefined, splitIds });
    expect((await listRuns(named.id)).map(({ splitId }) => splitId)).toEqual(splitIds);
    expect(await countSplits()).toBe(3);
  });

  it('makes one set of splits when two processes launch at once', async () => {
    const request = {
      experimentId: bench.experimentId,
      name: 'at once',
      strategy: 'FOLDS',
      folds: 4,
      base: BASE,
    };
    await Promise.all([store, other].map((one) => launchSweep(one, { ...request, strategy: 'FOLDS' })));
    expect(await countSplits()).toBe(7);
  });

  it('writes nothing, not even the splits, when one of its runs cannot be queued', async () => {
    const before = [await countSplits(), await store.database.prisma.run.count()];
    let sent = 0;
    const enqueueRun: Store['queue']['enqueueRun'] = async (...request) => {
      if (++sent === 5) throw new Error('the connection broke');
      await store.queue.enqueueRun(...request);
    };
    const request = { experimentId: bench.experimentId, name: 'broken', folds: 5, base: BASE };
    await expect(
      launchSweep({ ...store, queue: { ...store.queue, enqueueRun } }, { ...request, strategy: 'FOLDS' }),
    ).rejects.toThrow(/connection broke/);
    expect([await countSplits(), await store.database.prisma.run.count()]).toEqual(before);
  });

  it('refuses what is no whole set of folds, by name', async () => {
    const { id } = bench.split;
    await expect(launchFolds({ folds: 2 })).rejects.toThrow(/k of at least 3.*not 2/);
    await expect(launchFolds({ folds: 99 })).rejects.toThrow(/99 folds need at least 99 patients/);
    await expect(launchFolds({ base: { epochs: 0 } })).rejects.toThrow(/epochs/);
    await expect(launchFolds({ folds: undefined, splitIds: [id, id] })).rejects.toThrow(/is no fold/);
    const folds = await createSplit(store, { datasetId: bench.datasetId, strategy: 'K_FOLD', folds: 3 });
    const splitIds = folds.slice(0, 2).map((split) => split.id);
    await expect(launchFolds({ folds: undefined, splitIds })).rejects.toThrow(/3 folds once: 2 of them/);
    await expect(launchFolds({ strategy: 'SEEDS', seeds: [1], splitIds: [id] })).rejects.toThrow(
      /SEEDS takes no folds/,
    );
  });
});

describe('TEST of a cross-validation', () => {
  it('stays shut until every run SUCCEEDED, and for every single fold', async () => {
    const { id: sweepId } = await launchFolds({ name: 'unfinished' });
    const [first] = await listRuns(sweepId);
    await finishTestRun(store, first!);
    await expect(openSweepTest(store, { sweepId, reason: 'too early' })).rejects.toThrow(
      /'unfinished: fold 2' is QUEUED, 'unfinished: fold 3' is QUEUED/,
    );
    await expect(openTest(store, { runId: first!.id, reason: 'a peek' })).rejects.toThrow(
      /fold of the cross-validation 'unfinished'.*opened together/,
    );
    expect(await countOpenings()).toBe(0);
  });

  it('is opened for all folds in one recorded act, once, also by two processes', async () => {
    const { id: sweepId } = await launchFolds({ name: 'whole' });
    const runs = await finishFolds(sweepId);
    await expect(openSweepTest(store, { sweepId, reason: ' ' })).rejects.toThrow(/reason is empty/);
    const act = { sweepId, reason: 'the report', openedBy: 'Ada' };
    await Promise.all([openSweepTest(store, act), openSweepTest(other, { ...act, openedBy: 'Bob' })]);
    const { prisma } = store.database;
    const opening = await prisma.sweepOpening.findUniqueOrThrow({ where: { sweepId } });
    const openings = await prisma.testOpening.findMany({ where: { run: { sweepId } } });
    expect(openings.map(({ splitId }) => splitId).sort()).toEqual(runs.map(({ splitId }) => splitId).sort());
    expect(new Set(openings.map((one) => `${one.openedBy} ${one.reason}`))).toEqual(
      new Set([`${opening.openedBy} the report`]),
    );
    const evaluations = await prisma.evaluation.findMany({ where: { run: { sweepId }, subset: 'TEST' } });
    expect(evaluations).toHaveLength(3);
    // Every patient of the dataset once, each fold at its own threshold.
    expect(opening.metrics).toMatchObject({ patients: 9, patches: 81 });
    expect(opening.metrics.thresholds).toEqual([0.3, 0.4, 0.5]);
    expect(opening.intervals.auc).toHaveLength(2);
    await openSweepTest(store, { sweepId, reason: 'again' });
    expect(await prisma.testOpening.count({ where: { run: { sweepId } } })).toBe(3);
  });

  it('cannot be opened when a fold is gone', async () => {
    const { id: sweepId } = await launchFolds({ name: 'gone' });
    const runs = await finishFolds(sweepId);
    await deleteRun(store, runs[1]!.id);
    await expect(openSweepTest(store, { sweepId, reason: 'the report' })).rejects.toThrow(
      /Only 2 of the 3 folds/,
    );
  });

  it('is not opened past our code either: the database holds all or none', async () => {
    const { id: sweepId } = await launchFolds({ name: 'in SQL' });
    const runs = await finishFolds(sweepId);
    const { pool } = store.database;
    const openOne = ({ id, splitId }: Run) =>
      `insert into test_opening (id, split_id, run_id, run_name, opened_by, reason)
       values (gen_random_uuid(), '${splitId}', '${id}', 'x', 'x', 'x');`;
    const openSweep = `insert into sweep_opening (id, sweep_id, opened_by, reason, metrics, intervals, draws)
       values (gen_random_uuid(), '${sweepId}', 'x', 'x', '{}', '{}', 0);`;
    const all = runs.map(openOne).join('');
    await expect(pool.query(openOne(runs[0]!))).rejects.toThrow(/all of its 3 folds together, not for 1/);
    await expect(pool.query(openSweep)).rejects.toThrow(/not for 0/);
    await expect(pool.query(openSweep + openOne(runs[0]!) + openOne(runs[1]!))).rejects.toThrow(/not for 2/);
    await expect(pool.query(all)).rejects.toThrow(/all of its 3 folds together/);
    await pool.query(openSweep + all);
    await expect(pool.query(`update sweep_opening set reason = 'y'`)).rejects.toThrow(/never change/);
    await expect(pool.query('delete from sweep_opening')).rejects.toThrow(/never change/);
  });

  it('is never opened by a sweep of another strategy', async () => {
    const { id: sweepId } = await launchSweep(store, {
      experimentId: bench.experimentId,
      name: 'seeds',
      strategy: 'SEEDS',
      base: BASE,
      seeds: [1, 2],
      splitIds: [bench.split.id],
    });
    await finishFolds(sweepId);
    await expect(openSweepTest(store, { sweepId, reason: 'r' })).rejects.toThrow(/no cross-validation/);
    await expect(
      store.database.pool.query(
        `insert into sweep_opening (id, sweep_id, opened_by, reason, metrics, intervals, draws)
         values (gen_random_uuid(), $1, 'x', 'x', '{}', '{}', 0)`,
        [sweepId],
      ),
    ).rejects.toThrow(/only as a cross-validation/);
  });
});
