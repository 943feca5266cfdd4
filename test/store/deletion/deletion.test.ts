/** Datasets and runs are deleted in the background, in pieces, and their disk is free at the end. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { deleteDataset, listShards } from '@microtome/store/dataset/datasets';
import { performDeletions } from '@microtome/store/deletion/perform-deletions';
import { createExperiment } from '@microtome/store/experiment/experiments';
import { deleteRun } from '@microtome/store/run/runs';
import { createSplit } from '@microtome/store/split/create-split';
import { openStore } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertDataset } from '../../fixtures/dataset.ts';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

const DELETER_FILE = fileURLToPath(new URL('../../fixtures/delete-in-pieces.ts', import.meta.url));
const PATCHES = 10_000;
const TIMEOUT_MS = 240_000;

let test: TestStore;
let bench: Bench;

beforeAll(async () => {
  test = await createTestStore();
  bench = await createBench(test.store);
});
afterAll(() => test.close());

describe('a dataset of 10,000 patches', () => {
  it(
    'goes in pieces while others are read, over a killed process, and its disk is free at the end',
    async () => {
      const { store } = test;
      const shape = { patients: 100, patchesPerPatient: PATCHES / 100, patchSizePx: 2, seed: 5 };
      const { datasetId } = await insertDataset(store, shape);
      const shards = await listShards(store, datasetId);
      const deletion = await deleteDataset(store, datasetId, { requestedBy: 'Ada' });
      expect(deletion).toMatchObject({
        kind: 'DATASET',
        requestedBy: 'Ada',
        rowsTotal: PATCHES,
        rowsDone: 0,
      });
      expect(deletion.bytesTotal).toBeGreaterThan(0n);
      const look = () => store.database.prisma.deletion.findUniqueOrThrow({ where: { id: deletion.id } });

      const child = fork(DELETER_FILE, [test.databaseUrl, test.artifactUrl], { stdio: 'ignore' });
      while ((await look()).rowsDone === 0) expect(child.exitCode).toBeNull();
      child.kill('SIGKILL');
      await once(child, 'exit');
      const left = await store.database.prisma.patch.count({ where: { datasetId } });
      const { rowsDone, finishedAt } = await look();
      expect(rowsDone + left).toBe(PATCHES);
      expect(left).toBeGreaterThan(0);
      expect(finishedAt).toBeNull();
      expect(await store.artifacts.has(shards[0]!.artifactHash)).toBe(true);
      await expect(deleteDataset(store, datasetId)).rejects.toThrow('is being deleted already');
      const onIt = { datasetId, name: 'too late' };
      await expect(createExperiment(store, onIt)).rejects.toThrow('is being deleted');
      await expect(createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED' })).rejects.toThrow(
        'is being deleted',
      );

      const performing = performDeletions(store);
      const readers = Array.from({ length: 20 }, () =>
        store.database.prisma.patch.count({ where: { datasetId: bench.datasetId } }),
      );
      expect(new Set(await Promise.all(readers))).toEqual(new Set([81]));
      expect(await performing).toBe(1);
      const done = await look();
      expect(done).toMatchObject({ rowsDone: PATCHES, finishedAt: expect.any(Date) });
      expect(done.bytesFreed).toBe(done.bytesTotal);
      for (const { artifactHash } of shards) expect(await store.artifacts.has(artifactHash)).toBe(false);
      expect(await store.database.prisma.dataset.count({ where: { id: datasetId } })).toBe(0);
      expect(await performDeletions(store)).toBe(0);
    },
    TIMEOUT_MS,
  );
});

describe('a dataset of many slides', () => {
  it('costs what it holds: its patches are not read again for each slide', async () => {
    const shape = { patients: 500, patchesPerPatient: 20, patchSizePx: 2, seed: 6 };
    // Statistics from before there were so many slides, which nothing but the deletion brings up to date.
    await test.store.database.pool.query('alter table patch set (autovacuum_enabled = false)');
    await test.store.database.pool.query('analyze patch');
    const { datasetId } = await insertDataset(test.store, shape);
    const { id } = await deleteDataset(test.store, datasetId);
    const before = await countReads();
    const deleting = await openStore(test);
    await performDeletions(deleting);
    // What a connection did is counted when it ends.
    await deleting.close();
    const gone = { deleted: before.deleted + PATCHES };
    await expect.poll(countReads, { timeout: 30_000 }).toMatchObject(gone);
    const where = { id, finishedAt: { not: null } };
    expect(await test.store.database.prisma.deletion.count({ where })).toBe(1);
    expect((await countReads()).read - before.read).toBeLessThan(10 * PATCHES);
  });

  async function countReads(): Promise<{ read: number; deleted: number }> {
    const { rows } = await test.store.database.pool.query(`
      select n_tup_del::int as deleted, seq_tup_read::int +
        (select sum(idx_tup_read)::int from pg_stat_user_indexes where relname = 'patch') as read
      from pg_stat_user_tables where relname = 'patch'`);
    return rows[0];
  }
});

describe('files of what is deleted', () => {
  it('that another dataset uses stay, and those of a run go', async () => {
    const { store } = test;
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run, { seed: 99 });
    const files = await store.database.prisma.runArtifact.findMany({ where: { runId: run.id } });
    const shared = (await listShards(store, bench.datasetId))[0]!.artifactHash;
    await store.database.prisma.runArtifact.create({
      data: { runId: run.id, role: 'CHECKPOINT_7', artifactHash: shared },
    });
    const deletion = await deleteRun(store, run.id);
    expect(deletion.kind).toBe('RUN');
    await performDeletions(store);
    for (const { artifactHash } of files) expect(await store.artifacts.has(artifactHash)).toBe(false);
    expect(await store.artifacts.has(shared)).toBe(true);
    const done = await store.database.prisma.deletion.findUniqueOrThrow({ where: { id: deletion.id } });
    expect(done.bytesFreed).toBe(done.bytesTotal);
  });

  it('that were stored again since stay for the row that may follow', async () => {
    const { store } = test;
    const { datasetId } = await insertDataset(store, {
      patients: 3,
      patchesPerPatient: 9,
      patchSizePx: 8,
      seed: 77,
    });
    const [shard] = await listShards(store, datasetId);
    await deleteDataset(store, datasetId);
    await store.artifacts.put(await store.artifacts.read(shard!.artifactHash), 'application/octet-stream');
    await performDeletions(store);
    expect(await store.artifacts.has(shard!.artifactHash)).toBe(true);
  });
});

it('patches of a dataset without a recorded deletion cannot be deleted, in SQL', async () => {
  const remove = test.store.database.pool.query('delete from patch where dataset_id = $1', [bench.datasetId]);
  await expect(remove).rejects.toThrow('go with their data set only');
});
