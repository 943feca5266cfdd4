/** Who makes which attempt: one process each, and another one when it dies; and how long the log is kept. */
import {
  claimDeliveries,
  forgetOldDeliveries,
  sendTest,
  settleDelivery,
} from '@microtome/store/announcement/deliveries';
import { PRIVATE_REACH } from '@microtome/store/announcement/private-reach';
import { removeReceiver } from '@microtome/store/announcement/receivers';
import { createListener } from '@microtome/store/database/listen';
import { describe, expect, it } from 'vitest';
import { launchTestRun } from '../../fixtures/run.ts';
import { startApi } from '../api-process.ts';
import { openDeliveryBench } from './delivery-bench.ts';

const {
  store,
  bench,
  databaseUrl,
  artifactUrl,
  closeLater,
  findDeliveries,
  deliver,
  receive,
  addWebhook,
  waitFor,
  passTime,
} = await openDeliveryBench();
const { pool } = store.database;

describe('several processes', () => {
  it('make each attempt in one of them alone', async () => {
    const server = await receive();
    const { receiver } = await addWebhook(server.url);
    for (let process = 0; process < 4; process++) deliver();
    for (let launched = 0; launched < 25; launched++) await launchTestRun(store, bench);
    const count = async () =>
      (await findDeliveries(receiver.id)).filter(({ status }) => status === 'DELIVERED').length;
    await expect.poll(count, { timeout: 20_000 }).toBe(25);
    expect(server.received).toHaveLength(25);
    expect(new Set(server.received.map(({ headers }) => headers['webhook-id'])).size).toBe(25);
  });

  it('make up for one that was killed while it sent, under the same id', async () => {
    const server = await receive((response, number) => {
      if (number > 1) response.writeHead(204).end();
    });
    const { receiver } = await addWebhook(server.url);
    const env = { WEBHOOKS_TO_PRIVATE_NETWORKS: 'true' };
    const first = await startApi({ databaseUrl, artifactUrl, env });
    await launchTestRun(store, bench);
    await server.waitFor(1);
    await first.kill();
    const second = await startApi({ databaseUrl, artifactUrl, env });
    closeLater(() => second.stop());
    // What the first had claimed is not the second's before its time.
    expect(await claimDeliveries(store, { media: ['WEBHOOK'], limit: 1, leaseMs: 1 })).toEqual([]);
    await passTime();
    const { headers } = await server.waitFor(2);
    expect(headers['webhook-id']).toBe(server.received[0]!.headers['webhook-id']);
    const { attempts } = await waitFor(receiver.id, 'DELIVERED');
    expect(attempts).toMatchObject([{ number: 2, answerStatus: 204 }]);
  }, 120_000);

  it('write nothing of an attempt that another has followed', async () => {
    const { receiver } = await addWebhook('http://127.0.0.1:9/hook');
    await launchTestRun(store, bench);
    const claim = async () =>
      (await claimDeliveries(store, { media: ['WEBHOOK'], limit: 1, leaseMs: 0 }))[0]!;
    const [frozen, next] = [await claim(), await claim()];
    const result = {
      startedAt: new Date(),
      durationMs: 1,
      answerStatus: 204,
      answer: '',
      error: null,
      isGone: false,
      askedWaitMs: null,
    };
    expect(await settleDelivery(store, frozen, result)).toBe(false);
    expect(await settleDelivery(store, next, result)).toBe(true);
    const [{ attempts }] = (await findDeliveries(receiver.id)) as [
      Awaited<ReturnType<typeof findDeliveries>>[0],
    ];
    expect(attempts.map(({ number }) => number)).toEqual([2]);
    await removeReceiver(store, receiver.id);
    expect(await findDeliveries(receiver.id)).toEqual([]);
  });
});

describe('a process that may not reach private networks', () => {
  const barred = { mayReachPrivateNetworks: false };
  const LEFT = 'delivery left to processes that may reach its address';

  it('leaves what goes there to one that may, and no attempt is counted', async () => {
    const server = await receive();
    const { receiver } = await addWebhook(server.url);
    const able = createListener(databaseUrl, { shares: [PRIVATE_REACH] });
    closeLater(() => able.close());
    await expect.poll(() => able.isConnected(), { timeout: 20_000 }).toBe(true);
    const { logged } = deliver(barred);
    await launchTestRun(store, bench);
    await launchTestRun(store, bench);
    await expect.poll(() => logged, { timeout: 20_000 }).toContain(LEFT);
    const untouched = {
      status: 'PENDING',
      attemptsMade: 0,
      attemptsLeft: 10,
      leasedUntil: null,
      attempts: [],
    };
    expect(await findDeliveries(receiver.id)).toMatchObject([untouched, untouched]);
    // Another receiver of its own gets what is its, and the first is not tried meanwhile.
    await sendTest(store, (await addWebhook('http://127.0.0.2:9/')).receiver.id);
    await expect.poll(() => logged, { timeout: 20_000 }).toEqual([LEFT, LEFT]);
    deliver();
    const attempts = async () => (await findDeliveries(receiver.id)).map((one) => [one.status, one.attempts]);
    const first = ['DELIVERED', [expect.objectContaining({ number: 1, error: null })]];
    await expect.poll(attempts, { timeout: 20_000 }).toEqual([first, first]);
  });

  it('says in the log that none may, where none may', async () => {
    const { receiver } = await addWebhook('http://10.0.0.1/hook');
    deliver(barred);
    await launchTestRun(store, bench);
    const { attempts } = await waitFor(receiver.id, 'PENDING');
    expect(attempts).toMatchObject([
      { number: 1, error: expect.stringMatching(/^'10\.0\.0\.1' is not .*No API process/) },
    ]);
  });
});

describe('the log of deliveries', () => {
  it('forgets what was settled long ago, and nothing that waits', async () => {
    const { receiver } = await addWebhook('http://127.0.0.1:9/hook');
    for (let launched = 0; launched < 3; launched++) await launchTestRun(store, bench);
    const [old, recent] = await findDeliveries(receiver.id);
    const settle = `update delivery set status = 'DELIVERED', finished_at = now() - $2::interval where id = $1`;
    await pool.query(settle, [old!.id, '91 days']);
    await pool.query(settle, [recent!.id, '89 days']);
    expect(await forgetOldDeliveries(store)).toBe(1);
    expect(await findDeliveries(receiver.id)).toHaveLength(2);
  });
});
