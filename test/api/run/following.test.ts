import { randomUUID } from 'node:crypto';
import { requestCancel } from '@microtome/store/run/run-lifecycle';
import { recordLog, setProgress } from '@microtome/store/run/run-recording';
import { updateRun } from '@microtome/store/run/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addEpoch, type Bench, createBench, launch, trainRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi, take } from '../test-api.ts';

type Fact = {
  runEvents:
    | { __typename: 'RunEvent'; seq: number; kind: string; metrics: { name: string; value: number }[] }
    | { __typename: 'RunProgress'; batch: number };
};

const FOLLOW = `subscription ($runId: ID!, $after: Int) { runEvents(runId: $runId, after: $after) { __typename
  ... on RunEvent { seq kind payload metrics { name value } } ... on RunProgress { batch batches } } }`;

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

const followRun = (runId: string, after = 0) => api.follow<Fact>(FOLLOW, { runId, after });
const numbersOf = (facts: Fact[]) =>
  facts.flatMap(({ runEvents }) => ('seq' in runEvents ? [runEvents.seq] : []));
const count = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

describe('the events of a run', () => {
  it('are replayed after a number and then followed, without a gap between the two', async () => {
    const { id, attempt } = await trainRun(api.store, bench, { epochs: 3 });
    const following = followRun(id, 2);
    const replayed = await readOn(following, 3);
    expect(numbersOf(replayed)).toEqual([3, 4, 5]);
    const followed = readOn(following, 2);
    await addEpoch(api.store, { runId: id, attempt, epoch: 4 });
    await addEpoch(api.store, { runId: id, attempt, epoch: 5 });
    const facts = await followed;
    expect(numbersOf(facts)).toEqual([6, 7]);
    expect(facts[0]!.runEvents).toMatchObject({
      kind: 'EPOCH',
      metrics: expect.arrayContaining([{ name: 'train.loss', value: 1 / 4 }]),
    });
    await following.return();
  });

  it('come to every client, whole and in order, wherever each begins', async () => {
    const { id, attempt } = await trainRun(api.store, bench, { epochs: 1 });
    const clients = [followRun(id), followRun(id, 2), followRun(id, 3)];
    const taken = [7, 5, 4].map((amount, position) => take(clients[position]!, amount));
    for (let epoch = 2; epoch <= 5; epoch++) await addEpoch(api.store, { runId: id, attempt, epoch });
    const [all, fromTwo, fromThree] = await Promise.all(taken);
    expect(numbersOf(all!)).toEqual(count(1, 7));
    expect(numbersOf(fromTwo!)).toEqual(count(3, 7));
    expect(numbersOf(fromThree!)).toEqual(count(4, 7));
  });

  it('have no gap when the listening connection breaks while they are written', async () => {
    const { id, attempt } = await trainRun(api.store, bench);
    const following = take(followRun(id), 42);
    for (let line = 1; line <= 40; line++) {
      await recordLog(api.store, { runId: id, attempt, line: `line ${line}` });
      if (line % 10 === 5) await breakListener();
    }
    expect(numbersOf(await following)).toEqual(count(1, 42));
  });

  it('arrive a thousand in a row in order, none lost, none twice', async () => {
    const { id, attempt } = await trainRun(api.store, bench);
    const following = take(followRun(id), 1002);
    await api.store.database.pool.query(
      `insert into run_event (run_id, kind, attempt, payload)
       select $1, 'LOG', $2, jsonb_build_object('line', n::text) from generate_series(1, 850) as n`,
      [id, attempt],
    );
    for (let line = 851; line <= 1000; line++) {
      await recordLog(api.store, { runId: id, attempt, line: `${line}` });
    }
    expect(numbersOf(await following)).toEqual(count(1, 1002));
  });

  it('carry progress without a number in between', async () => {
    const run = await trainRun(api.store, bench);
    const following = followRun(run.id);
    await readOn(following, 2);
    const next = following.next();
    await setProgress(api.store, {
      runId: run.id,
      attempt: run.attempt,
      phase: 'training',
      epoch: 1,
      epochs: 2,
      batch: 3,
      batches: 9,
      patchesPerSecond: 100,
      secondsLeft: 4,
      loss: 0.5,
      waitingFor: null,
    });
    expect((await next).value).toEqual({
      runEvents: { __typename: 'RunProgress', batch: 3, batches: 9 },
    });
    await following.return();
  });

  it('of an unknown run are an error that says so', async () => {
    await expect(followRun(randomUUID()).next()).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/^There is no run/),
    });
  });

  it('leave no subscription behind when the client goes away', async () => {
    const { id } = await trainRun(api.store, bench);
    const following = followRun(id);
    await following.next();
    expect(await readGauge('microtome_subscriptions')).toBe(1);
    await following.return();
    await expect.poll(() => readGauge('microtome_subscriptions')).toBe(0);
  });
});

describe('runs that change', () => {
  const CHANGES = `subscription ($experimentId: ID) { runsChanged(experimentId: $experimentId) {
    runId status epochsDone run { id name } } }`;
  type Change = { runsChanged: { runId: string; status: string; run: { name: string } } };

  it('are told with their present state, to those who follow their experiment', async () => {
    const other = await createBench(api.store, { seed: 2 });
    const following = api.follow<Change>(CHANGES, { experimentId: bench.experiment.id });
    const first = following.next();
    await waitForSubscriptions(1);
    await launch(api.store, other);
    const { id } = await launch(api.store, bench);
    expect((await first).value).toMatchObject({ runsChanged: { runId: id, status: 'QUEUED' } });
    const second = following.next();
    await updateRun(api.store, { runId: id, name: 'renamed' });
    expect((await second).value).toMatchObject({ runsChanged: { runId: id, run: { name: 'renamed' } } });
    const third = following.next();
    await requestCancel(api.store, id);
    expect((await third).value).toMatchObject({ runsChanged: { runId: id, status: 'CANCELED' } });
    await following.return();
  });

  it('are told again after the listening connection broke, so that nothing stays unseen', async () => {
    const { id } = await launch(api.store, bench);
    const following = api.follow<Change>(CHANGES, {});
    const first = following.next();
    await waitForSubscriptions(1);
    await breakListener();
    const seen = new Set([(await first).value?.runsChanged.runId]);
    while (!seen.has(id)) seen.add((await following.next()).value?.runsChanged.runId);
    await following.return();
  });
});

describe('an import', () => {
  const FOLLOW_IMPORT = `subscription ($id: ID!) { datasetImport(id: $id) { status phase filesDone error } }`;
  type State = { datasetImport: { status: string; filesDone: number } };

  it('is told as it stands, then change by change, and the stream ends with it', async () => {
    const { prisma } = api.store.database;
    const { id } = await prisma.datasetImport.create({ data: { name: 'set', sourcePath: '/set' } });
    const following = api.follow<State>(FOLLOW_IMPORT, { id });
    expect((await following.next()).value?.datasetImport).toMatchObject({ status: 'RUNNING', filesDone: 0 });
    const next = following.next();
    await prisma.datasetImport.update({ where: { id }, data: { filesDone: 5, filesTotal: 9 } });
    expect((await next).value?.datasetImport).toMatchObject({ status: 'RUNNING', filesDone: 5 });
    const last = following.next();
    await prisma.datasetImport.update({
      where: { id },
      data: { status: 'FAILED', error: 'No patch could be read.', finishedAt: new Date() },
    });
    expect((await last).value?.datasetImport).toMatchObject({ status: 'FAILED' });
    expect(await following.next()).toEqual({ done: true, value: undefined });
  });

  it('that does not exist is an error that says so', async () => {
    await expect(api.follow(FOLLOW_IMPORT, { id: randomUUID() }).next()).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

/** Reads on without completing the subscription. */
async function readOn<T>(results: AsyncGenerator<T, void>, amount: number): Promise<T[]> {
  const taken: T[] = [];
  while (taken.length < amount) {
    const { done, value } = await results.next();
    if (done) break;
    taken.push(value as T);
  }
  return taken;
}

/** Ends the connection that LISTENs, on the server's side, and waits until it is there again. */
async function breakListener(): Promise<void> {
  const reconnected = new Promise<void>((resolve) => {
    const stop = api.listener.onReconnect(() => {
      stop();
      resolve();
    });
  });
  const { rowCount } = await api.store.database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and (query ilike 'listen %' or query = 'select') and pid <> pg_backend_pid()`,
  );
  expect(rowCount).toBeGreaterThan(0);
  await reconnected;
}

async function readGauge(name: string): Promise<number> {
  const text = await (await api.get('/metrics')).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

async function waitForSubscriptions(amount: number): Promise<void> {
  await expect.poll(() => readGauge('microtome_subscriptions')).toBe(amount);
}
