/**
 * Subscriptions over two API processes on one database: each tells the same, whichever a client asks, what a third process
 * does included, and a client whose API is killed goes on at the other from the last number that it saw.
 */
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { demoteModelVersion, promoteModelVersion } from '@microtome/store/model/promotions';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createTestStore, type TestStore } from '../../test-store.ts';
import { type ApiProcess, startApi } from '../api-process.ts';
import { addEpoch, type Bench, createBench, finishRun, launch, trainRun } from '../run-fixtures.ts';

const LENIENT = {
  requireColourBaseline: false,
  championAucMargin: 0.5,
  maximumEce: 1,
  minimumTestPatients: 0,
  maximumTestOpenings: 1000,
};

let given: TestStore;
let bench: Bench;
let apis: [ApiProcess, ApiProcess];

beforeAll(async () => {
  given = await createTestStore();
  bench = await createBench(given.store);
  apis = [await startApi(given), await startApi(given)];
}, 120_000);
afterAll(async () => {
  await Promise.allSettled(apis.map((api) => api.stop()));
  await given.close();
});

describe('two API processes on one database', () => {
  it('tell the same events of a run to their clients, as they come', async () => {
    const { id: runId, attempt } = await trainRun(given.store, bench, { epochs: 1 });
    const followers = openAll(
      `subscription ($runId: ID!) { runEvents(runId: $runId) { ... on RunEvent { seq } } }`,
      { runId },
    );
    const replayed = await readAll(followers, 3);
    for (let epoch = 2; epoch <= 4; epoch++) await addEpoch(given.store, { runId, attempt, epoch });
    const followed = await readAll(followers, 3);
    for (const at of [0, 1]) {
      expect([...replayed[at]!, ...followed[at]!].map(({ runEvents }) => runEvents)).toEqual(
        [1, 2, 3, 4, 5, 6].map((seq) => ({ seq })),
      );
    }
    await closeAll(followers);
  });

  it('tell of runs that change', async () => {
    const followers = openAll('subscription { runsChanged { runId status } }', {});
    const waiting = followers.map((follower) => follower.next());
    await waitForSubscriptions();
    const { id } = await launch(given.store, bench);
    for (const one of waiting) {
      expect((await one).value).toEqual({ runsChanged: { runId: id, status: 'QUEUED' } });
    }
    await closeAll(followers);
  });

  it('tell of an import until it ends', async () => {
    const { prisma } = given.store.database;
    const { id } = await prisma.datasetImport.create({ data: { name: 'set', sourcePath: '/set' } });
    const followers = openAll('subscription ($id: ID!) { datasetImport(id: $id) { status filesDone } }', {
      id,
    });
    await readAll(followers, 1);
    await prisma.datasetImport.update({ where: { id }, data: { filesDone: 5, filesTotal: 9 } });
    expect(await readAll(followers, 1)).toEqual(
      [0, 1].map(() => [{ datasetImport: { status: 'RUNNING', filesDone: 5 } }]),
    );
    const failure = { status: 'FAILED', error: 'Unreadable.', finishedAt: new Date() } as const;
    await prisma.datasetImport.update({ where: { id }, data: failure });
    expect(await readAll(followers, 1)).toEqual(
      [0, 1].map(() => [{ datasetImport: { status: 'FAILED', filesDone: 5 } }]),
    );
    for (const follower of followers) expect((await follower.next()).done).toBe(true);
  });

  it('tell of champions that move, replayed and followed', async () => {
    const { id: runId } = await finishRun(given.store, bench);
    await openTest(given.store, { runId, reason: 'the final word' });
    const { id: modelId } = await createModel(given.store, { name: 'm', policy: LENIENT, createdBy: 'Ada' });
    const { id: versionId } = await registerModelVersion(given.store, { modelId, runId });
    await promoteModelVersion(given.store, { versionId, reason: 'good' });
    const followers = openAll(
      'subscription { championMoved(after: 0) { number act versionNumber model { name } version { number } } }',
      {},
    );
    const [first] = await readAll(followers, 1);
    await demoteModelVersion(given.store, { versionId, reason: 'bad' });
    const told = await readAll(followers, 1);
    expect(first![0]!.championMoved).toMatchObject({
      act: 'PROMOTE',
      model: { name: 'm' },
      version: { number: 1 },
    });
    expect(told[0]).toEqual(told[1]);
    expect(told[0]![0]!.championMoved).toMatchObject({ act: 'DEMOTE', versionNumber: 1 });
    await closeAll(followers);
  });

  it('tell of evaluations, and after one is killed the other goes on where it ended', async () => {
    const document = `subscription ($after: Int) { evaluationReady(after: $after) { number runId subset
      run { evaluations { subset } } } }`;
    const [first, second] = openAll(document, { after: 0 });
    const early = await finishRun(given.store, bench, { seed: 1 });
    const seen = await readUntil(first!, early.id);
    await first!.return();
    await apis[0].kill();
    const late = await finishRun(given.store, bench, { seed: 2 });
    const missed = await finishRun(given.store, bench, { seed: 3 });
    const goingOn = follow(apis[1], document, { after: seen.at(-1)!.evaluationReady!.number });
    const rest = await readUntil(goingOn, missed.id);
    expect(rest.map(({ evaluationReady }) => evaluationReady!.runId)).toEqual([late.id, missed.id]);
    expect(rest[0]!.evaluationReady).toMatchObject({
      subset: 'VALIDATION',
      run: { evaluations: [{ subset: 'VALIDATION' }] },
    });
    const all = await readUntil(second!, missed.id);
    expect(all).toEqual([...seen, ...rest]);
    await Promise.all([goingOn.return(), second!.return()]);
  });
});

type Told = Record<string, { number: number; runId: string }>;

function openAll(document: string, variables: object): AsyncGenerator<Told, void>[] {
  return apis.map((api) => follow(api, document, variables));
}

async function* follow(api: ApiProcess, query: string, variables: object): AsyncGenerator<Told, void> {
  const client = createClient({
    url: api.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  try {
    for await (const { data, errors } of client.iterate<Told>({ query, variables: { ...variables } })) {
      if (errors?.[0]) throw new Error(errors[0].message);
      if (data) yield data;
    }
  } finally {
    await client.dispose();
  }
}

async function readAll(followers: readonly AsyncGenerator<Told, void>[], amount: number): Promise<Told[][]> {
  return Promise.all(
    followers.map(async (follower) => {
      const taken: Told[] = [];
      while (taken.length < amount) taken.push((await follower.next()).value as Told);
      return taken;
    }),
  );
}

/** As far as the evaluation of this run. */
async function readUntil(follower: AsyncGenerator<Told, void>, runId: string): Promise<Told[]> {
  const taken: Told[] = [];
  while (taken.at(-1)?.evaluationReady?.runId !== runId) taken.push((await follower.next()).value as Told);
  return taken;
}

async function closeAll(followers: readonly AsyncGenerator<Told, void>[]): Promise<void> {
  await Promise.all(followers.map((follower) => follower.return()));
}

async function waitForSubscriptions(): Promise<void> {
  for (const { url } of apis) {
    const read = async () => (await fetch(url.replace('/graphql', '/metrics'))).text();
    await expect.poll(read, { timeout: 20_000 }).toMatch(/^microtome_subscriptions 1$/m);
  }
}
