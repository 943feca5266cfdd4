/** `npm run backup -- FILE`: database and artifacts as they are at one moment, in one file, with the platform running or not. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { takeBackup } from '@microtome/store/backup/take-backup';
import { openDatabase } from '@microtome/store/database/database';
import { Command } from 'commander';
import { createByteBar, formatMegabytes } from './byte-bar.ts';
import { type CliEnv, readEnv } from './env.ts';
import { openStorage } from './open-storage.ts';
import { runMain, waitForStopSignal } from './run-main.ts';
import { givenPath } from './typed-options.ts';

await runMain(async () => {
  const command = new Command('backup')
    .description(
      'Writes database and artifacts, as they are at one moment, to one file. Everything goes on meanwhile.',
    )
    .argument('<file>', 'to write: a tar in zstd; one that is there is never replaced', givenPath)
    .option('--without-damaged', 'leave out files that are damaged or missing, instead of refusing')
    .parse(process.argv);
  const [path] = command.processedArgs as [string];
  const { withoutDamaged } = command.opts<{ withoutDamaged?: boolean }>();
  const env = readEnv();
  requireData(env);
  const stopped = new AbortController();
  void waitForStopSignal(env).then(() =>
    stopped.abort(new AppError('CANCELED', 'The backup was stopped; no file was written.')),
  );
  const storage = await openStorage(env, { asItIs: true });
  const database = openDatabase({ databaseUrl: storage.databaseUrl });
  const bar = createByteBar('backing up');
  try {
    const artifacts = openArtifactStore(storage.artifactUrl);
    const { signal } = stopped;
    const request = { database, artifacts, path, withoutDamaged, onProgress: bar.update, signal };
    const { manifest, archiveBytes } = await takeBackup(request).finally(bar.stop);
    const { count, bytes, leftOut } = manifest.artifacts;
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(`${path}: ${formatMegabytes(archiveBytes)}, as of ${manifest.createdAt}.`);
    console.log(
      `  ${rows.toLocaleString('en')} rows, ${count.toLocaleString('en')} files of ${formatMegabytes(bytes)}`,
    );
    for (const hash of leftOut) console.log(`  left out, damaged or missing: ${hash}`);
  } finally {
    await database.close();
    await storage.stop();
  }
});

/** A home without data is not made one by being backed up. */
function requireData({ databaseUrl, homeDir }: CliEnv): void {
  if (databaseUrl || existsSync(join(homeDir, 'postgres'))) return;
  throw new AppError('NOT_FOUND', `There is nothing to back up in ${homeDir}: it has no database.`);
}
