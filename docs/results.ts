/**
 * `npm run results -- --dataset PATH`: trains every network by patient and on random patches, on a platform with a home
 * of its own, and writes docs/results.md with its picture. If killed, the next call with the same home resumes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { Command } from 'commander';
import { readEnv } from '../apps/cli/src/env.ts';
import { createGraphqlClient } from '../apps/cli/src/graphql/graphql-client.ts';
import { startPlatform } from '../apps/cli/src/platform/platform.ts';
import { runMain, waitForStopSignal } from '../apps/cli/src/run-main.ts';
import { givenPath, wholeNumber } from '../apps/cli/src/typed-options.ts';
import { drawPicture } from './results/draw-picture.ts';
import { collectResults } from './results/train-networks.ts';
import { writePage } from './results/write-page.ts';

type Options = {
  dataset: string;
  home: string;
  out: string;
  epochs: number;
  maxPatches: number;
  seed: number;
  seeds: number;
};

const PICTURE = 'results.svg';

await runMain(async () => {
  const options = parseOptions();
  const homeDir = resolve(options.home);
  const datasetPath = options.dataset;
  const ownEnv = readEnv();
  const stopSignal = waitForStopSignal(ownEnv);
  const env = { ...ownEnv, homeDir, artifactUrl: `file:${homeDir}/artifacts`, apiPort: 0, webPort: 0 };
  const importRoots = [dirname(datasetPath)];
  const platform = await startPlatform({ env, anyPort: true, importRoots, onStep: console.log });
  try {
    await Promise.race([makePage(platform.apiUrl, { ...options, datasetPath }), rejectOnSignal(stopSignal)]);
  } finally {
    await platform.stop();
  }
});

async function makePage(apiUrl: string, options: Options & { datasetPath: string }): Promise<void> {
  const client = createGraphqlClient(apiUrl);
  const results = await collectResults(client, options);
  await client.close();
  const folder = resolve(options.out);
  const picture = resolve(folder, 'images', PICTURE);
  await mkdir(dirname(picture), { recursive: true });
  await writeFile(picture, drawPicture(results));
  await writeFile(resolve(folder, 'results.md'), writePage(results, `images/${PICTURE}`));
  console.log(`\nWrote ${resolve(folder, 'results.md')}`);
}

function parseOptions(): Options {
  return new Command('results')
    .description('Trains every network by patient and on random patches and writes docs/results.md.')
    .requiredOption('--dataset <path>', 'a folder or .zip in the IDC layout', givenPath)
    .option('--home <folder>', 'where the runs are kept: a later call goes on there', '.microtome/results')
    .option('--epochs <n>', 'epochs of each run', wholeNumber(1), 14)
    .option('--max-patches <n>', 'patches in all, large patients giving way first', wholeNumber(1), 15_000)
    .option('--seed <n>', 'seed of splits and trainings', wholeNumber(1), 1)
    .option('--seeds <n>', 'trainings of each network by patient, whose contexts are told', wholeNumber(1), 1)
    .option('--out <folder>', 'where results.md goes', dirname(fileURLToPath(import.meta.url)))
    .allowExcessArguments(false)
    .parse()
    .opts();
}

async function rejectOnSignal(cause: Promise<string>): Promise<never> {
  throw new AppError('CANCELED', `Stopped by ${await cause}. The next call with the same home goes on.`);
}
