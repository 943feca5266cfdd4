/**
 * Sends what is due: claims it, makes one attempt, writes what became of it. Any number of API processes do so at the
 * same time, each attempt in one of them. A notification is only a hint that something is due; it looks now and then without.
 */
import { readRetryAfterMs } from '@microtome/domain/announcement/delivery';
import type { ReceiverMedium } from '@microtome/domain/announcement/receiver';
import { AppError } from '@microtome/domain/app-error';
import {
  type AttemptResult,
  type ClaimedDelivery,
  claimDeliveries,
  leaveDelivery,
  settleDelivery,
} from '@microtome/store/announcement/deliveries';
import { mayOthersReachPrivate } from '@microtome/store/announcement/private-reach';
import { describeRefusal } from '@microtome/store/database/database-errors';
import { outlastDatabaseFaults } from '@microtome/store/database/database-faults';
import type { Listener } from '@microtome/store/database/listen';
import { createWaker } from '@microtome/store/database/waker';
import type { Store } from '@microtome/store/store';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { createMailSender, type MailSender } from './mail-sender.ts';
import { composeMessage, type OutgoingMessage } from './outgoing-message.ts';
import type { OutgoingSettings } from './outgoing-settings.ts';
import { sendWebhook, WEBHOOK_TIMEOUT_MS } from './send-webhook.ts';

/** Attempts at the same time. */
const AT_ONCE = 8;
/** Longer than any attempt takes: only what a process that died had claimed is claimed once more. */
const LEASE_MS = 60_000;
const LOOK_INTERVAL_MS = 2_000;
/** For so long nothing is tried for a receiver whose address others may reach and this process may not. */
const LEFT_MS = 60_000;
const LEFT_RECEIVERS = 10_000;
/** The receiver says that it is gone and wants no more. */
const GONE_STATUS = 410;

type Means = { store: Store; listener: Listener; outgoing: OutgoingSettings; log: Logger };
type Answer = { status: number | null; text: string; retryAfter?: string };

type Deliverer = {
  /** Claims nothing more, and waits for the attempts under way. */
  close(): Promise<void>;
};

export function startDeliverer(means: Means): Deliverer {
  const { store, listener, outgoing, log } = means;
  const mail = outgoing.mail ? createMailSender(outgoing.mail) : null;
  const media: ReceiverMedium[] = mail ? ['WEBHOOK', 'MAIL'] : ['WEBHOOK'];
  const closing = new AbortController();
  const { signal } = closing;
  const waker = createWaker();
  const left = new LRUCache<string, true>({ max: LEFT_RECEIVERS, ttl: LEFT_MS });
  const underWay = new Set<Promise<void>>();
  const unsubscribes = [
    listener.subscribe('announcement', waker.wake),
    listener.subscribe('delivery', waker.wake),
    listener.onReconnect(waker.wake),
  ];

  function begin(delivery: ClaimedDelivery): void {
    const attempt = deliver(means, { delivery, mail, left, signal })
      // Its lease runs out, and it is attempted again.
      .catch((error: unknown) => log.error({ err: error, deliveryId: delivery.id }, 'delivery not recorded'))
      .finally(() => {
        underWay.delete(attempt);
        // The receiver may have more.
        waker.wake();
      });
    underWay.add(attempt);
  }

  async function work(): Promise<void> {
    while (!signal.aborted) {
      const limit = AT_ONCE - underWay.size;
      try {
        const leftReceiverIds = [...left.keys()];
        const claim = () => claimDeliveries(store, { media, limit, leaseMs: LEASE_MS, leftReceiverIds });
        const claimed = limit > 0 ? await claim() : [];
        for (const delivery of claimed) begin(delivery);
      } catch (error) {
        log.error({ err: error }, 'deliveries not claimed');
      }
      await waker.wait(signal, LOOK_INTERVAL_MS);
    }
  }

  const working = work();
  return {
    async close() {
      closing.abort();
      for (const unsubscribe of unsubscribes) unsubscribe();
      await working;
      await Promise.all(underWay);
      mail?.close();
    },
  };
}

type Delivering = {
  delivery: ClaimedDelivery;
  mail: MailSender | null;
  /** Receivers whose deliveries are left to other processes, by id. */
  left: LRUCache<string, true>;
  signal: AbortSignal;
};

async function deliver(means: Means, { delivery, mail, left, signal }: Delivering): Promise<void> {
  const { store, log } = means;
  const result = await attempt(means, { mail, delivery, signal });
  if (result === null) {
    left.set(delivery.receiverId, true);
    await outlastDatabaseFaults(() => leaveDelivery(store, delivery), signal);
    return log.info({ deliveryId: delivery.id }, 'delivery left to processes that may reach its address');
  }
  await outlastDatabaseFaults(() => settleDelivery(store, delivery, result), signal);
  const { id: deliveryId, attemptsMade } = delivery;
  const { answerStatus, error } = result;
  log.info({ deliveryId, attempt: attemptsMade, answerStatus, error }, 'delivery attempted');
}

/** Null where it leads into a private network, which other processes may reach and this one may not. */
async function attempt(
  { store, outgoing }: Means,
  { mail, delivery, signal }: Omit<Delivering, 'left'>,
): Promise<AttemptResult | null> {
  const startedAt = new Date();
  const message = composeMessage(delivery, outgoing.dashboardUrl);
  const explain = async (error: unknown) => {
    const isBarred = error instanceof AppError && error.code === 'FORBIDDEN';
    const areOthers = isBarred && (await outlastDatabaseFaults(() => mayOthersReachPrivate(store), signal));
    if (areOthers) return null;
    const told = describeFault(error);
    const said = isBarred ? `${told} No API process that runs has it set.` : told;
    return { answerStatus: null, answer: '', error: said, askedWaitMs: null };
  };
  const outcome = await send({ outgoing, mail, delivery, message }).then(judgeAnswer, explain);
  if (outcome === null) return null;
  const durationMs = Date.now() - startedAt.getTime();
  return { startedAt, durationMs, ...outcome, isGone: outcome.answerStatus === GONE_STATUS };
}

async function send(sending: {
  outgoing: OutgoingSettings;
  mail: MailSender | null;
  delivery: ClaimedDelivery;
  message: OutgoingMessage;
}): Promise<Answer> {
  const { outgoing, mail, delivery, message } = sending;
  const { address, secret } = delivery.receiver;
  if (secret !== null) {
    const { mayReachPrivateNetworks } = outgoing;
    const signal = AbortSignal.timeout(WEBHOOK_TIMEOUT_MS);
    return sendWebhook({ address, secret, message, mayReachPrivateNetworks, signal });
  }
  if (mail === null) throw new Error('This process sends no mail.');
  return { status: null, text: await mail.send(address, message) };
}

type Outcome = Pick<AttemptResult, 'answerStatus' | 'answer' | 'error' | 'askedWaitMs'>;

function judgeAnswer({ status, text, retryAfter }: Answer): Outcome {
  const arrived = status === null || (status >= 200 && status < 300);
  return {
    answerStatus: status,
    answer: text,
    error: arrived ? null : `It answered ${status}.`,
    askedWaitMs: readRetryAfterMs(retryAfter, Date.now()),
  };
}

function describeFault(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return `It did not answer within ${WEBHOOK_TIMEOUT_MS / 1_000} s.`;
  }
  return describeRefusal(error);
}
