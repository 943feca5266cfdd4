/**
 * Deliveries and who may move them. The row is its own queue: a process claims what is due, holds it until a moment that it
 * names, and writes under the number of its attempt. So each attempt is one process's, and one that dies is made up for
 * by another attempt of any process: a receiver gets everything at least once, under the same id.
 */
import type { DeliveryStatus } from '@microtome/domain/announcement/delivery';
import { waitBeforeRetryMs } from '@microtome/domain/announcement/delivery';
import type { ReceiverMedium } from '@microtome/domain/announcement/receiver';
import { AppError } from '@microtome/domain/app-error';
import type { Announcement, Delivery, Receiver } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { getReceiver } from './receivers.ts';

/** One that is delivered again is tried as often as a new one. */
const ATTEMPTS_MAX = 10;
/** Settled deliveries are kept this long. */
const KEPT_DAYS = 90;

export type ClaimedDelivery = Delivery & { receiver: Receiver; announcement: Announcement | null };

/** What became of an attempt. An `error` says why it did not arrive. */
export type AttemptResult = {
  startedAt: Date;
  durationMs: number;
  answerStatus: number | null;
  answer: string;
  error: string | null;
  /** The receiver says that it is gone for good: it is paused. */
  isGone: boolean;
  /** How long the receiver asks to be left alone; null when it does not say. */
  askedWaitMs: number | null;
};

type Claim = {
  media: readonly ReceiverMedium[];
  limit: number;
  leaseMs: number;
  /** What is for these is left to other processes. */
  leftReceiverIds?: readonly string[];
};

/**
 * Up to `limit` that are due now, the oldest of each receiver, and none of a receiver that is being sent to: a slow one
 * keeps no other waiting. Each counts as one attempt from now on.
 */
export async function claimDeliveries(
  { database: { prisma } }: Store,
  { media, limit, leaseMs, leftReceiverIds = [] }: Claim,
): Promise<ClaimedDelivery[]> {
  const claimed = await prisma.$queryRaw<{ id: string }[]>`
    update delivery set attempts_made = attempts_made + 1, attempts_left = greatest(attempts_left - 1, 0),
      leased_until = now() + ${leaseMs} * interval '1 millisecond'
    where status = 'PENDING' and (leased_until is null or leased_until <= now()) and id in (
      select oldest.id from receiver cross join lateral (
        select id from delivery where receiver_id = receiver.id and status = 'PENDING' and due_at <= now()
        order by due_at, id limit 1) as oldest
      where paused_at is null and medium = any (${[...media]}) and not receiver.id = any (${[...leftReceiverIds]}::uuid[])
        and not exists (select from delivery as busy where busy.receiver_id = receiver.id
          and busy.status = 'PENDING' and busy.leased_until > now())
      limit ${limit})
    returning id::text`;
  if (claimed.length === 0) return [];
  return prisma.delivery.findMany({
    where: { id: { in: claimed.map(({ id }) => id) } },
    include: { receiver: true, announcement: true },
  });
}

/** Writes the attempt, and what follows from it. False when another attempt has begun meanwhile: then nothing changes. */
export async function settleDelivery(
  { database: { prisma } }: Store,
  { id, receiverId, attemptsMade, attemptsLeft }: ClaimedDelivery,
  { isGone, askedWaitMs, ...attempt }: AttemptResult,
): Promise<boolean> {
  const status: DeliveryStatus =
    attempt.error === null ? 'DELIVERED' : attemptsLeft === 0 || isGone ? 'FAILED' : 'PENDING';
  const now = new Date();
  const retry = { attempts: ATTEMPTS_MAX - attemptsLeft, share: Math.random(), askedMs: askedWaitMs };
  const dueAt = new Date(now.getTime() + waitBeforeRetryMs(retry));
  return prisma.$transaction(async (tx) => {
    const { count } = await tx.delivery.updateMany({
      where: { id, attemptsMade, status: 'PENDING' },
      data: {
        status,
        leasedUntil: null,
        finishedAt: status === 'PENDING' ? null : now,
        ...(status === 'PENDING' ? { dueAt } : {}),
      },
    });
    if (count === 0) return false;
    await tx.deliveryAttempt.create({ data: { deliveryId: id, number: attemptsMade, ...attempt } });
    if (isGone) {
      const pauseReason = attempt.error ?? '';
      await tx.receiver.updateMany({ where: { id: receiverId }, data: { pausedAt: now, pauseReason } });
    }
    return true;
  });
}

/** Gives back what was claimed and not attempted: it counts as if it had not been, and others are told that it is due. */
export async function leaveDelivery(
  store: Store,
  { id, attemptsMade, attemptsLeft }: ClaimedDelivery,
): Promise<void> {
  const { count } = await store.database.prisma.delivery.updateMany({
    where: { id, attemptsMade, status: 'PENDING' },
    data: { attemptsMade: attemptsMade - 1, attemptsLeft: attemptsLeft + 1, leasedUntil: null },
  });
  if (count > 0) await hint(store);
}

/** A message without an announcement, to see whether the address works. CONFLICT while the receiver is paused. */
export async function sendTest(store: Store, receiverId: string): Promise<Delivery> {
  const { address, pausedAt } = await getReceiver(store, receiverId);
  if (pausedAt) throw new AppError('CONFLICT', `'${address}' is paused: resume it first.`);
  // One attempt: whoever tests waits for its answer.
  const delivery = await store.database.prisma.delivery.create({ data: { receiverId, attemptsLeft: 1 } });
  await hint(store);
  return delivery;
}

/** Sends it again, at once, under the same id. A delivery that waits for its next attempt waits no longer. */
export async function redeliver(store: Store, id: string): Promise<Delivery> {
  const { prisma } = store.database;
  const found = await prisma.delivery.findUnique({ where: { id }, include: { receiver: true } });
  if (!found) throw new AppError('NOT_FOUND', `There is no delivery '${id}'.`);
  if (found.receiver.pausedAt) {
    throw new AppError('CONFLICT', `'${found.receiver.address}' is paused: resume it first.`);
  }
  const delivery = await prisma.delivery.update({
    where: { id },
    data: { status: 'PENDING', attemptsLeft: ATTEMPTS_MAX, dueAt: new Date(), finishedAt: null },
  });
  await hint(store);
  return delivery;
}

/** Deletes deliveries that were settled long ago; gives how many. */
export async function forgetOldDeliveries({ database: { prisma } }: Store): Promise<number> {
  return prisma.$executeRaw`
    delete from delivery where status <> 'PENDING' and finished_at < now() - ${KEPT_DAYS} * interval '1 day'`;
}

/** Those who deliver look at once. */
async function hint({ database: { pool } }: Store): Promise<void> {
  await pool.query(`select pg_notify('delivery', '')`);
}
