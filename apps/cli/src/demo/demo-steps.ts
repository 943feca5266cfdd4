/** The steps of the demo, each a few calls of the GraphQL API and the lines that tell of them. */
import { AppError } from '@microtome/domain/app-error';
import { hasUnits, nameIndependent } from '@microtome/domain/unit/unit-words';
import type { SourceChoices } from '@microtome/store/import/source-options';
import {
  CompareRunsDocument,
  CreateExperimentDocument,
  CreateModelDocument,
  CreateSplitDocument,
  DatasetSplitsDocument,
  type DemoComparisonFragment,
  type DemoDatasetFragment,
  type DemoPromotionFragment,
  type DemoRunFragment,
  type DemoSplitFragment,
  FindModelDocument,
  FollowImportDocument,
  GetDemoRunDocument,
  ImportDatasetDocument,
  LaunchRunDocument,
  OpenDemoTestDocument,
  PromoteDocument,
  RegisterVersionDocument,
} from '../../generated/graphql.ts';
import type { GraphqlClient } from '../graphql/graphql-client.ts';
import { readFigure } from '../graphql/json-fields.ts';
import { toApiInput } from './api-source.ts';
import { type DemoDataset, printDataset, printImportProgress, printSplit } from './demo-report.ts';
import { followRun } from './follow-run.ts';

const ARCHITECTURES = ['shallow', 'deep'] as const;
/** As its preset has it. */
const BASELINE = { architecture: 'colour-baseline', learningRate: 0.01 };
/** Models answer one question each, so another task has another model. */
const nameModel = (positiveName: string) => {
  const word = positiveName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `${word.slice(0, 60) || 'positive'}-classifier`;
};

/** The two finalists, and the floor that they are held against, where it was trained. */
type TrainedRuns = { runs: DemoRunFragment[]; baseline: DemoRunFragment | null };

export async function importDemoDataset(
  client: GraphqlClient,
  args: { path: string; maxPatches: number | undefined; seed: number; source?: SourceChoices },
): Promise<DemoDataset> {
  console.log(`\nImporting ${args.path}`);
  const { path, maxPatches, seed, source = {} } = args;
  const input = { path, maxPatches, seed, ...toApiInput(source) };
  const started = await client.request(ImportDatasetDocument, { input });
  let state = started.importDataset;
  for await (const { datasetImport } of client.follow(FollowImportDocument, () => ({ id: state.id }))) {
    state = datasetImport;
    printImportProgress(state);
    if (state.status !== 'RUNNING') break;
  }
  if (!state.dataset) throw new AppError('BAD_INPUT', state.error ?? `The import ended as ${state.status}.`);
  const dataset = { ...state.dataset, task: chooseTask(state.dataset, source.positive ?? undefined) };
  printDataset(dataset, state.reused);
  return dataset;
}

/** The task with exactly these positive classes, which the import has made; else the first. */
function chooseTask(
  { name, tasks }: DemoDatasetFragment,
  positive: readonly string[] | undefined,
): DemoDataset['task'] {
  const wanted = positive?.toSorted().join('\n');
  const isWanted = (task: DemoDataset['task']) =>
    wanted === undefined ||
    task.positive
      .map((one) => one.name)
      .toSorted()
      .join('\n') === wanted;
  const task = tasks.find((one) => isWanted(one) && (wanted === undefined || one.leftOut.length === 0));
  if (task) return task;
  throw new AppError('BAD_INPUT', `Dataset '${name}' has no task: its patches are all of one class.`);
}

/** Makes the split by the dataset's unit, or the publisher's where it has none; or finds one made with the same seed. */
export async function makeSplit(
  client: GraphqlClient,
  { dataset, seed }: { dataset: DemoDataset; seed: number },
): Promise<DemoSplitFragment> {
  const { name, unit, givesSplit } = dataset;
  if (!hasUnits(unit.kind) && !givesSplit) {
    throw new AppError('BAD_INPUT', `Dataset '${name}': ${unit.warning} Its source gives no split either.`);
  }
  const strategy = hasUnits(unit.kind) ? ('PATIENT_STRATIFIED' as const) : ('PUBLISHED' as const);
  const found = await client.request(DatasetSplitsDocument, { id: dataset.id });
  let split = found.dataset?.splits.find((row) => row.strategy === strategy && Number(row.seed) === seed);
  if (!split) {
    const made = await client.request(CreateSplitDocument, {
      input: { datasetId: dataset.id, strategy, seed },
    });
    split = made.createSplit.splits[0]!;
  }
  printSplit(split, dataset);
  return split;
}

/**
 * Queues both networks on the same split and seed, and the colour baseline when it is asked for; prints their epochs as
 * they arrive over the subscription.
 */
export async function trainAll(
  client: GraphqlClient,
  args: {
    dataset: DemoDataset;
    split: DemoSplitFragment;
    epochs: number;
    seed: number;
    baseline: boolean;
  },
): Promise<TrainedRuns> {
  const experiment = await client.request(CreateExperimentDocument, {
    input: {
      datasetId: args.dataset.id,
      taskId: args.dataset.task.id,
      name: `Shallow vs deep, ${new Date().toISOString().replace('T', ' ').slice(0, 19)}`,
      question:
        `Does the deep network tell ${args.dataset.task.positiveName} apart better than the shallow one, on ` +
        `${nameIndependent(args.dataset.unit.kind)} that neither has seen?`,
    },
  });
  console.log(`\nExperiment "${experiment.createExperiment.name}"`);
  const launched: { id: string; architecture: string }[] = [];
  const wanted: { architecture: string; learningRate?: number }[] = [
    ...ARCHITECTURES.map((architecture) => ({ architecture })),
    ...(args.baseline ? [BASELINE] : []),
  ];
  for (const { architecture, ...hyperparameters } of wanted) {
    const { launchRun } = await client.request(LaunchRunDocument, {
      input: {
        experimentId: experiment.createExperiment.id,
        splitId: args.split.id,
        name: architecture,
        hyperparameters: { architecture, ...hyperparameters, epochs: args.epochs, seed: args.seed },
        tags: ['demo'],
      },
    });
    launched.push(launchRun);
  }
  await Promise.all(launched.map((run) => followRun(client, run)));
  const runs = await Promise.all(launched.map((run) => getSucceededRun(client, run.id)));
  const baseline = runs.find(({ architecture }) => architecture === BASELINE.architecture) ?? null;
  return { runs: runs.filter((run) => run !== baseline), baseline };
}

async function getSucceededRun(client: GraphqlClient, id: string): Promise<DemoRunFragment> {
  const { run } = await client.request(GetDemoRunDocument, { id });
  if (!run) throw new AppError('NOT_FOUND', `The run ${id} was deleted.`);
  if (run.status !== 'SUCCEEDED') {
    throw new AppError(
      'INTERNAL',
      `The run "${run.name}" ended as ${run.status}: ${run.error ?? 'no reason was recorded'}`,
    );
  }
  return run;
}

/** Opens TEST for the two finalists, compares them, and asks the gate to promote the one that is better on VALIDATION. */
export async function compareAndPromote(
  client: GraphqlClient,
  args: { dataset: DemoDataset; trained: TrainedRuns },
): Promise<TrainedRuns & { comparison: DemoComparisonFragment; promotion: DemoPromotionFragment }> {
  const { trained } = args;
  console.log(
    `\nOpening TEST for both finalists${trained.baseline ? ' and the baseline' : ''} (recorded, and counted on the split)`,
  );
  const open = async (run: DemoRunFragment, reason: string) =>
    (await client.request(OpenDemoTestDocument, { runId: run.id, reason })).openTest;
  const runs: DemoRunFragment[] = [];
  for (const run of trained.runs) runs.push(await open(run, 'The demo compares its two finalists on TEST.'));
  const baseline = trained.baseline
    ? await open(trained.baseline, 'The floor that the finalists are held against.')
    : null;
  const runIds = runs.map((run) => run.id);
  const { compareRuns } = await client.request(CompareRunsDocument, { runIds });
  const best = runs.reduce((a, b) => (validationAuc(b) > validationAuc(a) ? b : a));
  const promotion = await promote(client, best, args.dataset);
  return { runs, baseline, comparison: compareRuns, promotion };
}

function validationAuc(run: DemoRunFragment): number {
  const validation = run.evaluations.find((row) => row.subset === 'VALIDATION');
  return (validation && readFigure(validation, 'auc').value) ?? Number.NEGATIVE_INFINITY;
}

async function promote(
  client: GraphqlClient,
  run: DemoRunFragment,
  dataset: DemoDataset,
): Promise<DemoPromotionFragment> {
  const name = nameModel(dataset.task.positiveName);
  const found = await client.request(FindModelDocument, { name });
  const modelId =
    found.model?.id ??
    (
      await client.request(CreateModelDocument, {
        input: {
          name,
          description: `Probability of ${dataset.task.positiveName} for one patch.`,
          policy: { requireColourBaseline: false },
          createdBy: 'demo',
        },
      })
    ).createModel.id;
  const { registerModelVersion } = await client.request(RegisterVersionDocument, {
    input: {
      modelId,
      runId: run.id,
      notes: `The better of the demo's two runs on VALIDATION: ${run.architecture}.`,
    },
  });
  const { promoteModelVersion } = await client.request(PromoteDocument, {
    input: {
      versionId: registerModelVersion.id,
      reason: 'The better of two networks on VALIDATION.',
      promotedBy: 'demo',
    },
  });
  return promoteModelVersion;
}
