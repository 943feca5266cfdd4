/** What stands around runs on a platform in use: words of people, runs of other programs, a webhook, a view, a budget, a slide. */
import { createRandom } from '@microtome/domain/seeded-random';
import type { GraphqlClient } from '../../apps/cli/src/graphql/graphql-client.ts';
import {
  AddHookDocument,
  AskOfSlideDocument,
  FindNamesDocument,
  FinishOutsideRunDocument,
  KeepViewDocument,
  LogOutsideMetricsDocument,
  NoteRunDocument,
  PromiseBudgetDocument,
  SayOfRunDocument,
  StartOutsideRunDocument,
} from '../generated/graphql.ts';

type Around = {
  runs: readonly string[];
  experiment: string;
  split: string;
  model: string;
  slidePath: string;
};

const OUTSIDE_EPOCHS = 40;
/** A loss is no number there, as happens. */
const LOST_EPOCH = 17;

/** Nothing where it was done before. */
export async function fillAround(client: GraphqlClient, around: Around): Promise<void> {
  const [runId] = around.runs;
  if (!runId) return;
  const { run, models } = await client.request(FindNamesDocument, { runId });
  if (run?.comments.length !== 0) return;
  await saySomething(client, around);
  for (const [place, rate] of [1e-3, 3e-4, 1e-4].entries()) await recordOutside(client, { rate, place });
  await client.request(PromiseBudgetDocument, { splitId: around.split });
  const view = { name: 'Finished, best first', address: 'status=SUCCEEDED&sort=-validation.auc' };
  await client.request(KeepViewDocument, { input: view });
  const versionId = models.edges[0]?.node.versions[0]?.id;
  const asked = { path: around.slidePath, micronsPerPixel: 0.5, requestedBy: 'Ada' };
  if (versionId) await client.request(AskOfSlideDocument, { input: { ...asked, versionId } });
  // Nobody listens there: what a page says of a message that does not arrive is worth a picture too.
  const hook = {
    medium: 'WEBHOOK',
    address: 'http://localhost:9/hooks/pathology',
    kinds: ['RUN_FAILED', 'EVALUATION_READY', 'CHAMPION_MOVED'],
    addedBy: 'Ada',
  } as const;
  await client.request(AddHookDocument, { input: { ...hook, kinds: [...hook.kinds] } });
}

async function saySomething(client: GraphqlClient, { runs, experiment, model }: Around): Promise<void> {
  const [runId = ''] = runs;
  const say = (author: string, text: string, on: object) =>
    client.request(SayOfRunDocument, { author, text, ...on });
  await say('Ada', 'Recall drops on the two patients with **little tumour**. Worth a look in Tissue.', {
    runId,
  });
  await say('Ben', 'Looked: most misses lie at the edge of the section.\n\n- fat\n- folded tissue', {
    runId,
  });
  await say('Ada', 'Three seeds a network before anything is promoted.', { experimentId: experiment });
  await say('Cleo', 'In use by the reading room since Monday.', { modelId: model });
  const notes = '## What was asked\nDoes depth help at 50 px?\n\n1. same patients\n2. same budget of epochs';
  await client.request(NoteRunDocument, { id: runId, input: { notes, tags: ['baseline', 'paper'] } });
}

/** As a program of another group records it: its own names of numbers, its own hyperparameters. */
async function recordOutside(
  client: GraphqlClient,
  { rate, place }: { rate: number; place: number },
): Promise<void> {
  const { startRun } = await client.request(StartOutsideRunDocument, {
    input: {
      experiment: 'Stain normalisation',
      name: `resnet18 lr ${rate}`,
      architecture: 'resnet18',
      client: 'torch 2',
      hyperparameters: { learningRate: rate, stain: place === 1 ? 'macenko' : 'none', batchSize: 64 },
      parameters: 11_177_025,
      seed: place,
      tags: ['outside'],
    },
  });
  const random = createRandom(place);
  const metrics = Array.from({ length: OUTSIDE_EPOCHS }, (_, at) => {
    const noise = (random.next() - 0.5) * 0.05;
    const loss = 0.7 * Math.exp(-at / (8 + 6 * place)) + 0.2 + noise;
    const isLost = at + 1 === LOST_EPOCH && place === 0;
    const told = { epoch: at + 1, step: (at + 1) * 42 };
    const lost = isLost ? { value: null, notFinite: 'NAN' as const } : { value: loss };
    return [
      { ...told, name: 'val/loss', ...lost },
      { ...told, name: 'val/dice', value: Math.min(0.97, 1.02 - loss) },
    ];
  }).flat();
  await client.request(LogOutsideMetricsDocument, { runId: startRun.id, metrics });
  await client.request(FinishOutsideRunDocument, { id: startRun.id });
}
