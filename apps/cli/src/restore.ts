/** `npm run restore -- FILE`: what `npm run backup` wrote into an empty home folder, or an empty database and store. */
import { stat } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import type { RestoreProgress } from '@microtome/store/backup/restore-backup';
import { restoreBackup } from '@microtome/store/backup/restore-backup';
import { restoreHome } from '@microtome/store/backup/restore-home';
import { Command } from 'commander';
import { createByteBar, formatMegabytes } from './byte-bar.ts';
import { readEnv } from './env.ts';
import { runMain, waitForStopSignal } from './run-main.ts';
import { givenPath } from './typed-options.ts';

await runMain(async () => {
  const command = new Command('restore')
    .description(
      'Restores a backup into an empty home (MICROTOME_HOME), or an empty DATABASE_URL and ARTIFACT_URL.',
    )
    .argument('<file>', 'that npm run backup wrote', givenPath)
    .parse(process.argv);
  const [path] = command.processedArgs as [string];
  const env = readEnv();
  const stopped = new AbortController();
  void waitForStopSignal(env).then(() =>
    stopped.abort(new AppError('CANCELED', 'The restore was stopped; nothing of it was kept.')),
  );
  const bytes = (await stat(path).catch(() => null))?.size ?? 0;
  const bar = createByteBar('restoring');
  // The archive is read twice: to check it, and to restore from it.
  const onProgress = ({ phase, bytesDone }: RestoreProgress) =>
    bar.update({ bytesDone: phase === 'checking' ? bytesDone : bytes + bytesDone, bytesTotal: 2 * bytes });
  const request = { path, onProgress, signal: stopped.signal };
  const { databaseUrl, homeDir, artifactUrl, hasOwnArtifactUrl } = env;
  const restoring = databaseUrl
    ? restoreBackup({ ...request, databaseUrl, artifactUrl })
    : restoreHome({ ...request, homeDir, artifactUrl: hasOwnArtifactUrl ? artifactUrl : undefined });
  const { createdAt, version, tables, artifacts } = await restoring.finally(bar.stop);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  console.log(`Restored the backup of ${createdAt} (Microtome ${version}).`);
  console.log(
    `  ${rows.toLocaleString('en')} rows, ${artifacts.count.toLocaleString('en')} files of ${formatMegabytes(artifacts.bytes)}`,
  );
  for (const hash of artifacts.leftOut) console.log(`  the backup lacks this file: ${hash}`);
  console.log("  'npm start' goes on with its runs.");
});
