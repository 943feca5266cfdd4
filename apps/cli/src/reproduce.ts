/**
 * `npm run reproduce -- --model NAME@NUMBER`: trains a model version again, with the same data, split, hyperparameters,
 * seed and backend, and says by the hashes of its files and by its step with neighbours whether the very same came out. TEST is
 * not opened for it.
 */
import { AppError, invariant } from '@microtome/domain/app-error';
import { parseModelReference } from '@microtome/domain/promotion/model-reference';
import { REPEATS_ON } from '@microtome/domain/run/backends';
import { findRunningPlatform } from '@microtome/store/embedded/running-platform';
import { Command } from 'commander';
import {
  FindVersionDocument,
  GetContextStepDocument,
  GetReproducedRunDocument,
  LaunchRunDocument,
  type ReproducedRunFragment,
} from '../generated/graphql.ts';
import { followRun } from './demo/follow-run.ts';
import { readEnv } from './env.ts';
import { createGraphqlClient, type GraphqlClient } from './graphql/graphql-client.ts';
import { readFigure } from './graphql/json-fields.ts';
import { startPlatform } from './platform/platform.ts';
import { runMain, waitForStopSignal } from './run-main.ts';

const COMPARED_ROLES = ['MODEL_WEIGHTS', 'PREDICTIONS_VALIDATION', 'PREDICTIONS_TEST'];
/** A run that came out otherwise is told by its exit status, too. */
const DIFFERENT_STATUS = 3;

await runMain(async () => {
  const { model } = new Command('reproduce')
    .description('Trains a model version again and compares what came out, by hash.')
    .requiredOption(
      '--model <name@number>',
      "e.g. idc@3, or PROJECT/idc@3; an alias may stand for the version's number",
    )
    .allowExcessArguments(false)
    .parse(process.argv)
    .opts<{ model: string }>();
  const platform = await openPlatform();
  const client = createGraphqlClient(platform.apiUrl);
  try {
    await Promise.race([reproduce(client, model), rejectOnSignal()]);
  } finally {
    await client.close();
    await platform.stop();
  }
});

async function reproduce(client: GraphqlClient, reference: string): Promise<void> {
  const original = await findRun(client, reference);
  if (original.origin === 'EXTERNAL') {
    throw new AppError(
      'BAD_INPUT',
      `${reference} came from the run "${original.name}", which is EXTERNAL: its own program trained it, and no worker can train it again. What its model gives was computed again before it was registered; its page says how well it agreed.`,
    );
  }
  console.log(
    `${reference} came from the run "${original.name}" (${original.architecture}, ${original.backend}).`,
  );
  const { split } = original;
  invariant(split, `${reference} stands on a split`);
  const { launchRun } = await client.request(LaunchRunDocument, {
    input: {
      experimentId: original.experiment.id,
      splitId: split.id,
      name: `${original.name}, reproduced`,
      hyperparameters: original.hyperparameters,
      backend: original.backend ?? undefined,
      tags: ['reproduction'],
      notes: `Made by npm run reproduce -- --model ${reference}.`,
    },
  });
  await followRun(client, { id: launchRun.id, architecture: original.architecture });
  const { run } = await client.request(GetReproducedRunDocument, { id: launchRun.id });
  if (!run) throw new AppError('NOT_FOUND', `The run ${launchRun.id} was deleted.`);
  if (run.status !== 'SUCCEEDED')
    throw new AppError(
      'INTERNAL',
      `The run ended as ${run.status}: ${run.error ?? 'no reason was recorded'}`,
    );
  const steps = [await describeContext(client, original.id), await describeContext(client, run.id)] as const;
  report(original, run, steps);
}

/** [PROJECT/]NAME@NUMBER or @ALIAS. */
async function findRun(client: GraphqlClient, reference: string): Promise<ReproducedRunFragment> {
  const { name, project, pointer } = parseModelReference(reference);
  const { model } = await client.request(FindVersionDocument, { name, project });
  if (!model) throw new AppError('NOT_FOUND', `There is no model '${name}'.`);
  const version = model.versions.find(
    ({ number, aliases }) => String(number) === pointer || aliases.includes(pointer),
  );
  if (!version) throw new AppError('NOT_FOUND', `Model '${name}' has no '${pointer}'.`);
  return version.run;
}

/** The step with neighbours of each is told in every digit. */
function report(
  original: ReproducedRunFragment,
  reproduced: ReproducedRunFragment,
  [stepBefore, step]: readonly [string, string],
): void {
  console.log(`\nThe run "${reproduced.name}" on ${reproduced.backend}, ${reproduced.device}:`);
  let isSame = true;
  for (const role of COMPARED_ROLES) {
    const [before, now] = [original, reproduced].map((run) => findHash(run, role));
    isSame &&= before === now;
    console.log(
      `  ${role.padEnd(23)} ${now?.slice(0, 16)}…  ${before === now ? 'the same' : `was ${before?.slice(0, 16)}…`}`,
    );
  }
  isSame &&= step === stepBefore;
  console.log(
    `  with neighbours         ${step}${step === stepBefore ? ', the same' : `, was ${stepBefore}`}`,
  );
  const [before, now] = [original, reproduced].map(findValidationAuc);
  console.log(`  VALIDATION AUC          ${now?.toFixed(6)}, was ${before?.toFixed(6)}`);
  if (isSame) {
    console.log('\nReproduced, bit for bit.');
    return;
  }
  console.log(
    `\nNot the same bits. The first run was computed on ${original.device}. Bits repeat on ${REPEATS_ON} (TRAIN_THREADS), and on a GPU only where that was asked for: compare the two runs on the dashboard.`,
  );
  process.exitCode = DIFFERENT_STATUS;
}

function findHash({ artifacts }: ReproducedRunFragment, role: string): string | undefined {
  return artifacts.find((artifact) => artifact.role === role)?.hash;
}

async function describeContext(client: GraphqlClient, id: string): Promise<string> {
  const { run } = await client.request(GetContextStepDocument, { id });
  const step = run?.evaluations.find(({ subset }) => subset === 'VALIDATION')?.context;
  if (!step) return 'nothing to say';
  const { radius, weight, temperature, threshold } = step;
  return `radius ${radius}, weight ${weight}, temperature ${temperature}, threshold ${threshold}`;
}

function findValidationAuc({ evaluations }: ReproducedRunFragment): number | null | undefined {
  const validation = evaluations.find(({ subset }) => subset === 'VALIDATION');
  return validation && readFigure(validation, 'auc').value;
}

/** The platform that runs on this home folder, or one for as long as this takes. */
async function openPlatform(): Promise<{ apiUrl: string; stop(): Promise<void> }> {
  const env = readEnv();
  const running = await findRunningPlatform(env.homeDir);
  if (running) return { apiUrl: running.apiUrl, stop: async () => {} };
  return startPlatform({ env, anyPort: true, importRoots: [], onStep: (step) => console.log(`· ${step}`) });
}

async function rejectOnSignal(): Promise<never> {
  throw new AppError(
    'CANCELED',
    `Stopped by ${await waitForStopSignal(readEnv())}. The run goes on where a worker serves.`,
  );
}
