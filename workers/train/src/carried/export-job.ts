/** Main file of `npm run export-job`: writes a queued run's job into a file, and keeps the workers here from it. */
import { resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { carryRun, takeBackRun } from '@microtome/store/run/carried-runs';
import { openStore } from '@microtome/store/store';
import { Command } from 'commander';
import { readWorkerEnv } from '../env.ts';
import { openData } from '../find-data.ts';
import { writeJobFile } from './carried-job.ts';
import { prepareCarriedJob } from './prepare-carried-job.ts';

const MEGABYTE = 1e6;

const program = new Command('export-job')
  .description('Writes the job of a queued run into a file, for a worker on a machine without a network.')
  .argument('<run>', "the run's id")
  .option('--out <file>', 'where the job goes')
  .option('--take-back', 'gives the run to the workers here again', false)
  .allowExcessArguments(false);

try {
  program.parse();
  await main(program.args[0] as string, program.opts<{ out?: string; takeBack: boolean }>());
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exit(1);
}

async function main(runId: string, { out, takeBack }: { out?: string; takeBack: boolean }): Promise<void> {
  if (!takeBack && !out) throw new AppError('BAD_INPUT', 'Say where the job goes: --out FILE.');
  const place = await openData(readWorkerEnv());
  const store = await openStore(place);
  try {
    if (takeBack || !out) {
      const { name } = await takeBackRun(store, runId);
      console.log(`Run '${name}' is given to the workers here again.`);
      return;
    }
    // Out of the workers' reach first: no two machines train it.
    const run = await carryRun(store, runId);
    let bytes = 0;
    await writeJobFile(await prepareCarriedJob(store, run), {
      artifacts: store.artifacts,
      path: resolve(out),
      onBytes: (count) => {
        bytes += count;
        console.log(`· ${(bytes / MEGABYTE).toFixed(1)} MB`);
      },
    });
    console.log(
      `${resolve(out)} holds the job of '${run.name}'. On the other machine: start --job FILE --out FOLDER; then here: npm run import-result -- FOLDER`,
    );
  } finally {
    await store.close();
    await place.close();
  }
}
