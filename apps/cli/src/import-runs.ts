/**
 * `npm run import-runs -- --mlflow URL` or `--neptune FOLDER`: takes over the runs of another tracker. Asked again, it adds
 * what is new.
 */
import { AppError } from '@microtome/domain/app-error';
import { escapeUnprintable } from '@microtome/domain/printable-text';
import { importMlflowRuns } from '@microtome/store/mlflow-import/import-mlflow-runs';
import { importNeptuneRuns } from '@microtome/store/neptune-import/import-neptune-runs';
import { openStore } from '@microtome/store/store';
import { Command, InvalidArgumentError } from 'commander';
import { readEnv } from './env.ts';
import { openStorage } from './open-storage.ts';
import { runMain } from './run-main.ts';

type ImportOptions = { mlflow?: string; neptune?: string; recheck?: true; stepMultiplier: number };

await runMain(async () => {
  const { mlflow, neptune, recheck, stepMultiplier } = new Command('import-runs')
    .description(
      'Takes over experiments and runs of another tracker, with all numbers and files. Nothing is doubled.',
    )
    .option('--mlflow <url>', 'the address of an MLflow tracking server, as MLFLOW_TRACKING_URI has it')
    .option('--neptune <folder>', 'what neptune-exporter wrote: the folder with data and files')
    .option('--recheck', 'of --mlflow: reads every number and file once more, of runs that had ended too')
    .option('--step-multiplier <number>', 'of --neptune: makes its steps whole numbers', readMultiplier, 1)
    .parse(process.argv)
    .opts<ImportOptions>();
  if ((mlflow === undefined) === (neptune === undefined)) {
    throw new AppError('BAD_INPUT', 'Name one tracker: --mlflow URL or --neptune FOLDER.');
  }
  if (recheck && mlflow === undefined) throw new AppError('BAD_INPUT', '--recheck goes with --mlflow.');
  const storage = await openStorage(readEnv());
  const store = await openStore(storage).catch(async (error) => {
    await storage.stop();
    throw error;
  });
  try {
    const onRun = (name: string) => console.log(`  ${escapeUnprintable(name)}`);
    const { experiments, imported, unchanged, warnings } =
      neptune === undefined
        ? await importMlflowRuns(store, { address: mlflow ?? '', rechecks: recheck === true, onRun })
        : await importNeptuneRuns(store, { folder: neptune, stepMultiplier, onRun });
    for (const warning of warnings) console.warn(escapeUnprintable(warning));
    console.log(`${experiments} experiments: ${imported} runs taken over, ${unchanged} as they were.`);
    if (warnings.length > 0) process.exitCode = 1;
  } finally {
    await store.close();
    await storage.stop();
  }
});

function readMultiplier(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value;
  throw new InvalidArgumentError('It has to be a whole number from 1 to 1,000,000.');
}
