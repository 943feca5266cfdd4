/** Webhooks and mail against real servers: signed, tried again, logged, and nowhere but where they may go. */
import { claimDeliveries, redeliver, sendTest } from '@microtome/store/announcement/deliveries';
import { addReceiver, changeReceiver, renewSecret } from '@microtome/store/announcement/receivers';
import { requestCancel } from '@microtome/store/run/run-lifecycle';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { launchTestRun } from '../../fixtures/run.ts';
import { openDeliveryBench } from './delivery-bench.ts';

const { store, bench, closeLater, findDeliveries, deliver, receive, addWebhook, waitFor, passTime } =
  await openDeliveryBench();
const { prisma } = store.database;

describe('a webhook', () => {
  it('gets what it is registered for, signed so that a library of Standard Webhooks accepts it', async () => {
    const server = await receive();
    const { receiver, secret } = await addWebhook(server.url);
    deliver();
    const run = await launchTestRun(store, bench);
    await requestCancel(store, run.id);
    const { headers, body } = await server.waitFor(1);
    const { id } = await waitFor(receiver.id, 'DELIVERED');
    expect(headers['webhook-id']).toBe(id);
    expect(new Webhook(secret!).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'run.queued',
      timestamp: expect.any(String),
      data: {
        number: expect.any(Number),
        title: `Run '${run.name}' is queued`,
        link: `https://microtome.example/runs/${run.id}`,
        runId: run.id,
        status: 'QUEUED',
      },
    });
    expect(() => new Webhook(secret!).verify(`${body} `, headers as Record<string, string>)).toThrow();
    // The run was canceled too, which it is not told of.
    expect(server.received).toHaveLength(1);
  });

  it('that answers with an error is tried again under the same id, and the log tells of both', async () => {
    const server = await receive((response, number) => {
      if (number === 1) response.writeHead(503).end('busy, \0 come later');
      else response.writeHead(200).end('thanks');
    });
    const { receiver } = await addWebhook(server.url);
    deliver();
    await launchTestRun(store, bench);
    const failed = await waitFor(receiver.id, 'PENDING');
    expect(failed.dueAt.getTime()).toBeGreaterThan(failed.attempts[0]!.startedAt.getTime() + 4_000);
    await passTime();
    const delivered = await waitFor(receiver.id, 'DELIVERED', 2);
    expect(delivered.attempts).toMatchObject([
      { number: 1, answerStatus: 503, answer: 'busy, \uFFFD come later', error: 'It answered 503.' },
      { number: 2, answerStatus: 200, answer: 'thanks', error: null },
    ]);
    expect(new Set(server.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('is left alone for as long as it asks', async () => {
    const server = await receive((response) => response.writeHead(429, { 'retry-after': '600' }).end());
    const { receiver } = await addWebhook(server.url);
    deliver();
    await launchTestRun(store, bench);
    const { dueAt, attempts } = await waitFor(receiver.id, 'PENDING');
    const waitS = (dueAt.getTime() - attempts[0]!.startedAt.getTime()) / 1_000;
    expect(waitS).toBeGreaterThanOrEqual(600);
    expect(waitS).toBeLessThan(800);
  });

  it('is given up after ten attempts, and can be delivered again', async () => {
    let isBroken = true;
    const server = await receive((response) => response.writeHead(isBroken ? 500 : 204).end());
    const { receiver } = await addWebhook(server.url);
    deliver();
    await launchTestRun(store, bench);
    for (let attempt = 1; attempt < 10; attempt++) {
      await waitFor(receiver.id, 'PENDING', attempt);
      await passTime();
    }
    const { id, attempts } = await waitFor(receiver.id, 'FAILED', 10);
    expect(attempts).toHaveLength(10);
    isBroken = false;
    await redeliver(store, id);
    await waitFor(receiver.id, 'DELIVERED', 11);
    expect(server.received.at(-1)!.headers['webhook-id']).toBe(id);
  });

  it('that says that it is gone is paused, and is told nothing more', async () => {
    const server = await receive((response) => response.writeHead(410).end());
    const { receiver } = await addWebhook(server.url);
    deliver();
    await launchTestRun(store, bench);
    await waitFor(receiver.id, 'FAILED');
    const { pausedAt, pauseReason } = await prisma.receiver.findUniqueOrThrow({ where: { id: receiver.id } });
    expect({ isPaused: pausedAt !== null, pauseReason }).toEqual({
      isPaused: true,
      pauseReason: 'It answered 410.',
    });
    await launchTestRun(store, bench);
    expect(await findDeliveries(receiver.id)).toHaveLength(1);
    await expect(sendTest(store, receiver.id)).rejects.toMatchObject({ code: 'CONFLICT' });
    await changeReceiver(store, { id: receiver.id, paused: false });
    await launchTestRun(store, bench);
    expect(await findDeliveries(receiver.id)).toHaveLength(2);
  });

  it('is not led elsewhere by its answer', async () => {
    const elsewhere = await receive();
    const server = await receive((response) => response.writeHead(307, { location: elsewhere.url }).end());
    const { receiver } = await addWebhook(server.url);
    deliver();
    await launchTestRun(store, bench);
    const { attempts } = await waitFor(receiver.id, 'PENDING');
    expect(attempts).toMatchObject([{ answerStatus: 307, error: 'It answered 307.' }]);
    expect(elsewhere.received).toEqual([]);
  });

  it('that does not answer keeps no other waiting', async () => {
    const slow = await receive(() => {});
    const quick = await receive();
    await addWebhook(slow.url);
    const { receiver } = await addWebhook(quick.url);
    deliver();
    for (let launched = 0; launched < 12; launched++) await launchTestRun(store, bench);
    await quick.waitFor(12);
    const states = async () => (await findDeliveries(receiver.id)).map(({ status }) => status);
    await expect.poll(states).toEqual(Array(12).fill('DELIVERED'));
    // In their order, and one at a time.
    const numbers = quick.received.map(({ body }) => JSON.parse(body).data.number);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect(slow.received).toHaveLength(1);
  });

  it('in a private network is not reached unless the setting allows it, by whatever name', async () => {
    const server = await receive();
    const { port } = new URL(server.url);
    deliver({ mayReachPrivateNetworks: false });
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::ffff:127.0.0.1]',
      '2130706433',
      '0x7f.1',
      '10.0.0.1',
      '[::1]',
    ]) {
      const { receiver } = await addWebhook(`http://${host}:${port}/hook`).catch(() => ({ receiver: null }));
      // Other ways to write an address that is there already.
      if (receiver === null) continue;
      await sendTest(store, receiver.id);
      const { attempts } = await waitFor(receiver.id, 'FAILED');
      expect(attempts[0]!.error).toMatch(/is not on the public internet/);
    }
    expect(server.received).toEqual([]);
  });

  it('is signed with its newest secret', async () => {
    const server = await receive();
    const { receiver, secret } = await addWebhook(server.url);
    const renewed = await renewSecret(store, receiver.id);
    deliver();
    await sendTest(store, receiver.id);
    const { headers, body } = await server.waitFor(1);
    const verify = (key: string) => new Webhook(key).verify(body, headers as Record<string, string>);
    expect(verify(renewed.secret!)).toMatchObject({ type: 'test', data: { number: null } });
    expect(() => verify(secret!)).toThrow();
  });
});

describe('mail', () => {
  it('goes to a server that takes it, and a refusal is logged as the server puts it', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onRcptTo({ address }, _session, answer) {
        answer(
          address.startsWith('gone')
            ? Object.assign(new Error('No such person'), { responseCode: 550 })
            : null,
        );
      },
      onData(stream, _session, answer) {
        let text = '';
        stream.on('data', (part) => {
          text += part;
        });
        stream.on('end', () => {
          mails.push(text);
          answer();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closeLater(() => new Promise((resolve) => server.close(() => resolve())));
    const { port } = server.server.address() as { port: number };
    deliver({ mail: { smtpUrl: `smtp://127.0.0.1:${port}`, from: 'Microtome <microtome@lab.example>' } });
    const add = (address: string) => addReceiver(store, { medium: 'MAIL', address, kinds: ['RUN_CANCELED'] });
    const [ada, gone] = [await add('ada@lab.example'), await add('gone@lab.example')];
    expect(ada.secret).toBeNull();
    const run = await launchTestRun(store, bench);
    await requestCancel(store, run.id);
    const { id } = await waitFor(ada.receiver.id, 'DELIVERED');
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail).toContain('To: ada@lab.example');
    expect(mail).toContain('From: Microtome <microtome@lab.example>');
    expect(mail).toContain(`Message-ID: <${id}@microtome>`);
    expect(mail).toContain(`https://microtome.example/runs/${run.id}`);
    const refused = await waitFor(gone.receiver.id, 'PENDING');
    expect(refused.attempts[0]!.error).toMatch(/No such person/);
  });

  it('is off without a server: what is due waits', async () => {
    const { receiver } = await addReceiver(store, {
      medium: 'MAIL',
      address: 'ada@lab.example',
      kinds: ['RUN_QUEUED'],
    });
    await launchTestRun(store, bench);
    expect(await claimDeliveries(store, { media: ['WEBHOOK'], limit: 9, leaseMs: 1_000 })).toEqual([]);
    expect(await findDeliveries(receiver.id)).toMatchObject([{ status: 'PENDING', attemptsMade: 0 }]);
  });
});
