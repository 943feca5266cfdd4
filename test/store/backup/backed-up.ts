/** A store with a finished and a running run, a backup of it, and empty places to restore into. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeBackup } from '@microtome/store/backup/take-backup';
import { dropDatabase } from '@microtome/store/database/migrate';
import { claimRun } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { registerWorker } from '@microtome/store/run/workers';
import type { Store } from '@microtome/store/store';
import { afterAll, inject } from 'vitest';
import { type Bench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { withDatabase } from '../../test-database.ts';
import { openBench } from '../open-bench.ts';

export type EmptyPlace = { databaseUrl: string; artifactUrl: string };

export type BackedUp = {
  store: Store;
  bench: Bench;
  workDir: string;
  /** The backup. */
  whole: string;
  nameFile(): string;
  nameEmptyPlace(): EmptyPlace;
};

export async function openBackedUp(): Promise<BackedUp> {
  const { store, bench } = await openBench({ patients: 12, patchesPerPatient: 16 });
  const workDir = await mkdtemp(join(tmpdir(), 'microtome-backup-'));
  const databaseUrls: string[] = [];
  afterAll(async () => {
    for (const url of databaseUrls) await dropDatabase(url);
    await rm(workDir, { recursive: true, force: true });
  });
  await finishTestRun(store, await launchTestRun(store, bench));
  await trainOneEpoch(store, bench);
  const { id } = await store.database.prisma.datasetImport.create({
    data: { name: 'big', sourcePath: '/data/big' },
  });
  const nameFile = () => join(workDir, `${randomUUID()}.backup`);
  const whole = nameFile();
  await takeBackup({ ...store, path: whole });
  // A running import would keep the sweep from every file, held or not.
  const ended = { status: 'CANCELED' as const, finishedAt: new Date() };
  await store.database.prisma.datasetImport.update({ where: { id }, data: ended });
  const nameEmptyPlace = () => {
    const name = randomUUID().replaceAll('-', '');
    const databaseUrl = withDatabase(inject('serverUrl'), `microtome_restored_${name}`);
    databaseUrls.push(databaseUrl);
    return { databaseUrl, artifactUrl: `file:${join(workDir, name)}` };
  };
  return { store, bench, workDir, whole, nameFile, nameEmptyPlace };
}

/** A RUNNING run with one epoch and a checkpoint, as a killed worker leaves it. */
async function trainOneEpoch(store: Store, bench: Bench): Promise<void> {
  const { id: runId } = await launchTestRun(store, bench);
  const worker = {
    id: 'w',
    hostname: 'other',
    pid: 1,
    backends: ['onnx' as const],
    device: 'cpu',
    versions: {},
  };
  await registerWorker(store, worker);
  const { attempt } = (await claimRun(store, { runId, workerId: 'w' }))!;
  const checkpoint = await store.artifacts.put(Buffer.from('checkpoint'), 'application/octet-stream');
  const metrics = { 'train.loss': 0.1 + 0.2, 'validation.auc': 1 / 3 };
  await recordEpoch(store, { runId, attempt, epoch: 1, step: 3, metrics, checkpoint, best: true });
}

/** Every row as JSON, in the order of these texts. */
export async function readRows({ database }: Store, table: string, columns = '*'): Promise<string[]> {
  const { rows } = await database.pool.query<{ row: string }>(
    `select row_to_json(t)::text as row from (select ${columns} from ${table}) t order by 1`,
  );
  return rows.map(({ row }) => row);
}
