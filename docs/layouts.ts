/**
 * `npm run layouts -- --samples FOLDER`: imports a sample of each layout by the command that a user would type, trains on
 * PatchCamelyon's containers and, one centre left out at a time, on five drawn centres; writes docs/layouts.md.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { Command } from 'commander';
import { readEnv } from '../apps/cli/src/env.ts';
import { createGraphqlClient } from '../apps/cli/src/graphql/graphql-client.ts';
import { startPlatform } from '../apps/cli/src/platform/platform.ts';
import { runMain, waitForStopSignal } from '../apps/cli/src/run-main.ts';
import { givenPath, wholeNumber } from '../apps/cli/src/typed-options.ts';
import { drawFiveCentres } from './layouts/five-centres.ts';
import { importFrom, importSamples } from './layouts/import-samples.ts';
import { findDataset, trainOnSplits } from './layouts/train-on-layouts.ts';
import { writePage } from './layouts/write-page.ts';

type Options = { samples: string; home: string; epochs: number; seed: number; out: string };

const PCAM = 'PatchCamelyon in HDF5';
const NETWORKS = ['shallow', 'deep'];

await runMain(async () => {
  const options = parseOptions();
  const homeDir = resolve(options.home);
  await rm(homeDir, { recursive: true, force: true });
  const ownEnv = readEnv();
  const stopSignal = waitForStopSignal(ownEnv);
  const env = { ...ownEnv, homeDir, artifactUrl: `file:${homeDir}/artifacts`, apiPort: 0, webPort: 0 };
  const platform = await startPlatform({ env, anyPort: true, importRoots: [homeDir], onStep: console.log });
  const stopped = stopSignal.then((cause) => {
    throw new AppError('CANCELED', `Stopped by ${cause}: nothing was written.`);
  });
  try {
    await Promise.race([makePage(platform.apiUrl, { ...options, home: homeDir }), stopped]);
  } finally {
    await platform.stop();
  }
});

async function makePage(apiUrl: string, { samples, home, epochs, seed, out }: Options): Promise<void> {
  const imported = await importSamples({ homeDir: home, layoutsDir: resolve(samples), seed });
  const pcamName = imported.find(({ sample }) => sample.title === PCAM)?.report?.name;
  if (!pcamName) throw new AppError('INTERNAL', `The sample "${PCAM}" was not imported.`);
  const wildsFolder = join(home, 'sources', 'camelyon17');
  await mkdir(wildsFolder, { recursive: true });
  await drawFiveCentres(wildsFolder, seed);
  const wilds = await importFrom(home, [wildsFolder]);
  if (!wilds.report) throw new AppError('INTERNAL', wilds.sentence ?? 'The centres were not imported.');
  const client = createGraphqlClient(apiUrl);
  const pcam = await findDataset(client, pcamName);
  const centres = await findDataset(client, wilds.report.name);
  const plan = { epochs, seed };
  const pcamRuns = await trainOnSplits(client, pcam, {
    ...plan,
    strategy: 'PUBLISHED',
    architectures: NETWORKS,
  });
  const centreRuns = await trainOnSplits(client, centres, {
    ...plan,
    strategy: 'BY_SITE',
    architectures: ['shallow'],
  });
  await client.close();
  const page = writePage({
    imported,
    epochs,
    pcam: { dataset: pcam, trained: pcamRuns },
    centres: { dataset: centres, trained: centreRuns },
  });
  const file = resolve(out, 'layouts.md');
  await writeFile(file, page);
  console.log(`\nWrote ${file}`);
}

function parseOptions(): Options {
  return new Command('layouts')
    .description('Imports a sample of each layout, trains on two of them and writes docs/layouts.md.')
    .requiredOption('--samples <folder>', 'samples of the layouts, one folder each', givenPath)
    .option('--home <folder>', 'where it works: emptied at the start', '.microtome/layouts')
    .option('--epochs <n>', 'epochs of each run', wholeNumber(1), 8)
    .option('--seed <n>', 'seed of what is drawn, of splits and trainings', wholeNumber(1), 1)
    .option('--out <folder>', 'where layouts.md goes', dirname(fileURLToPath(import.meta.url)))
    .allowExcessArguments(false)
    .parse()
    .opts();
}
