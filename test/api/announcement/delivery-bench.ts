/** What the tests of deliveries share: a store, real servers to send to, and those who send, closed after each test. */
import { PRIVATE_REACH } from '@microtome/store/announcement/private-reach';
import { addReceiver } from '@microtome/store/announcement/receivers';
import { createListener } from '@microtome/store/database/listen';
import { pino } from 'pino';
import { afterEach, expect } from 'vitest';
import { startDeliverer } from '../../../apps/api/src/delivery/deliverer.ts';
import type { OutgoingSettings } from '../../../apps/api/src/delivery/outgoing-settings.ts';
import { openBench } from '../../store/open-bench.ts';
import { startReceivingServer } from './receiving-server.ts';

const OUTGOING: OutgoingSettings = {
  dashboardUrl: 'https://microtome.example/',
  mayReachPrivateNetworks: true,
  mail: null,
};

export async function openDeliveryBench() {
  const opened = await openBench();
  const { store } = opened;
  const { prisma, pool } = store.database;
  const closers: (() => Promise<void>)[] = [];
  const closeLater = (close: () => Promise<void>) => void closers.push(close);
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await prisma.receiver.deleteMany();
  });

  const findDeliveries = (receiverId: string) =>
    prisma.delivery.findMany({
      where: { receiverId },
      include: { attempts: { orderBy: { number: 'asc' } } },
      orderBy: { createdAt: 'asc' },
    });

  return {
    ...opened,
    closeLater,
    findDeliveries,
    /** Starts what an API process sends with; gives what it logs. */
    deliver(outgoing: Partial<OutgoingSettings> = {}) {
      const settings = { ...OUTGOING, ...outgoing };
      const shares = settings.mayReachPrivateNetworks ? [PRIVATE_REACH] : [];
      const listener = createListener(opened.databaseUrl, { shares });
      closeLater(() => listener.close());
      const logged: string[] = [];
      const log = pino(
        { level: 'info' },
        { write: (line: string) => void logged.push(JSON.parse(line).msg) },
      );
      const deliverer = startDeliverer({ store, listener, outgoing: settings, log });
      closeLater(() => deliverer.close());
      return { listener, logged };
    },
    async receive(answer?: Parameters<typeof startReceivingServer>[0]) {
      const server = await startReceivingServer(answer);
      closeLater(() => server.close());
      return server;
    },
    addWebhook: (address: string) =>
      addReceiver(store, { medium: 'WEBHOOK', address, kinds: ['RUN_QUEUED'] }),
    /** The one delivery of a receiver once it stands there. */
    async waitFor(receiverId: string, status: string, attempts = 1) {
      const look = async () =>
        (await findDeliveries(receiverId)).map((one) => [one.status, one.attempts.length >= attempts]);
      await expect.poll(look, { timeout: 20_000 }).toEqual([[status, true]]);
      return (await findDeliveries(receiverId))[0]!;
    },
    /** Makes what waits for its next attempt due, as if the time had passed. */
    async passTime(): Promise<void> {
      await pool.query(`update delivery set due_at = now(), leased_until = null where status = 'PENDING'`);
      await pool.query(`select pg_notify('delivery', '')`);
    },
  };
}
