/** `npm run verify`: reads every stored file against its hash and lists what depends on damaged or missing ones. */

import { AppError } from '@microtome/domain/app-error';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { openDatabase } from '@microtome/store/database/database';
import {
  type ArtifactFault,
  type VerifyProgress,
  verifyArtifacts,
} from '@microtome/store/duties/verify-artifacts';
import cliProgress from 'cli-progress';
import { Command } from 'commander';
import { readEnv } from './env.ts';
import { openStorage } from './open-storage.ts';
import { runMain, waitForStopSignal } from './run-main.ts';

/** The exit status when a file is damaged or missing. */
const FAULTS_STATUS = 3;
const MIB = 1024 * 1024;
const BAR_FORMAT = 'checking {bar} {percentage}% | {value} of {total} MB | {eta_formatted} left';

await runMain(async () => {
  new Command('verify')
    .description('Reads every stored file against its hash; exit status 3 when one is damaged or missing.')
    .parse(process.argv);
  const env = readEnv();
  const stopped = new AbortController();
  void waitForStopSignal(env).then(() => stopped.abort(new AppError('CANCELED', 'The check was stopped.')));
  const storage = await openStorage(env);
  const database = openDatabase({ databaseUrl: storage.databaseUrl });
  const bar = createBar();
  try {
    const artifacts = openArtifactStore(storage.artifactUrl);
    const { signal } = stopped;
    const result = await verifyArtifacts({ database, artifacts }, { onProgress: bar.update, signal }).finally(
      bar.stop,
    );
    const checked = `${result.artifacts} files, ${(result.bytes / MIB).toFixed(1)} MB`;
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

/** On a terminal alone: elsewhere only the result is of use. */
function createBar(): { update(progress: VerifyProgress): void; stop(): void } {
  const options = { format: BAR_FORMAT, hideCursor: true, barsize: 24 };
  const bar = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  let isStarted = false;
  return {
    update({ bytesDone, bytesTotal }) {
      if (!isStarted) bar.start(Math.ceil(bytesTotal / MIB), 0);
      isStarted = true;
      bar.update(Math.floor(bytesDone / MIB));
    },
    stop: () => bar.stop(),
  };
}

function describeFault({ hash, kind, dependents }: ArtifactFault): string {
  const needs =
    dependents.length > 0 ? dependents.map((line) => `    ${line}`) : ['    nothing depends on it'];
  return [`  ${hash} is ${kind}:`, ...needs].join('\n');
}
