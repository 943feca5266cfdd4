/**
 * `npm run demo`: the main job end to end, headless, through the same GraphQL API that the dashboard uses: import,
 * split by patient, train a shallow and a deep network, compare them, promote the better one through the gate.
 */
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import {
  addSourceOptions,
  readSourceOptions,
  type SourceChoices,
} from '@microtome/store/import/source-options';
import { Command } from 'commander';
import { printOutcome } from './demo/demo-report.ts';
import { compareAndPromote, importDemoDataset, makeSplit, trainAll } from './demo/demo-steps.ts';
import { writeSummary } from './demo/demo-summary.ts';
import { ensureSample } from './demo/sample.ts';
import { readEnv } from './env.ts';
import { createGraphqlClient } from './graphql/graphql-client.ts';
import { type Platform, startPlatform } from './platform/platform.ts';
import { runMain, waitForStopSignal } from './run-main.ts';
import { givenPath, wholeNumber } from './typed-options.ts';

type DemoOptions = {
  dataset?: string;
  epochs: number;
  maxPatches?: number;
  seed: number;
  source: SourceChoices;
  baseline: boolean;
  summary?: string;
  serve: boolean;
};

await runMain(async () => {
  const startedAt = Date.now();
  const options = parseOptions(process.argv);
  const env = readEnv();
  const stopSignal = waitForStopSignal(env);
  const datasetPath =
    options.dataset ?? (await ensureSample({ homeDir: env.homeDir, seed: 1, onStep: step }));
  const platform = await startPlatform({
    env,
    anyPort: true,
    importRoots: env.inherited.IMPORT_ROOTS
      ? [dirname(datasetPath)]
      : [homedir(), dirname(process.cwd()), dirname(datasetPath)],
    onStep: step,
  });
  try {
    await Promise.race([runDemo({ platform, options, datasetPath, startedAt }), rejectOnSignal(stopSignal)]);
    if (!options.serve) return;
    await platform.startWeb();
    console.log(
      `\n  Dashboard  ${platform.webUrl}\n  GraphQL    ${platform.apiUrl}/graphql\nCtrl-C stops it.`,
    );
    await stopSignal;
  } finally {
    step('Stopping');
    await platform.stop();
  }
});

async function runDemo(args: {
  platform: Platform;
  options: DemoOptions;
  datasetPath: string;
  startedAt: number;
}): Promise<void> {
  const { platform, options } = args;
  const client = createGraphqlClient(platform.apiUrl);
  const dataset = await importDemoDataset(client, {
    path: args.datasetPath,
    maxPatches: options.maxPatches,
    seed: options.seed,
    source: options.source,
  });
  const split = await makeSplit(client, { dataset, seed: options.seed });
  const { epochs, seed, baseline } = options;
  const trained = await trainAll(client, { dataset, split, epochs, seed, baseline });
  const outcome = await compareAndPromote(client, { dataset, trained });
  const result = { dataset, split, ...outcome, seconds: (Date.now() - args.startedAt) / 1000 };
  printOutcome(result);
  if (options.summary) await writeSummary(resolve(options.summary), result);
  console.log(`\nDashboard: ${platform.webUrl}${options.serve ? '' : ' (while `npm start` runs)'}`);
  await client.close();
}

function parseOptions(argv: string[]): DemoOptions {
  const command = new Command('demo')
    .description(
      'Imports patches, splits them by patient (or what the source tells), trains a shallow and a deep CNN, compares and promotes.',
    )
    .option(
      '--dataset <path>',
      'what `npm run import` takes: a folder or .zip (default: a small generated sample)',
      givenPath,
    )
    .option('--epochs <n>', 'epochs of each run', wholeNumber(1), 5)
    .option(
      '--max-patches <n>',
      'import only a seeded share of the patches, spread over the patients',
      wholeNumber(1),
    )
    .option('--seed <n>', 'seed of the split and of both trainings', wholeNumber(0), 1)
    .option('--baseline', 'also train the colour baseline, which the gate then asks to beat', false)
    .option('--summary <file>', 'write the result as JSON')
    .option('--exit', 'stop at the end (default when not on a terminal)')
    .option('--serve', 'leave the dashboard up at the end (default on a terminal)')
    .allowExcessArguments(false);
  const { exit, serve, ...rest } = addSourceOptions(command).parse(argv).opts();
  if (exit && serve) throw new AppError('BAD_INPUT', 'Give either --exit or --serve, not both.');
  const isServing = serve ?? (exit ? false : Boolean(process.stdout.isTTY));
  return { ...rest, source: readSourceOptions(rest), serve: isServing } as DemoOptions;
}

async function rejectOnSignal(cause: Promise<string>): Promise<never> {
  throw new AppError(
    'CANCELED',
    `Stopped by ${await cause}. A run that was training goes on at the next start.`,
  );
}

function step(message: string): void {
  console.log(`· ${message}`);
}
