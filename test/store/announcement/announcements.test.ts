/** What is announced: with the change itself or not at all, numbered in the order in which it becomes visible. */
import { listAnnouncements } from '@microtome/store/announcement/announcements';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { demoteModelVersion, promoteModelVersion } from '@microtome/store/model/promotions';
import { requestCancel } from '@microtome/store/run/run-lifecycle';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, other, bench, databaseUrl } = await openSharedBench({ patients: 15 });
const { pool, prisma } = store.database;

const LENIENT = {
  requireColourBaseline: false,
  championAucMargin: 0.5,
  maximumEce: 1,
  minimumTestPatients: 0,
  maximumTestOpenings: 1000,
};

async function readNewest(): Promise<number> {
  return (await listAnnouncements(store, { afterNumber: 0, limit: 100_000 })).at(-1)?.number ?? 0;
}

describe('an announcement', () => {
  it('is made of each status of a run, of its evaluations, and of nothing else that it does', async () => {
    const before = await readNewest();
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run, { skill: 0.9 });
    await openTest(store, { runId: run.id, reason: 'the final word' });
    await prisma.run.update({ where: { id: run.id }, data: { notes: 'looked at' } });
    const made = await listAnnouncements(store, { afterNumber: before, limit: 100 });
    expect(made.map(({ kind }) => kind)).toEqual([
      'RUN_QUEUED',
      'RUN_RUNNING',
      'EVALUATION_READY',
      'RUN_SUCCEEDED',
      'EVALUATION_READY',
    ]);
    expect(made.map(({ facts }) => ('subset' in facts ? facts.subset : facts))).toMatchObject([
      { runId: run.id, runName: run.name, status: 'QUEUED', experimentName: 'shallow against deep' },
      { runId: run.id, status: 'RUNNING' },
      'VALIDATION',
      { status: 'SUCCEEDED', error: null },
      'TEST',
    ]);
  });

  it('is made of a champion that moves or goes, not of an act that the gate refused', async () => {
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run, { skill: 0.9 });
    const { id: modelId } = await createModel(store, { name: 'first', policy: LENIENT, createdBy: 'Ada' });
    const { id: versionId } = await registerModelVersion(store, { modelId, runId: run.id });
    const before = await readNewest();
    const refused = await promoteModelVersion(store, { versionId, reason: 'too early' });
    expect(refused.allowed).toBe(false);
    await openTest(store, { runId: run.id, reason: 'the final word' });
    await promoteModelVersion(store, { versionId, reason: 'good', promotedBy: 'Ada' });
    await demoteModelVersion(store, { versionId, reason: 'bad' });
    const made = await listAnnouncements(store, { afterNumber: before, kinds: ['CHAMPION_MOVED'], limit: 9 });
    expect(made.map(({ facts }) => facts)).toMatchObject([
      { modelId, modelName: 'first', act: 'PROMOTE', versionId, versionNumber: 1, promotedBy: 'Ada' },
      { modelId, act: 'DEMOTE', versionNumber: 1, reason: 'bad' },
    ]);
  });

  it('is made of an import that ends, whichever way', async () => {
    const before = await readNewest();
    const { id } = await prisma.datasetImport.create({ data: { name: 'slides', sourcePath: '/slides' } });
    await prisma.datasetImport.update({ where: { id }, data: { filesDone: 1, filesTotal: 2 } });
    const failure = { status: 'FAILED', error: 'No patch could be read.', finishedAt: new Date() } as const;
    await prisma.datasetImport.update({ where: { id }, data: failure });
    const made = await listAnnouncements(store, { afterNumber: before, limit: 9 });
    expect(made).toMatchObject([
      { kind: 'IMPORT_FAILED', facts: { importId: id, name: 'slides', error: 'No patch could be read.' } },
    ]);
  });

  it('is not there when its change is rolled back, and leaves no gap', async () => {
    const run = await launchTestRun(store, bench);
    const before = await readNewest();
    const client = await pool.connect();
    await client.query('begin');
    await client.query(`update run set status = 'CANCELED', finished_at = now() where id = $1`, [run.id]);
    await client.query('set constraints all immediate');
    await client.query('rollback');
    client.release();
    expect(await readNewest()).toBe(before);
    await requestCancel(store, run.id);
    expect(await readNewest()).toBe(before + 1);
  });

  it('never becomes visible below one that is visible, however transactions overlap', async () => {
    const before = await readNewest();
    const [slow, quick] = [await launchTestRun(store, bench), await launchTestRun(store, bench)];
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query(`update run set status = 'CANCELED', finished_at = now() where id = $1`, [slow.id]);
    await requestCancel(other, quick.id);
    await client.query('commit');
    await client.end();
    const made = await listAnnouncements(store, { afterNumber: before, kinds: ['RUN_CANCELED'], limit: 9 });
    expect(made.map(({ facts }) => ('runId' in facts ? facts.runId : ''))).toEqual([quick.id, slow.id]);
  });

  it('has a number of its own when many are made at once by two processes', async () => {
    const before = await readNewest();
    const stores = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? store : other));
    await Promise.all(stores.map((one) => launchTestRun(one, bench)));
    const made = await listAnnouncements(store, { afterNumber: before, limit: 100 });
    expect(made.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, at) => before + 1 + at));
  });

  it('never changes and is never deleted', async () => {
    await expect(pool.query(`update announcement set kind = 'RUN_FAILED'`)).rejects.toThrow(/never change/);
    await expect(pool.query('delete from announcement')).rejects.toThrow(/never change/);
    await expect(pool.query('truncate announcement cascade')).rejects.toThrow(/never emptied/);
  });
});
