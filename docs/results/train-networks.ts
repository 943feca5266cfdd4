/**
 * Trains the networks of the results page as ordinary runs, on a split by patient and on a random one. What the home
 * already has is found again by name, so a killed script goes on where it was.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  CreateExperimentDocument,
  FollowRunDocument,
  LaunchRunDocument,
} from '../../apps/cli/generated/graphql.ts';
import { printEpoch } from '../../apps/cli/src/demo/demo-report.ts';
import { importDemoDataset } from '../../apps/cli/src/demo/demo-steps.ts';
import type { GraphqlClient } from '../../apps/cli/src/graphql/graphql-client.ts';
import { readObject } from '../../apps/cli/src/graphql/json-fields.ts';
import {
  CompareWithBaselineDocument,
  type CompareWithBaselineQuery,
  CreateResultSplitDocument,
  GetDatasetDocument,
  type GetDatasetQuery,
  GetResultRunDocument,
  ListExperimentsDocument,
  ListPatientsDocument,
  type ListPatientsQuery,
  ListRunsDocument,
  OpenResultTestDocument,
  type ResultRunFragment,
  type ResultSplitFragment,
  RetryRunDocument,
  type SplitStrategy,
} from '../generated/graphql.ts';

export const BASELINE = 'colour-baseline';
const NETWORKS = [BASELINE, 'shallow', 'mobile', 'deep', 'resnet'];
/** A logistic regression learns from larger steps; all else is equal. */
const BASELINE_LEARNING_RATE = 0.01;
const SETTLED = new Set(['SUCCEEDED', 'FAILED', 'CANCELED']);

export type ResultsRequest = {
  datasetPath: string;
  epochs: number;
  maxPatches: number;
  seed: number;
  /** Trainings of each network by patient; all but the first are told of with neighbours alone. */
  seeds: number;
};

export type Results = {
  request: ResultsRequest;
  dataset: ResultDataset;
  largestPatient: number;
  byPatient: { split: ResultSplitFragment; runs: ResultRunFragment[] };
  /** The same by further seeds of training, network by network. */
  bySeed: ResultRunFragment[][];
  random: { split: ResultSplitFragment; runs: ResultRunFragment[] };
  comparison: CompareWithBaselineQuery['compareRuns'];
};

type ResultDataset = NonNullable<GetDatasetQuery['dataset']>;
/** Runs of all networks on one split, by one seed of training. */
type Side = { split: ResultSplitFragment; label: string; seed: number };

/** Trains whatever is not trained yet, opens TEST and gives all that the page tells of. */
export async function collectResults(client: GraphqlClient, request: ResultsRequest): Promise<Results> {
  const { maxPatches, seed, seeds } = request;
  const { id } = await importDemoDataset(client, { path: request.datasetPath, maxPatches, seed });
  const split = await findSplit(client, { id, strategy: 'PATIENT_STRATIFIED', seed });
  const random = await findSplit(client, { id, strategy: 'RANDOM_PATCH', seed });
  const sides: [Side, Side] = [
    { split, label: 'by patient', seed },
    { split: random, label: 'random patches', seed },
  ];
  const others = Array.from({ length: seeds - 1 }, (_, at): Side => {
    const other = seed + 1 + at;
    return { split, label: `by patient, seed ${other}`, seed: other };
  });
  const experimentId = await findExperiment(client, id, request);
  const launched = await launchMissing(client, { experimentId, sides: [...sides, ...others], request });
  const finished = new Map<string, ResultRunFragment>();
  for (const { name, runId } of launched) {
    await followRun(client, { name, runId });
    finished.set(name, await readFinished(client, runId));
  }
  const runsOf = ({ label }: Side) => NETWORKS.map((network) => finished.get(nameRun(network, label))!);
  const runs = sides.map(runsOf) as [ResultRunFragment[], ResultRunFragment[]];
  const runIds = runs[0].map((run) => run.id);
  console.log('\nComparing with the colour baseline, by patient');
  const { compareRuns } = await client.request(CompareWithBaselineDocument, {
    runIds,
    referenceId: runIds[0]!,
  });
  const dataset = await readDataset(client, id);
  const splitOf = (side: Side) => dataset.splits.find((split) => split.id === side.split.id)!;
  return {
    request,
    dataset,
    largestPatient: await findLargestPatient(client, id),
    byPatient: { split: splitOf(sides[0]), runs: runs[0] },
    bySeed: others.map(runsOf),
    random: { split: splitOf(sides[1]), runs: runs[1] },
    comparison: compareRuns,
  };
}

async function readDataset(client: GraphqlClient, id: string): Promise<ResultDataset> {
  const { dataset } = await client.request(GetDatasetDocument, { id });
  if (!dataset) throw new AppError('NOT_FOUND', `The dataset ${id} was deleted.`);
  return dataset;
}

async function findSplit(
  client: GraphqlClient,
  wanted: { id: string; strategy: SplitStrategy; seed: number },
): Promise<ResultSplitFragment> {
  const { splits } = await readDataset(client, wanted.id);
  const found = splits.find((row) => row.strategy === wanted.strategy && Number(row.seed) === wanted.seed);
  if (found) return found;
  const input = { datasetId: wanted.id, strategy: wanted.strategy, seed: wanted.seed };
  const made = await client.request(CreateResultSplitDocument, { input });
  return made.createSplit.splits[0]!;
}

/** One experiment for each set of settings, so that other settings never mix with these runs. */
async function findExperiment(
  client: GraphqlClient,
  datasetId: string,
  { epochs, seed }: ResultsRequest,
): Promise<string> {
  const name = `Results: ${epochs} epochs, seed ${seed}`;
  const { dataset } = await client.request(ListExperimentsDocument, { id: datasetId });
  const found = dataset?.experiments.find((experiment) => experiment.name === name);
  if (found) return found.id;
  const question = 'How much better than colour alone is each network, and how much would a leak flatter it?';
  const input = { datasetId, name, question };
  const made = await client.request(CreateExperimentDocument, { input });
  return made.createExperiment.id;
}

/** Queues what is missing, and again what failed or was canceled; all runs in the order in which they are trained. */
async function launchMissing(
  client: GraphqlClient,
  args: { experimentId: string; sides: readonly Side[]; request: ResultsRequest },
): Promise<{ name: string; runId: string }[]> {
  const { experimentId, sides, request } = args;
  const { runs } = await client.request(ListRunsDocument, { experimentId });
  const known = new Map(runs.edges.map(({ node }) => [node.name, node]));
  const launched: { name: string; runId: string }[] = [];
  for (const network of NETWORKS) {
    for (const { split, label, seed } of sides) {
      const name = nameRun(network, label);
      const run = known.get(name);
      if (run && SETTLED.has(run.status) && run.status !== 'SUCCEEDED') {
        await client.request(RetryRunDocument, { id: run.id });
      }
      const runId =
        run?.id ?? (await launch(client, { experimentId, splitId: split.id, name, network, seed, request }));
      launched.push({ name, runId });
    }
  }
  return launched;
}

async function launch(
  client: GraphqlClient,
  run: {
    experimentId: string;
    splitId: string;
    name: string;
    network: string;
    seed: number;
    request: ResultsRequest;
  },
): Promise<string> {
  const { experimentId, splitId, name, network, seed, request } = run;
  const { epochs } = request;
  const rate = network === BASELINE ? { learningRate: BASELINE_LEARNING_RATE } : {};
  const hyperparameters = { architecture: network, epochs, seed, ...rate };
  const input = { experimentId, splitId, name, hyperparameters, tags: ['results'] };
  const answer = await client.request(LaunchRunDocument, { input });
  return answer.launchRun.id;
}

/** Prints epochs as they come, those of earlier calls too, until the run has settled. */
async function followRun(client: GraphqlClient, run: { name: string; runId: string }): Promise<void> {
  let lastSeq = 0;
  const position = () => ({ runId: run.runId, after: lastSeq });
  // A retried run has an old end among its events: its status is looked up, and the rest followed.
  for await (const { runEvents: fact } of client.follow(FollowRunDocument, position)) {
    if (fact.__typename === 'RunProgress') continue;
    lastSeq = fact.seq;
    const payload = readObject(fact.payload);
    if (fact.kind === 'EPOCH') printEpoch(run.name, payload, fact.metrics);
    if (fact.kind !== 'STATUS' || !SETTLED.has(String(payload.status))) continue;
    if (SETTLED.has((await readRun(client, run.runId)).status)) return;
  }
}

async function readRun(client: GraphqlClient, id: string): Promise<ResultRunFragment> {
  const { run } = await client.request(GetResultRunDocument, { id });
  if (!run) throw new AppError('NOT_FOUND', `The run ${id} was deleted.`);
  return run;
}

/** A finished run with its TEST opened. */
async function readFinished(client: GraphqlClient, id: string): Promise<ResultRunFragment> {
  const run = await readRun(client, id);
  if (run.status !== 'SUCCEEDED') {
    throw new AppError(
      'INTERNAL',
      `The run "${run.name}" ended as ${run.status}: ${run.error ?? 'no reason'}.`,
    );
  }
  if (!run.testSealed) return run;
  await client.request(OpenResultTestDocument, {
    runId: id,
    reason: 'The results page reports TEST of every network.',
  });
  return readRun(client, id);
}

async function findLargestPatient(client: GraphqlClient, id: string): Promise<number> {
  let largest = 0;
  let after: string | null = null;
  for (;;) {
    const page: ListPatientsQuery = await client.request(ListPatientsDocument, { id, after });
    if (!page.dataset) return largest;
    const { edges, pageInfo } = page.dataset.patients;
    largest = Math.max(largest, ...edges.map(({ node }) => node.patchCount));
    if (!pageInfo.hasNextPage) return largest;
    after = pageInfo.endCursor;
  }
}

function nameRun(network: string, label: string): string {
  return `${network}, ${label}`;
}
