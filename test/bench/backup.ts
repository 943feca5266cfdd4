/**
 * A backup and its restore, megabytes a second, next to tar and zstd alone on the same bytes: the first argument names a folder
 * or zip in the IDC layout (the real sample if none); weights of 2.7 MB each, as checkpoints have them, are added.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { restoreHome } from '@microtome/store/backup/restore-home';
import { takeBackup } from '@microtome/store/backup/take-backup';
import { openDatabase } from '@microtome/store/database/database';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { importDataset } from '@microtome/store/import/import-dataset';
import { findNamedDataSet } from './named-data-set.ts';

const CHECKPOINTS = 60;
const CHECKPOINT_BYTES = 2_700_000;

type Timed = { seconds: number; megabytesPerSecond: number };

const path = await findNamedDataSet(process.argv[2]);
const dir = await mkdtemp(join(tmpdir(), 'microtome-bench-backup-'));
try {
  const homeDir = join(dir, 'home');
  const artifactsDir = join(homeDir, 'artifacts');
  const file = join(dir, 'backup');
  const { rows, bytes, backup } = await measureBackup({ homeDir, artifactsDir, file });
  const plain = await time(bytes, async () => {
    await run('tar', ['-I', 'zstd -1', '-cf', join(dir, 'plain'), '-C', homeDir, 'artifacts']);
    // To the disk, as a backup goes.
    await run('sync', [join(dir, 'plain')]);
  });
  const restore = await time(bytes, () => restoreHome({ path: file, homeDir: join(dir, 'restored') }));
  const archiveBytes = (await stat(file)).size;
  const show = ({ seconds, megabytesPerSecond }: Timed) =>
    `${seconds.toFixed(2)} s, ${megabytesPerSecond.toFixed(0)} MB/s`;
  console.table({
    'rows / MB of files / MB of backup': `${rows} / ${(bytes / 1e6).toFixed(0)} / ${(archiveBytes / 1e6).toFixed(0)}`,
    backup: show(backup),
    'tar and zstd -1 on the files alone': show(plain),
    'restore, with a server that is made for it': show(restore),
  });
  console.log(JSON.stringify({ rows, bytes, archiveBytes, backup, plain, restore }));
} finally {
  await rm(dir, { recursive: true, force: true });
}

async function measureBackup(place: { homeDir: string; artifactsDir: string; file: string }) {
  const postgres = await startEmbeddedPostgres({ homeDir: place.homeDir });
  const database = openDatabase({ databaseUrl: postgres.databaseUrl });
  try {
    await migrateDatabase(postgres.databaseUrl);
    const artifacts = openArtifactStore(`file:${place.artifactsDir}`);
    await importDataset({ path, database, artifacts });
    for (let number = 0; number < CHECKPOINTS; number++) {
      const { hash, bytes, mediaType } = await artifacts.put(drawWeights(number), 'application/octet-stream');
      await database.prisma.artifact.create({ data: { hash, bytes: BigInt(bytes), mediaType } });
    }
    const { _sum } = await database.prisma.artifact.aggregate({ _sum: { bytes: true } });
    const bytes = Number(_sum.bytes);
    let rows = 0;
    const backup = await time(bytes, async () => {
      const { manifest } = await takeBackup({ database, artifacts, path: place.file });
      rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    });
    return { rows, bytes, backup };
  } finally {
    await database.close();
    await postgres.stop();
  }
}

/** Bytes that do not shrink, as those of weights hardly do. */
function drawWeights(number: number): Buffer {
  const block = (index: number) => createHash('sha512').update(`${number} ${index}`).digest();
  return Buffer.concat(Array.from({ length: CHECKPOINT_BYTES / 64 }, (_, index) => block(index)));
}

async function time(bytes: number, act: () => Promise<unknown>): Promise<Timed> {
  const startedMs = performance.now();
  await act();
  const seconds = (performance.now() - startedMs) / 1000;
  return { seconds, megabytesPerSecond: bytes / 1e6 / seconds };
}

async function run(program: string, args: string[]): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ended with status ${code}`);
}
