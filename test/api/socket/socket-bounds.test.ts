import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SOCKET_LIMITS } from '../../../apps/api/src/socket/socket-limits.ts';
import { countStatements } from '../../fixtures/count-statements.ts';
import { addEpoch, type Bench, createBench, launch, trainRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi, take } from '../test-api.ts';
import { connectRaw, type Message, type RawClient, readErrors, readEvent } from './raw-client.ts';

const FOLLOW = `subscription Follow($runId: ID!, $after: Int!) { runEvents(runId: $runId, after: $after) {
  ... on RunEvent { seq kind payload metrics { name value } } } }`;
const CHANGES = 'subscription { runsChanged { runId run { id name experiment { id } } } }';

const limits = { stallMs: 300, waitAboveBytes: 16 * 1024, acknowledgeWithinMs: 300, closeWithinMs: 20_000 };
let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi({ socketLimits: { ...limits, sockets: 12, unacknowledgedSockets: 3 } });
  bench = await createBench(api.store);
});
afterAll(() => api.close());

describe('many subscriptions on one socket', () => {
  it('are let in up to a limit, the others told so, and the process answers meanwhile', async () => {
    const { id: runId } = await trainRun(api.store, bench);
    const client = await connect();
    for (let at = 0; at < 1000; at++) client.subscribe(`${at}`, FOLLOW, { runId, after: 0 });
    expect((await api.get('/readyz')).status).toBe(200);
    const refused = await client.wait(
      1000 - SOCKET_LIMITS.operationsPerSocket,
      ({ type }) => type === 'error',
    );
    expect(refused[0]!.payload).toEqual([
      expect.objectContaining({
        message: '64 operations are open on this socket, and no more fit.',
        extensions: { code: 'UNAVAILABLE', retryable: true },
      }),
    ]);
    await client.wait(2 * SOCKET_LIMITS.operationsPerSocket, ({ type }) => type === 'next');
    expect(await readMetric('microtome_subscriptions')).toBe(SOCKET_LIMITS.operationsPerSocket);
    expect(await readMetric('microtome_socket_refusals_total{what="operation"}')).toBeGreaterThan(900);
    await leave(client);
  });

  it('free their places when they are completed, also before they began', async () => {
    const { id: runId } = await trainRun(api.store, bench);
    const client = await connect();
    for (let round = 0; round < 5; round++) {
      for (let at = 0; at < SOCKET_LIMITS.operationsPerSocket; at++) {
        client.subscribe(`${round} ${at}`, FOLLOW, { runId, after: 0 });
        client.send({ type: 'complete', id: `${round} ${at}` });
      }
      // A query is let in once one of them is over.
      let asked = 0;
      await expect
        .poll(async () => {
          const wanted = `ask ${round} ${asked++}`;
          client.subscribe(wanted, '{ __typename }');
          return (await client.wait(1, ({ id }) => id === wanted))[0]!.type;
        })
        .toBe('next');
    }
    await leave(client);
  });

  it('are told an event that all of them ask for by executing it once', async () => {
    const { id: runId, attempt } = await trainRun(api.store, bench);
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect()));
    for (const client of clients) {
      for (let at = 0; at < 10; at++) client.subscribe(`${at}`, FOLLOW, { runId, after: 1 });
    }
    const isEvent = (seq: number) => (message: Message) => readEvent(message)?.seq === seq;
    await Promise.all(clients.map((client) => client.wait(10, isEvent(2))));
    const statements = await countStatements(api.store, async () => {
      await addEpoch(api.store, { runId, attempt, epoch: 1 });
      await Promise.all(clients.map((client) => client.wait(10, isEvent(3))));
    });
    // Most of them record the epoch; it took two for each of the hundred subscriptions.
    expect(statements).toBeLessThan(40);
    for (const client of clients) {
      const metrics = client.messages.filter(isEvent(3)).map((message) => readEvent(message)?.metrics);
      for (const one of metrics) expect(one).toContainEqual({ name: 'validation.auc', value: 0.5 });
    }
    for (const client of clients) await leave(client);
  });
});

describe('many sockets', () => {
  it('are let in up to a limit, the next told why it is closed, and let in when one has left', async () => {
    const clients = await Promise.all(Array.from({ length: 12 }, () => connect()));
    expect(await readMetric('microtome_sockets')).toBe(12);
    const refused = await connectRaw(api.port);
    expect(await refused.closed).toEqual({
      code: 1013,
      reason: '12 clients are connected, and no more fit.',
    });
    await leave(clients.pop()!);
    const late = await connect();
    late.subscribe('1', '{ __typename }');
    await late.wait(1, ({ type }) => type === 'next');
    for (const client of [...clients, late]) await leave(client);
  });

  it('that do not introduce themselves are few and not for long', async () => {
    const silent = await Promise.all(
      Array.from({ length: 3 }, () => connectRaw(api.port, { isSilent: true })),
    );
    const refused = await connectRaw(api.port, { isSilent: true });
    expect(await refused.closed).toMatchObject({
      code: 1013,
      reason: expect.stringMatching(/^3 clients have not/),
    });
    for (const { closed } of silent) expect((await closed).code).toBe(4408);
  });
});

describe('a client that does not read', () => {
  it('is told and closed when it takes nothing, holds little meanwhile, and loses nothing afterwards', async () => {
    const { id: runId } = await trainRun(api.store, bench);
    const client = await connect();
    client.subscribe('slow', FOLLOW, { runId, after: 0 });
    await client.wait(2, ({ type }) => type === 'next');
    client.socket.pause();
    await logLines(runId, { amount: 300, characters: 100_000 });
    await expect.poll(() => readMetric('microtome_slow_clients_closed_total'), { timeout: 30_000 }).toBe(1);
    expect(await readMetric('microtome_subscriptions')).toBe(0);
    const line = api.logged.find(({ msg }) => msg === 'client reads too slowly');
    expect(line?.waitingBytes).toBeGreaterThan(limits.waitAboveBytes);
    expect(line?.waitingBytes).toBeLessThan(1024 * 1024);
    client.socket.resume();
    const { code, reason } = await client.closed;
    expect(code).toBe(4013);
    expect(reason).toMatch(/^\d+ bytes wait to be read by you\. Connect again/);
    const heard = client.messages.flatMap((message) => readEvent(message)?.seq ?? []);
    expect(heard.length).toBeLessThan(302);
    const after = heard.at(-1) as number;
    const rest = await take(api.follow<Followed>(FOLLOW, { runId, after }), 302 - after);
    expect([...heard, ...rest.map(({ runEvents }) => runEvents.seq)]).toEqual(
      Array.from({ length: 302 }, (_, at) => at + 1),
    );
  });

  it('cannot fill the memory with answers to its queries or pings', async () => {
    const client = await connect();
    client.socket.pause();
    const slowBefore = await readMetric('microtome_slow_clients_closed_total');
    const payload = { filler: 'x'.repeat(50_000) };
    for (let at = 0; at < 1000; at++) client.send({ type: 'ping', payload });
    for (let at = 0; at < 64; at++) client.subscribe(`${at}`, '{ __schema { types { name description } } }');
    await expect
      .poll(() => readMetric('microtome_slow_clients_closed_total'), { timeout: 30_000 })
      .toBe(slowBefore + 1);
    const line = api.logged.findLast(({ msg }) => msg === 'client reads too slowly');
    expect(line?.waitingBytes).toBeLessThan(1024 * 1024);
    client.socket.terminate();
    await client.closed;
  });
});

describe('a client that breaks the rules', () => {
  it.each<[string, (client: RawClient) => void, number]>([
    ['sends what only a server sends', ({ send }) => send({ type: 'next', id: '1', payload: {} }), 4400],
    ['sends what is not JSON', ({ socket }) => socket.send('{'), 4400],
    ['sends a message too large', ({ socket }) => socket.send('x'.repeat(300 * 1024)), 1009],
    ['gives an operation a long id', ({ subscribe }) => subscribe('i'.repeat(500), '{ __typename }'), 4400],
    ['introduces itself twice', ({ send }) => send({ type: 'connection_init' }), 4429],
    [
      'uses an id twice',
      ({ subscribe }) => [CHANGES, CHANGES].forEach((query) => void subscribe('1', query)),
      4409,
    ],
  ])('and %s is closed by a code that says so', async (_name, act, code) => {
    const client = await connect();
    act(client);
    expect((await client.closed).code).toBe(code);
  });

  it('by asking before it introduced itself is closed', async () => {
    const client = await connectRaw(api.port, { isSilent: true });
    client.subscribe('1', CHANGES);
    expect((await client.closed).code).toBe(4401);
  });

  it('by a document that is wrong gets an error for it alone', async () => {
    const client = await connect();
    client.subscribe('1', 'query A { __typename } query B { __typename }');
    client.subscribe('2', '{ nothing }');
    client.subscribe('3', '{ __typename }');
    const [several, unknown, answer] = await Promise.all(
      ['1', '2', '3'].map((wanted) => client.wait(1, ({ id }) => id === wanted)),
    );
    expect(readErrors(several![0]!)[0]?.message).toMatch(/several operations/);
    expect(readErrors(unknown![0]!)[0]?.extensions.code).toBe('BAD_INPUT');
    expect(answer![0]!.payload).toEqual({ data: { __typename: 'Query' } });
    await leave(client);
  });
});

describe('clients that vanish', () => {
  it('leave no socket, subscription or listener behind', async () => {
    const before = api.listener.countSubscribers();
    const clients = await Promise.all(Array.from({ length: 10 }, () => connect()));
    const { id: runId } = await launch(api.store, bench);
    for (const client of clients) {
      client.subscribe('events', FOLLOW, { runId, after: 0 });
      client.subscribe('changes', CHANGES);
    }
    await Promise.all(clients.map((client) => client.wait(1, ({ id }) => id === 'events')));
    await expect.poll(() => readMetric('microtome_subscriptions')).toBe(20);
    for (const client of clients) client.socket.terminate();
    await expect.poll(() => readMetric('microtome_sockets')).toBe(0);
    expect(await readMetric('microtome_subscriptions')).toBe(0);
    expect(api.listener.countSubscribers()).toBe(before);
  });
});

type Followed = { runEvents: { seq: number } };

function connect(): Promise<RawClient> {
  return connectRaw(api.port);
}

async function leave({ socket, closed }: RawClient): Promise<void> {
  const before = await readMetric('microtome_sockets');
  socket.close();
  await closed;
  await expect.poll(() => readMetric('microtome_sockets')).toBeLessThan(before);
}

async function logLines(
  runId: string,
  { amount, characters }: { amount: number; characters: number },
): Promise<void> {
  await api.store.database.pool.query(
    `insert into run_event (run_id, kind, attempt, payload)
     select $1, 'LOG', 0, jsonb_build_object('line', repeat('x', $3::int)) from generate_series(1, $2::int)`,
    [runId, amount, characters],
  );
}

/** 0 when there is no such line yet. */
async function readMetric(name: string): Promise<number> {
  const text = await (await api.get('/metrics')).text();
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  return Number(line?.split(' ').at(-1) ?? 0);
}
