/** Main file of `npm run import-result`: takes in what a worker on a machine without a network made of a job. */
import { resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { openStore } from '@microtome/store/store';
import { Command } from 'commander';
import { readWorkerEnv } from '../env.ts';
import { openData } from '../find-data.ts';
import { takeResult } from './take-result.ts';

const program = new Command('import-result')
  .description('Takes the result of a carried job into the platform; every file is checked against its hash.')
  .argument('<folder>', "the folder that the worker's --out named")
  .allowExcessArguments(false);

try {
  program.parse();
  await main(resolve(program.args[0] as string));
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exit(1);
}

async function main(dir: string): Promise<void> {
  const place = await openData(readWorkerEnv());
  const store = await openStore(place);
  try {
    const { runName, epochs, outcome } = await takeResult(store, dir);
    const ending = outcome === 'finished' ? 'has SUCCEEDED' : 'has FAILED';
    console.log(`Run '${runName}' ${ending} with ${epochs} epochs from ${dir}.`);
  } finally {
    await store.close();
    await place.close();
  }
}
