/** `npm run import-runs -- --mlflow URL`: takes over the runs of another tracking server. Asked again, it adds what is new. */
import { escapeUnprintable } from '@microtome/domain/printable-text';
import { importMlflowRuns } from '@microtome/store/mlflow-import/import-mlflow-runs';
import { openStore } from '@microtome/store/store';
import { Command } from 'commander';
import { readEnv } from './env.ts';
import { openStorage } from './open-storage.ts';
import { runMain } from './run-main.ts';

await runMain(async () => {
  const { mlflow: address } = new Command('import-runs')
    .description(
      'Takes over experiments and runs of another tracker, with all numbers and files. Nothing is doubled.',
    )
    .requiredOption(
      '--mlflow <url>',
      'the address of an MLflow tracking server, as MLFLOW_TRACKING_URI has it',
    )
    .parse(process.argv)
    .opts<{ mlflow: string }>();
  const storage = await openStorage(readEnv());
  const store = await openStore(storage).catch(async (error) => {
    await storage.stop();
    throw error;
  });
  try {
    const onRun = (name: string) => console.log(`  ${escapeUnprintable(name)}`);
    const { experiments, imported, unchanged, warnings } = await importMlflowRuns(store, { address, onRun });
    for (const warning of warnings) console.warn(escapeUnprintable(warning));
    console.log(`${experiments} experiments: ${imported} runs taken over, ${unchanged} as they were.`);
    if (warnings.length > 0) process.exitCode = 1;
  } finally {
    await store.close();
    await storage.stop();
  }
});
