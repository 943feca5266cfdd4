/** A backup taken in the middle of a training, restored elsewhere: the run goes on there as if nothing had been. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { restoreBackup } from '@microtome/store/backup/restore-backup';
import { restoreHome } from '@microtome/store/backup/restore-home';
import { takeBackup } from '@microtome/store/backup/take-backup';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { verifyArtifacts } from '@microtome/store/duties/verify-artifacts';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { openStore, type Store } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInheritedEnv } from '../../env.ts';
import { findOtherPostgres, startOtherPostgres } from '../../fixtures/other-postgres.ts';
import { readRecord, type TrainingRecord } from '../../fixtures/training-record.ts';
import { withDatabase } from '../../test-database.ts';
import { createWorkerFixture, startWorker, type WorkerFixture } from '../worker-fixture.ts';

const BUSY_MACHINE_MS = 300_000;
const EPOCHS = 30;
const BACKED_UP_AT_EPOCH = 3;
const BACKUP_COMMAND = fileURLToPath(new URL('../../../apps/cli/src/backup.ts', import.meta.url));

describe('a run that was in training when the backup was taken', () => {
  let fixture: WorkerFixture;
  let dir: string;
  let path: string;
  let runId: string;
  let whole: TrainingRecord;

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    dir = await mkdtemp(join(tmpdir(), 'microtome-restored-'));
    path = join(dir, 'backup');
    const worker = await startWorker(fixture.store);
    ({ id: runId } = await fixture.launch({ epochs: EPOCHS, batchSize: 6 }));
    for await (const { kind, payload } of fixture.follow(runId))
      if (kind === 'EPOCH' && (payload as { epoch: number }).epoch === BACKED_UP_AT_EPOCH) break;
    await takeBackup({ ...fixture.store, path });
    const { epochsDone, status } = await fixture.store.database.prisma.run.findUniqueOrThrow({
      where: { id: runId },
    });
    expect({ status, isInTheMiddle: epochsDone < EPOCHS }).toEqual({
      status: 'RUNNING',
      isInTheMiddle: true,
    });
    expect(await fixture.waitUntilSettled(runId)).toMatchObject({ status: 'SUCCEEDED' });
    await worker.close();
    whole = await readRecord(fixture.store, runId);
  }, BUSY_MACHINE_MS);
  afterAll(async () => {
    await fixture.close();
    await rm(dir, { recursive: true, force: true });
  });

  it(
    'goes on in a new home from its checkpoint and ends as the original does, every epoch once',
    async () => {
      const homeDir = join(dir, 'home');
      await restoreHome({ path, homeDir });
      expect((await readdir(homeDir)).sort()).toEqual(['artifacts', 'postgres', 'postgres-password']);
      await expect(restoreHome({ path, homeDir })).rejects.toThrow(
        'is not empty: it has artifacts, postgres',
      );
      const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
      await migrateDatabase(postgres.databaseUrl);
      const restored = await openStore({
        databaseUrl: postgres.databaseUrl,
        artifactUrl: `file:${join(homeDir, 'artifacts')}`,
      });
      await goOn(restored);
      await restored.close();
      await postgres.stop();
    },
    BUSY_MACHINE_MS,
  );

  it.skipIf(findOtherPostgres().length === 0)(
    'goes on under an older PostgreSQL, whose backup comes back to this one (skipped where none is installed)',
    async () => {
      for (const { version, binDir } of findOtherPostgres()) {
        const older = await startOtherPostgres(binDir);
        const place = {
          databaseUrl: withDatabase(older.serverUrl, 'restored'),
          artifactUrl: `file:${join(dir, `artifacts-${version}`)}`,
        };
        await restoreBackup({ path, ...place });
        const restored = await openStore(place);
        await goOn(restored);
        const back = join(dir, `backup-${version}`);
        const { manifest } = await takeBackup({ ...restored, path: back });
        expect(manifest.postgres).toContain(`PostgreSQL ${version}.`);
        await restored.close();
        await older.close();
        const homeDir = join(dir, `home-${version}`);
        await restoreHome({ path: back, homeDir });
        const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
        const store = await openStore({
          databaseUrl: postgres.databaseUrl,
          artifactUrl: `file:${join(homeDir, 'artifacts')}`,
        });
        expect(await readRecord(store, runId)).toEqual(whole);
        await store.close();
        await postgres.stop();
      }
    },
    BUSY_MACHINE_MS,
  );

  it(
    'leaves no file under its name when the backup is killed',
    async () => {
      const target = join(dir, 'killed');
      const child = spawn(process.execPath, [BACKUP_COMMAND, target], {
        env: { ...readInheritedEnv(), DATABASE_URL: fixture.databaseUrl, ARTIFACT_URL: fixture.artifactUrl },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      const killed = (async () => {
        while (child.exitCode === null) {
          if ((await readdir(dir)).some((name) => name.startsWith('killed.'))) return child.kill('SIGKILL');
        }
        return false;
      })();
      await ended;
      expect(await killed).toBe(true);
      expect(await readdir(dir)).not.toContain('killed');
      const countHolds = async () => {
        const { rows } = await fixture.store.database.pool.query<{ held: number }>(
          `select count(*)::int as held from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock'
           and database = (select oid from pg_database where datname = current_database())`,
        );
        return rows[0]?.held;
      };
      await expect.poll(countHolds, { timeout: 30_000 }).toBe(0);
    },
    BUSY_MACHINE_MS,
  );

  async function goOn(restored: Store): Promise<void> {
    const { epochsDone, status } = await restored.database.prisma.run.findUniqueOrThrow({
      where: { id: runId },
    });
    expect(status).toBe('QUEUED');
    expect(epochsDone).toBeGreaterThanOrEqual(BACKED_UP_AT_EPOCH);
    expect(epochsDone).toBeLessThan(EPOCHS);
    const worker = await startWorker(restored);
    await expect
      .poll(
        async () => (await restored.database.prisma.run.findUniqueOrThrow({ where: { id: runId } })).status,
        {
          timeout: BUSY_MACHINE_MS,
          interval: 200,
        },
      )
      .toBe('SUCCEEDED');
    await worker.close();
    expect(await readRecord(restored, runId)).toEqual(whole);
    expect(await verifyArtifacts(restored)).toMatchObject({ faults: [] });
  }
});
