/** `npm run verify`: reads every stored file against its hash and lists what depends on damaged or missing ones. */

import { AppError } from '@microtome/domain/app-error';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { openDatabase } from '@microtome/store/database/database';
import { type ArtifactFault, verifyArtifacts } from '@microtome/store/duties/verify-artifacts';
import { Command } from 'commander';
import { createByteBar, formatMegabytes } from './byte-bar.ts';
import { readEnv } from './env.ts';
import { openStorage } from './open-storage.ts';
import { runMain, waitForStopSignal } from './run-main.ts';

/** The exit status when a file is damaged or missing. */
const FAULTS_STATUS = 3;

await runMain(async () => {
  new Command('verify')
    .description('Reads every stored file against its hash; exit status 3 when one is damaged or missing.')
    .parse(process.argv);
  const env = readEnv();
  const stopped = new AbortController();
  void waitForStopSignal(env).then(() => stopped.abort(new AppError('CANCELED', 'The check was stopped.')));
  const storage = await openStorage(env);
  const database = openDatabase({ databaseUrl: storage.databaseUrl });
  const bar = createByteBar('checking');
  try {
    const artifacts = openArtifactStore(storage.artifactUrl);
    const { signal } = stopped;
    const result = await verifyArtifacts({ database, artifacts }, { onProgress: bar.update, signal }).finally(
      bar.stop,
    );
    const checked = `${result.artifacts} files, ${formatMegabytes(result.bytes)}`;
    if (result.faults.length === 0) {
      console.log(`All files are whole: ${checked}.`);
      return;
    }
    console.log(`${result.faults.length} of ${checked} are not whole:`);
    for (const fault of result.faults) console.log(describeFault(fault));
    process.exitCode = FAULTS_STATUS;
  } finally {
    await database.close();
    await storage.stop();
  }
});

function describeFault({ hash, kind, dependents }: ArtifactFault): string {
  const needs =
    dependents.length > 0 ? dependents.map((line) => `    ${line}`) : ['    nothing depends on it'];
  return [`  ${hash} is ${kind}:`, ...needs].join('\n');
}
