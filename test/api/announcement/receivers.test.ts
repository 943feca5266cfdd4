/** Receivers by GraphQL: a secret is told once, what cannot be reached is refused with a sentence, the log can be read. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDeliverer } from '../../../apps/api/src/delivery/deliverer.ts';
import { createBench, launch } from '../run-fixtures.ts';
import { NOTHING_OUTGOING, startTestApi, type TestApi } from '../test-api.ts';
import { type ReceivingServer, startReceivingServer } from './receiving-server.ts';

const ADD = `mutation ($input: AddReceiverInput!) { addReceiver(input: $input) {
  secret receiver { id medium address kinds addedBy pausedAt } } }`;

type Added = { addReceiver: { secret: string; receiver: { id: string; address: string } } };

let api: TestApi;
let closed: TestApi;
let server: ReceivingServer;

beforeAll(async () => {
  const mail = { smtpUrl: 'smtp://127.0.0.1:9', from: 'microtome@lab.example' };
  api = await startTestApi({ outgoing: { ...NOTHING_OUTGOING, mayReachPrivateNetworks: true, mail } });
  closed = await startTestApi();
  server = await startReceivingServer((response) => response.writeHead(200).end('thanks'));
});
afterAll(async () => {
  await server.close();
  await api.close();
  await closed.close();
});

const input = (fields: object = {}) => ({
  input: { medium: 'WEBHOOK', address: server.url, kinds: ['RUN_QUEUED'], addedBy: 'Ada', ...fields },
});

describe('adding a receiver', () => {
  it('tells the secret of a webhook once: nothing else of the schema has it', async () => {
    const { addReceiver } = await api.ask<Added>(ADD, input({ address: 'http://127.0.0.1:9/once#part' }));
    expect(addReceiver).toMatchObject({
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      receiver: {
        medium: 'WEBHOOK',
        address: 'http://127.0.0.1:9/once',
        kinds: ['RUN_QUEUED'],
        addedBy: 'Ada',
      },
    });
    expect(await api.fail('{ receivers { secret } }')).toMatchObject({
      message: expect.stringMatching(/Cannot query field/),
    });
  });

  it.each([
    [{ address: 'ftp://lab.example/' }, /not an address that begins with http/],
    [{ address: 'lab.example' }, /not an address that begins with http/],
    [{ address: 'https://ada:pass@lab.example/' }, /holds a name or password/],
    [{ address: `https://lab.example/${'a'.repeat(1_000)}` }, /at most 1000/],
    [{ medium: 'MAIL', address: 'ada' }, /not a mail address/],
    [{ medium: 'MAIL', address: 'ada@lab.example\nBcc: all@lab.example' }, /not a mail address/],
    [{ kinds: [] }, /at least one kind/],
  ])('refuses %o', async (fields, sentence) => {
    const refused = await api.fail(ADD, input(fields));
    expect(refused).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(sentence) });
  });

  it('refuses the same address twice', async () => {
    const mail = { medium: 'MAIL', address: 'ada@lab.example' };
    expect((await api.ask<Added>(ADD, input(mail))).addReceiver.secret).toBeNull();
    expect(await api.fail(ADD, input(mail))).toMatchObject({ code: 'CONFLICT' });
  });

  it('refuses what this server would not send to', async () => {
    expect(await closed.fail(ADD, input())).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/'127\.0\.0\.1' is not on the public internet/),
    });
    expect(await closed.fail(ADD, input({ address: 'http://localhost:9/' }))).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/'localhost' leads to (127\.0\.0\.1|::1), which/),
    });
    expect(await closed.fail(ADD, input({ address: 'https://nowhere.invalid/' }))).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/no server 'nowhere\.invalid'/),
    });
    expect(await closed.fail(ADD, input({ medium: 'MAIL', address: 'ada@lab.example' }))).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(/SMTP_URL is not set/),
    });
    expect(await closed.ask('{ serverInfo { sendsMail } receivers { id } }')).toEqual({
      serverInfo: { sendsMail: false },
      receivers: [],
    });
  });
});

describe('a receiver', () => {
  it('is told of what happens, and its log says what became of it', async () => {
    const { addReceiver } = await api.ask<Added>(ADD, input());
    const { id } = addReceiver.receiver;
    const deliverer = startDeliverer({
      ...api,
      outgoing: { ...NOTHING_OUTGOING, mayReachPrivateNetworks: true },
      log: api.log,
    });
    const run = await launch(api.store, await createBench(api.store));
    await server.waitFor(1);
    type Log = { receiver: { pendingCount: number; deliveries: { edges: { node: { id: string } }[] } } };
    const readLog = () =>
      api.ask<Log>(
        `query ($id: ID!) { receiver(id: $id) { pendingCount failedCount deliveries(first: 5) { totalCount edges { node {
          id status attemptsMade announcement { kind title path } attempts { answerStatus answer error } } } } } }`,
        { id },
      );
    await expect.poll(async () => (await readLog()).receiver.pendingCount, { timeout: 20_000 }).toBe(0);
    const log = await readLog();
    expect(log).toMatchObject({
      receiver: {
        failedCount: 0,
        deliveries: {
          totalCount: 1,
          edges: [
            {
              node: {
                status: 'DELIVERED',
                announcement: {
                  kind: 'RUN_QUEUED',
                  title: `Run '${run.name}' is queued`,
                  path: `/runs/${run.id}`,
                },
                attempts: [{ answerStatus: 200, answer: 'thanks', error: null }],
              },
            },
          ],
        },
      },
    });
    const { id: deliveryId } = log.receiver.deliveries.edges[0]!.node;
    await api.ask('mutation ($id: ID!) { redeliver(id: $id) { status } }', { id: deliveryId });
    expect((await server.waitFor(2)).headers['webhook-id']).toBe(deliveryId);
    await deliverer.close();
    await api.ask('mutation ($id: ID!) { testReceiver(id: $id) { announcement { number } } }', { id });
    const change =
      'mutation ($id: ID!, $paused: Boolean, $kinds: [AnnouncementKind!]) { changeReceiver(id: $id, paused: $paused, kinds: $kinds) { kinds pausedAt } }';
    const kinds = ['CHAMPION_MOVED'];
    expect(await api.ask(change, { id, kinds })).toEqual({ changeReceiver: { kinds, pausedAt: null } });
    expect(await api.ask(change, { id, paused: true })).toMatchObject({
      changeReceiver: { kinds, pausedAt: expect.any(String) },
    });
    expect(await api.ask('mutation ($id: ID!) { removeReceiver(id: $id) }', { id })).toEqual({
      removeReceiver: id,
    });
    expect(await api.ask('query ($id: ID!) { receiver(id: $id) { id } }', { id })).toEqual({
      receiver: null,
    });
  });

  it('that is unknown is an error that says so', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    for (const act of [
      'changeReceiver(id: $id) { id }',
      'removeReceiver(id: $id)',
      'testReceiver(id: $id) { id }',
      'redeliver(id: $id) { id }',
      'renewReceiverSecret(id: $id) { secret }',
    ]) {
      expect(await api.fail(`mutation ($id: ID!) { ${act} }`, { id })).toMatchObject({ code: 'NOT_FOUND' });
    }
  });
});

describe('announcements', () => {
  it('are listed after a number, of the kinds that are asked for', async () => {
    const ask = (after: number, kinds: string[] | null = null) =>
      api.ask<{ announcements: { number: number; kind: string; facts: object }[] }>(
        'query ($after: Int!, $kinds: [AnnouncementKind!]) { announcements(after: $after, kinds: $kinds) { number kind facts at } }',
        { after, kinds },
      );
    const { announcements } = await ask(0);
    expect(announcements[0]).toMatchObject({ number: 1, kind: 'RUN_QUEUED', facts: { status: 'QUEUED' } });
    expect((await ask(announcements.at(-1)!.number)).announcements).toEqual([]);
    expect((await ask(0, ['CHAMPION_MOVED'])).announcements).toEqual([]);
  });
});
