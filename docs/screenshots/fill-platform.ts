/** What a platform has before its pages are shown: what the demo made, an unsafe split, sweeps, and another centre's data. */
import { setTimeout } from 'node:timers/promises';
import {
  CreateExperimentDocument,
  CreateSplitDocument,
  LaunchRunDocument,
} from '../../apps/cli/generated/graphql.ts';
import type { GraphqlClient } from '../../apps/cli/src/graphql/graphql-client.ts';
import type { ShownIds } from '../../test/e2e/page-list.ts';
import {
  AddTaskDocument,
  AskForExamDocument,
  CreateReportDocument,
  FindCentreDocument,
  FindIdsDocument,
  FindReportDocument,
  IsExamDoneDocument,
  IsRunDoneDocument,
  IsSweepSettledDocument,
  LaunchSweepDocument,
  type LaunchSweepInput,
  OpenSweepTestDocument,
} from '../generated/graphql.ts';
import type { SceneIds } from './scenes.ts';

const POLL_MS = 2_000;
const EXAM_TASK = 'IDC against not IDC';

export type Filled = Omit<ShownIds, 'sweeps'> & SceneIds & { exam: string };

/** Of a platform on which the demo ran, and into which the dataset named `centreName` was imported. */
export async function fillPlatform(client: GraphqlClient, centreName: string): Promise<Filled> {
  const found = await client.request(FindIdsDocument, {});
  const { dataset: centre } = await client.request(FindCentreDocument, { name: centreName });
  const dataset = found.datasets.edges.map(({ node }) => node.id).find((id) => id !== centre?.id);
  const split = found.splits.edges
    .map(({ node }) => node)
    .find((one) => one.dataset.id === dataset && one.strategy === 'PATIENT_STRATIFIED')?.id;
  const single = found.runs.edges.map(({ node }) => node).filter(({ sweep }) => !sweep);
  const runs = single.filter((run) => run.dataset?.id === dataset);
  const [first] = runs;
  const model = found.models.edges[0]?.node.id;
  if (!dataset || !centre || !split || !first || !model) {
    throw new Error('The demo has made a dataset, a split, runs and a model, and a centre was imported.');
  }
  return {
    dataset,
    split,
    unsafeSplit: await addSplit(client, { datasetId: dataset, strategy: 'RANDOM_PATCH' }),
    experiment: first.experiment.id,
    runs: runs.map(({ id }) => id),
    slide: first.slides[0]?.slide.id ?? '',
    model,
    report: await writeReport(client, first.experiment.name),
    centre: centre.id,
    centreSplit: await addSplit(client, { datasetId: centre.id, strategy: 'BY_SITE' }),
    leakingList: writeLeakingList(centre.patients.edges.map(({ node }) => node.key)),
    centreRuns: single.filter((run) => run.dataset?.id === centre.id).map(({ id }) => id),
    exam: await putToTheTest(client, { runId: first.id, centre }),
  };
}

/** With a panel of each kind, on the runs of one experiment; found again where it is there already. */
async function writeReport(client: GraphqlClient, experiment: string): Promise<string> {
  const name = 'Deep against shallow';
  const { report } = await client.request(FindReportDocument, { name });
  if (report) return report.id;
  const runs = `runs: experiment = '${experiment}'`;
  const blocks = [
    ['chart', `${runs}`, 'metrics: validation.auc, train.loss'],
    [
      'table',
      runs,
      'columns: architecture, learningRate, validation.auc, low(validation.auc), high(validation.auc)',
    ],
    ['comparison', `${runs} and testOpened`, 'sort: validation.auc desc', 'limit: 2'],
  ].map(([kind, ...lines]) => [`\`\`\`${kind}`, ...lines, '```'].join('\n'));
  const texts = ['Which network to use, on the *same* patients.', ...blocks];
  const { createReport } = await client.request(CreateReportDocument, { name, body: texts.join('\n\n') });
  return createReport.id;
}

type SplitWish = { datasetId: string; strategy: 'RANDOM_PATCH' | 'BY_SITE' | 'PATIENT_STRATIFIED' };

/** The same again where it is there already. */
async function addSplit(client: GraphqlClient, input: SplitWish): Promise<string> {
  const { createSplit } = await client.request(CreateSplitDocument, { input: { ...input, seed: 1 } });
  const [split] = createSplit.splits;
  if (!split) throw new Error(`No split ${input.strategy} was made.`);
  return split.id;
}

/** A run on the patients of the other centre, by a task whose sides are those of the run. */
async function putToTheTest(
  client: GraphqlClient,
  {
    runId,
    centre,
  }: { runId: string; centre: { id: string; tasks: readonly { id: string; name: string }[] } },
): Promise<string> {
  const input = { datasetId: centre.id, name: EXAM_TASK, positive: ['IDC'], negative: ['not IDC'] };
  const known = centre.tasks.find(({ name }) => name === EXAM_TASK);
  const task = known ?? (await client.request(AddTaskDocument, { input })).createTask;
  const asked = { runId, datasetId: centre.id, taskId: task.id, requestedBy: 'Ada' };
  const { id } = (await client.request(AskForExamDocument, { input: asked })).evaluateModel;
  const isDone = async () =>
    (await client.request(IsExamDoneDocument, { id })).externalEvaluation?.status === 'SUCCEEDED';
  while (!(await isDone())) await setTimeout(POLL_MS);
  return id;
}

/** Two short runs on the other centre's data, which has sites to compare them on. */
export async function runOnCentre(client: GraphqlClient, datasetId: string): Promise<string[]> {
  const splitId = await addSplit(client, { datasetId, strategy: 'PATIENT_STRATIFIED' });
  const input = { datasetId, name: 'Colour or structure?' };
  const { createExperiment } = await client.request(CreateExperimentDocument, { input });
  const runIds: string[] = [];
  for (const architecture of ['colour-baseline', 'shallow']) {
    const hyperparameters = { architecture, epochs: 6 };
    const asked = { experimentId: createExperiment.id, splitId, hyperparameters };
    runIds.push((await client.request(LaunchRunDocument, { input: asked })).launchRun.id);
  }
  const isDone = async (id: string) =>
    (await client.request(IsRunDoneDocument, { id })).run?.status === 'SUCCEEDED';
  for (const id of runIds) while (!(await isDone(id))) await setTimeout(POLL_MS);
  return runIds;
}

/** As lists are that were drawn by file: two patients are on two sides. */
function writeLeakingList(keys: readonly string[]): string {
  const side = (at: number) => (at < 9 ? 'train' : at < 12 ? 'val' : 'test');
  const rows = keys.map((key, at) => `${key},${side(at)}`);
  return ['patient,subset', ...rows, `${keys[0]},test`, `${keys[1]},val`].join('\n');
}

/** Two small sweeps, trained to their end. */
export async function runSweeps(
  client: GraphqlClient,
  { dataset, split }: { dataset: string; split: string },
): Promise<ShownIds['sweeps']> {
  const { createExperiment } = await client.request(CreateExperimentDocument, {
    input: { datasetId: dataset, name: 'Which learning rate?' },
  });
  const launch = async (sweep: Omit<LaunchSweepInput, 'experimentId'>) => {
    const input = { experimentId: createExperiment.id, ...sweep };
    const { id } = (await client.request(LaunchSweepDocument, { input })).launchSweep;
    while (!(await client.request(IsSweepSettledDocument, { id })).sweep?.settled) await setTimeout(POLL_MS);
    return id;
  };
  const learningRate = { low: 1e-4, high: 1e-2, log: true };
  const halving = await launch({
    name: 'Halving',
    strategy: 'HALVING',
    splitIds: [split],
    base: { width: 0.5 },
    space: { learningRate, batchSize: [16, 32, 64] },
    trials: 8,
    eta: 2,
    minEpochs: 1,
    maxEpochs: 6,
  });
  const folds = await launch({
    name: 'Five folds',
    strategy: 'FOLDS',
    folds: 5,
    base: { width: 0.5, epochs: 3 },
  });
  await client.request(OpenSweepTestDocument, { id: folds });
  return { halving, folds };
}
