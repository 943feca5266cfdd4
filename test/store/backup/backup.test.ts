/** Backups of a store that goes on meanwhile: what is in them, and which are not written at all. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freeUnlessHeld, holdArtifacts } from '@microtome/store/artifacts/artifact-hold';
import { listTables } from '@microtome/store/backup/database-tables';
import { restoreBackup } from '@microtome/store/backup/restore-backup';
import { takeBackup } from '@microtome/store/backup/take-backup';
import { sweepArtifacts } from '@microtome/store/duties/artifact-sweep';
import { verifyArtifacts } from '@microtome/store/duties/verify-artifacts';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { deleteRun } from '@microtome/store/run/runs';
import { openStore, type Store } from '@microtome/store/store';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { flipBit } from '../../fixtures/damage.ts';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openTestBucket } from '../../fixtures/test-bucket.ts';
import { openBackedUp, readRows } from './backed-up.ts';

const { store, bench, workDir, whole, nameFile, nameEmptyPlace } = await openBackedUp();

describe('a backup', () => {
  it('brings every row and file to an empty place', async () => {
    const place = nameEmptyPlace();
    await restoreBackup({ path: whole, ...place });
    const restored = await openStore(place);
    try {
      // The take-over changes these.
      const moved = [
        'run',
        'run_attempt',
        'run_event',
        'run_progress',
        'worker',
        'dataset_import',
        'announcement',
      ];
      const client = await store.database.pool.connect();
      const tables = (await listTables(client)).map(({ name }) => name);
      client.release();
      for (const table of tables.filter((name) => !moved.includes(name)))
        expect([table, await readRows(restored, table)]).toEqual([table, await readRows(store, table)]);
      expect(await verifyArtifacts(restored)).toMatchObject({ faults: [] });
      expect(await readRows(restored, '_prisma_migrations', 'migration_name')).toEqual(
        await readRows(store, '_prisma_migrations', 'migration_name'),
      );
    } finally {
      await restored.close();
    }
  });

  it('gives runs, imports and workers of the other machine up, and each run its job', async () => {
    const place = nameEmptyPlace();
    await restoreBackup({ path: whole, ...place });
    const restored = await openStore(place);
    try {
      const { prisma, pool } = restored.database;
      const [run] = await prisma.run.findMany({ where: { status: 'QUEUED' }, include: { attempts: true } });
      expect(run).toMatchObject({ epochsDone: 1, attempt: 1, emptyAttempts: 0 });
      expect(run!.attempts).toMatchObject([{ outcome: 'HANDED_OVER' }]);
      const jobs = await pool.query(`select data ->> 'runId' as id from pgboss.job where state = 'created'`);
      expect(jobs.rows).toEqual([{ id: run!.id }]);
      expect(await prisma.run.count({ where: { status: 'RUNNING' } })).toBe(0);
      expect(await prisma.datasetImport.findMany()).toMatchObject([{ status: 'FAILED' }]);
      expect(await prisma.worker.findMany()).toMatchObject([{ status: 'GONE', currentRunId: null }]);
      // The triggers guard again.
      await expect(pool.query(`update metric set value = 1`)).rejects.toThrow('never change');
    } finally {
      await restored.close();
    }
  });

  it('is one moment, though events and files come and go while it is written', async () => {
    const path = nameFile();
    const doomed = await launchTestRun(store, bench, { seed: 3 });
    await finishTestRun(store, doomed, { seed: 41 });
    let swept: object | null = null;
    const artifacts: Store['artifacts'] = {
      ...store.artifacts,
      async read(hash) {
        if (!swept) {
          swept = {};
          await finishTestRun(store, await launchTestRun(store, bench, { seed: 4 }), { seed: 42 });
          await deleteRun(store, doomed.id);
          swept = await sweepArtifacts(store, { graceMs: -3_600_000 });
        }
        return store.artifacts.read(hash);
      },
    };
    const { manifest } = await takeBackup({ database: store.database, artifacts, path });
    expect(swept).toEqual({ rows: 0, files: 0 });
    expect(manifest.artifacts.leftOut).toEqual([]);
    const place = nameEmptyPlace();
    await restoreBackup({ path, ...place });
    const restored = await openStore(place);
    expect(await verifyArtifacts(restored)).toMatchObject({
      faults: [],
      artifacts: manifest.artifacts.count,
    });
    expect(await restored.database.prisma.run.count({ where: { id: doomed.id } })).toBe(1);
    await restored.close();
    expect((await sweepArtifacts(store, { graceMs: -3_600_000 })).files).toBeGreaterThan(0);
  });

  it('holds a checkpoint that is replaced meanwhile', async () => {
    const { id: runId, attempt } = await store.database.prisma.run.findFirstOrThrow({
      where: { status: 'RUNNING' },
    });
    const { artifactHash: replaced } = await store.database.prisma.runArtifact.findUniqueOrThrow({
      where: { runId_role: { runId, role: 'CHECKPOINT_1' } },
    });
    let isReplaced = false;
    const artifacts: Store['artifacts'] = {
      ...store.artifacts,
      async read(hash) {
        if (!isReplaced) {
          isReplaced = true;
          for (const epoch of [2, 3]) {
            const checkpoint = await store.artifacts.put(Buffer.from(`${epoch}`), 'application/octet-stream');
            const report = { runId, attempt, epoch, step: epoch, metrics: {}, checkpoint, best: true };
            expect(await recordEpoch(store, report)).toBe(true);
          }
          expect(await store.database.prisma.artifact.count({ where: { hash: replaced } })).toBe(0);
        }
        return store.artifacts.read(hash);
      },
    };
    const path = nameFile();
    const { manifest } = await takeBackup({ database: store.database, artifacts, path });
    expect(manifest.artifacts.leftOut).toEqual([]);
    expect(await store.artifacts.has(replaced)).toBe(true);
    await sweepArtifacts(store, { graceMs: -3_600_000 });
    expect(await store.artifacts.has(replaced)).toBe(false);
  });

  it('holds files back from every sweep until its connection ends', async () => {
    const client = new pg.Client({ connectionString: store.database.url });
    await client.connect();
    await holdArtifacts(client);
    expect(await freeUnlessHeld(store.database.pool, async () => 'freed')).toBe(null);
    await client.end();
    await expect.poll(() => freeUnlessHeld(store.database.pool, async () => 'freed')).toBe('freed');
  });

  it('takes another snapshot when a file was deleted in spite of it', async () => {
    const run = await launchTestRun(store, bench, { seed: 5 });
    await finishTestRun(store, run, { seed: 51 });
    const { artifactHash } = await store.database.prisma.runArtifact.findFirstOrThrow({
      where: { runId: run.id, role: 'MODEL_JSON' },
    });
    const path = nameFile();
    let isDeleted = false;
    const artifacts: Store['artifacts'] = {
      ...store.artifacts,
      async read(hash) {
        if (hash === artifactHash && !isDeleted) {
          isDeleted = true;
          await deleteRun(store, run.id);
          await store.database.prisma.artifact.deleteMany({ where: { hash } });
          await store.artifacts.delete(hash);
        }
        return store.artifacts.read(hash);
      },
    };
    const { manifest } = await takeBackup({ database: store.database, artifacts, path });
    expect(isDeleted).toBe(true);
    expect(manifest.artifacts.leftOut).toEqual([]);
    await expect(restoreBackup({ path, ...nameEmptyPlace() })).resolves.toBeDefined();
  });

  it('of a damaged file is refused by its name, or leaves it out and says so', async () => {
    const run = await launchTestRun(store, bench, { seed: 6 });
    await finishTestRun(store, run, { seed: 61 });
    const { artifactHash } = await store.database.prisma.runArtifact.findFirstOrThrow({
      where: { runId: run.id, role: 'MODEL_JSON' },
    });
    const file = await flipBit(store.artifacts, artifactHash);
    const path = nameFile();
    await expect(takeBackup({ ...store, path })).rejects.toMatchObject({
      code: 'DAMAGED',
      message: expect.stringContaining(`${file} is damaged, so no backup was written`),
    });
    expect((await readdir(workDir)).filter((name) => path.endsWith(name))).toEqual([]);
    const { manifest } = await takeBackup({ ...store, path, withoutDamaged: true });
    expect(manifest.artifacts.leftOut).toEqual([artifactHash]);
    const restored = await restoreBackup({ path, ...nameEmptyPlace() });
    expect(restored.artifacts.leftOut).toEqual([artifactHash]);
    await flipBit(store.artifacts, artifactHash);
  });

  it('replaces no file and needs a folder', async () => {
    const before = await readFile(whole);
    await expect(takeBackup({ ...store, path: whole })).rejects.toThrow(`${whole} is there already`);
    expect(await readFile(whole)).toEqual(before);
    await expect(takeBackup({ ...store, path: join(workDir, 'none', 'a') })).rejects.toThrow(
      'There is no folder',
    );
    expect((await readdir(workDir)).filter((name) => name.endsWith('.unfinished'))).toEqual([]);
  });

  it('knows every table, and no table numbers its rows by a sequence', async () => {
    const { rows } = await store.database.pool.query(
      `select sequencename from pg_sequences where schemaname = 'public'`,
    );
    expect(rows).toEqual([]);
  });

  it('comes from and goes to a bucket', async () => {
    const bucket = await openTestBucket();
    const s3 = bucket.credentials;
    const place = { ...nameEmptyPlace(), artifactUrl: bucket.url('restored'), s3 };
    await restoreBackup({ path: whole, ...place });
    const restored = await openStore(place);
    expect(await verifyArtifacts(restored)).toMatchObject({ faults: [] });
    const path = nameFile();
    await takeBackup({ ...restored, path });
    await restored.close();
    await expect(restoreBackup({ path, ...nameEmptyPlace() })).resolves.toBeDefined();
    await expect(
      restoreBackup({ path, ...nameEmptyPlace(), artifactUrl: place.artifactUrl, s3 }),
    ).rejects.toThrow('is not empty: it has the file');
    await bucket.close();
  }, 120_000);
});
