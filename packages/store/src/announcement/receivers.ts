/** Who is told: added, changed, paused and removed. The secret of a webhook is given once, when it is made. */
import { randomBytes } from 'node:crypto';
import type { AnnouncementKind } from '@microtome/domain/announcement/announcement';
import {
  checkKinds,
  checkMailAddress,
  checkWebhookAddress,
  type ReceiverMedium,
} from '@microtome/domain/announcement/receiver';
import { AppError } from '@microtome/domain/app-error';
import { atField } from '@microtome/domain/at-field';
import { checkPerson } from '@microtome/domain/text-rules';
import type { Receiver } from '../../generated/prisma/client.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import type { Store } from '../store.ts';

const SECRET_BYTES = 32;
/** As Standard Webhooks writes one, so that it can be handed to any library of it. */
const SECRET_PREFIX = 'whsec_';
const RECEIVERS_MAX = 100;

type NewReceiver = {
  medium: ReceiverMedium;
  address: string;
  kinds: readonly AnnouncementKind[];
  addedBy?: string | undefined;
};

/** `secret`: of a webhook, as its owner keeps it; it cannot be read again. */
export type ReceiverWithSecret = { receiver: Receiver; secret: string | null };

/** BAD_INPUT for an address that does not fit; CONFLICT when it is there already. */
export async function addReceiver(store: Store, request: NewReceiver): Promise<ReceiverWithSecret> {
  const { medium } = request;
  const address = atField('address', () =>
    medium === 'WEBHOOK' ? checkWebhookAddress(request.address) : checkMailAddress(request.address),
  );
  const secret = medium === 'WEBHOOK' ? makeSecret() : null;
  const { prisma } = store.database;
  if ((await prisma.receiver.count()) >= RECEIVERS_MAX) {
    throw new AppError('CONFLICT', `There are ${RECEIVERS_MAX} receivers already: remove one first.`);
  }
  const kinds = checkKinds(request.kinds);
  const addedBy = checkPerson(request.addedBy);
  const data = { medium, address, kinds, secret, addedBy };
  const receiver = await prisma.receiver
    .create({ data })
    .catch((error: unknown) => rethrowTaken(error, `'${address}' is a receiver already.`, 'address'));
  return { receiver, secret: showSecret(secret) };
}

/** What is left out stays. `paused`: nothing is sent, and what happens meanwhile is not told later. */
export async function changeReceiver(
  store: Store,
  { id, kinds, paused }: { id: string; kinds?: readonly AnnouncementKind[]; paused?: boolean },
): Promise<Receiver> {
  const { pausedAt } = await getReceiver(store, id);
  const pausing = { pausedAt: paused ? (pausedAt ?? new Date()) : null, pauseReason: '' };
  return store.database.prisma.receiver.update({
    where: { id },
    data: { ...(kinds ? { kinds: checkKinds(kinds) } : {}), ...(paused === undefined ? {} : pausing) },
  });
}

/** Another secret in place of the one that is lost or known to others: signs whatever is sent from now on. */
export async function renewSecret(store: Store, id: string): Promise<ReceiverWithSecret> {
  const { medium, address } = await getReceiver(store, id);
  if (medium !== 'WEBHOOK') throw new AppError('BAD_INPUT', `Mail to '${address}' has no secret.`);
  const secret = makeSecret();
  const receiver = await store.database.prisma.receiver.update({ where: { id }, data: { secret } });
  return { receiver, secret: showSecret(secret) };
}

/** With all of its deliveries. */
export async function removeReceiver(store: Store, id: string): Promise<Receiver> {
  const receiver = await getReceiver(store, id);
  await store.database.prisma.receiver.deleteMany({ where: { id } });
  return receiver;
}

export async function getReceiver({ database }: Store, id: string): Promise<Receiver> {
  const receiver = await database.prisma.receiver.findUnique({ where: { id } });
  if (!receiver) throw new AppError('NOT_FOUND', `There is no receiver '${id}'.`);
  return receiver;
}

function makeSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64');
}

function showSecret(secret: string | null): string | null {
  return secret === null ? null : SECRET_PREFIX + secret;
}
