/** Trains on samples as a user would, through the API: splits, runs, TEST opened, figures read back. */
import { AppError } from '@microtome/domain/app-error';
import { CreateExperimentDocument, LaunchRunDocument } from '../../apps/cli/generated/graphql.ts';
import { followRun } from '../../apps/cli/src/demo/follow-run.ts';
import type { GraphqlClient } from '../../apps/cli/src/graphql/graphql-client.ts';
import {
  CreateLayoutSplitsDocument,
  GetLayoutRunDocument,
  type GetLayoutRunQuery,
  type LayoutSplitFragment,
  ListSamplesDocument,
  type ListSamplesQuery,
  OpenLayoutTestDocument,
  type SplitStrategy,
} from '../generated/graphql.ts';

export type LayoutDataset = ListSamplesQuery['datasets']['edges'][number]['node'];
export type LayoutRun = NonNullable<GetLayoutRunQuery['run']>;
export type SplitRuns = { split: LayoutSplitFragment; runs: LayoutRun[] };

export async function findDataset(client: GraphqlClient, name: string): Promise<LayoutDataset> {
  const { datasets } = await client.request(ListSamplesDocument, {});
  const found = datasets.edges.find(({ node }) => node.name === name);
  if (!found) throw new AppError('NOT_FOUND', `There is no dataset "${name}".`);
  return found.node;
}

/** Makes the splits of a strategy and trains each network on each of them, one after another. */
export async function trainOnSplits(
  client: GraphqlClient,
  dataset: LayoutDataset,
  plan: { strategy: SplitStrategy; architectures: readonly string[]; epochs: number; seed: number },
): Promise<SplitRuns[]> {
  const { strategy, architectures, epochs, seed } = plan;
  const made = await client.request(CreateLayoutSplitsDocument, {
    input: { datasetId: dataset.id, strategy, seed },
  });
  const experiment = await client.request(CreateExperimentDocument, {
    input: {
      datasetId: dataset.id,
      taskId: dataset.tasks[0]!.id,
      name: `Layouts page, ${strategy}`,
      question: 'What does a network learn here, by the honest figures?',
    },
  });
  const trained: SplitRuns[] = [];
  for (const split of made.createSplit.splits) {
    const runs: LayoutRun[] = [];
    for (const architecture of architectures) {
      const { launchRun } = await client.request(LaunchRunDocument, {
        input: {
          experimentId: experiment.createExperiment.id,
          splitId: split.id,
          name: `${architecture}, ${split.id.slice(-6)}`,
          hyperparameters: { architecture, epochs, seed },
          tags: ['layouts'],
        },
      });
      await followRun(client, launchRun);
      runs.push(await openTest(client, launchRun.id));
    }
    trained.push({ split, runs });
  }
  return trained;
}

async function openTest(client: GraphqlClient, runId: string): Promise<LayoutRun> {
  const { run } = await client.request(GetLayoutRunDocument, { id: runId });
  if (run?.status !== 'SUCCEEDED') {
    throw new AppError('INTERNAL', `The run "${run?.name}" ended as ${run?.status}: ${run?.error}.`);
  }
  await client.request(OpenLayoutTestDocument, { runId, reason: 'The layouts page reports TEST.' });
  const opened = await client.request(GetLayoutRunDocument, { id: runId });
  return opened.run!;
}
