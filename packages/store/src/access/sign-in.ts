/**
 * Signing in: by a link that works once, by password, or as whom an OpenID provider says it is; and out. Tries that fail are
 * counted in the database, for all processes together.
 */
import { AppError } from '@microtome/domain/app-error';
import type { Account } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { isPassword } from './password.ts';
import { drawSecret, hashSecret } from './secret.ts';

const SESSION_MS = 30 * 24 * 3_600_000;
const LINK_MS = 3 * 24 * 3_600_000;
const FAILURE_WINDOW_MS = 15 * 60_000;
const FAILURES_MAX = 10;
const SAME_SENTENCE = 'There is no account with this mail address and password.';

export type SignedInSession = { secret: string; expiresAt: Date; account: Account };

/** UNAUTHENTICATED when it is unknown, used or out of date; of two who use it at once, one is let in. */
export async function signInByLink(
  store: Store,
  { secret, address }: { secret: string; address: string },
): Promise<SignedInSession> {
  await refuseTooMany(store, [address]);
  const now = new Date();
  const session = await store.database.prisma.$transaction(async (tx) => {
    const hash = hashSecret(secret);
    const { count } = await tx.signInLink.updateMany({
      where: { hash, usedAt: null, expiresAt: { gt: now }, account: { disabledAt: null } },
      data: { usedAt: now },
    });
    if (count === 0) return null;
    const link = await tx.signInLink.findUniqueOrThrow({ where: { hash } });
    return openSession(tx, link.accountId, address);
  });
  if (session) return session;
  await noteFailure(store, [address]);
  throw new AppError(
    'UNAUTHENTICATED',
    'This link was used, is out of date or never was. Ask an owner for another one.',
  );
}

/** UNAUTHENTICATED, in the same words and time, whether the account or the password is wrong. */
export async function signInByPassword(
  store: Store,
  { email, password, address }: { email: string; password: string; address: string },
): Promise<SignedInSession> {
  const key = email.trim().toLowerCase();
  await refuseTooMany(store, [address, key]);
  const account = await store.database.prisma.account.findUnique({ where: { email: key } });
  const isRight = await isPassword(password, account?.passwordHash ?? null);
  if (!account || !isRight || account.disabledAt) {
    await noteFailure(store, [address, key]);
    throw new AppError('UNAUTHENTICATED', SAME_SENTENCE);
  }
  return store.database.prisma.$transaction((tx) => openSession(tx, account.id, address));
}

/**
 * The account with this identity; the first time, that with the same mail address, if the provider says that it is theirs.
 * FORBIDDEN when neither is there: an owner invites people first.
 */
export async function signInByIdentity(
  store: Store,
  identity: {
    issuer: string;
    subject: string;
    email: string | null;
    isEmailVerified: boolean;
    address: string;
  },
): Promise<SignedInSession> {
  const { issuer, subject, email, isEmailVerified, address } = identity;
  return store.database.prisma.$transaction(async (tx) => {
    const known = await tx.accountIdentity.findUnique({ where: { issuer_subject: { issuer, subject } } });
    const invited =
      known || !email || !isEmailVerified
        ? null
        : await tx.account.findUnique({ where: { email: email.toLowerCase() } });
    const accountId = known?.accountId ?? invited?.id;
    const account = accountId && (await tx.account.findUnique({ where: { id: accountId } }));
    if (!account || account.disabledAt) {
      throw new AppError(
        'FORBIDDEN',
        `${email ? `'${email}'` : `'${subject}'`} has no account here. Ask an owner for one.`,
      );
    }
    if (!known) await tx.accountIdentity.create({ data: { issuer, subject, accountId: account.id } });
    return openSession(tx, account.id, address);
  });
}

export async function signOut(store: Store, secret: string): Promise<void> {
  await store.database.prisma.accountSession.deleteMany({ where: { hash: hashSecret(secret) } });
}

/** A new link for this account; the ones before work no more. */
export async function drawSignInLink(tx: Transaction, accountId: string): Promise<string> {
  await tx.signInLink.deleteMany({ where: { accountId, usedAt: null } });
  const secret = drawSecret('mtl');
  const expiresAt = new Date(Date.now() + LINK_MS);
  await tx.signInLink.create({ data: { hash: hashSecret(secret), accountId, expiresAt } });
  return secret;
}

async function openSession(tx: Transaction, accountId: string, address: string): Promise<SignedInSession> {
  const secret = drawSecret('mts');
  const expiresAt = new Date(Date.now() + SESSION_MS);
  const { account } = await tx.accountSession.create({
    data: { hash: hashSecret(secret), accountId, address, expiresAt },
    include: { account: true },
  });
  return { secret, expiresAt, account };
}

async function refuseTooMany({ database: { prisma } }: Store, keys: readonly string[]): Promise<void> {
  const nowMs = Date.now();
  const since = new Date(nowMs - FAILURE_WINDOW_MS);
  // The oldest of so many that they are too many: once it is out of the window they are not.
  const decisive = await Promise.all(
    keys.map((key) =>
      prisma.signInFailure.findMany({
        where: { key, at: { gt: since } },
        orderBy: { at: 'desc' },
        skip: FAILURES_MAX - 1,
        take: 1,
      }),
    ),
  );
  const times = decisive.flat().map(({ at }) => at.getTime());
  if (times.length === 0) return;
  const retryAfterS = Math.max(1, Math.ceil((Math.max(...times) + FAILURE_WINDOW_MS - nowMs) / 1_000));
  throw new AppError(
    'TOO_MANY_REQUESTS',
    `${FAILURES_MAX} tries to sign in failed within ${FAILURE_WINDOW_MS / 60_000} minutes. Try again in ${Math.ceil(retryAfterS / 60)} min.`,
    { details: { retryAfterS } },
  );
}

/** What is older than the window is forgotten with it. */
async function noteFailure({ database: { prisma } }: Store, keys: readonly string[]): Promise<void> {
  await prisma.signInFailure.deleteMany({ where: { at: { lt: new Date(Date.now() - FAILURE_WINDOW_MS) } } });
  await prisma.signInFailure.createMany({ data: keys.map((key) => ({ key })) });
}
