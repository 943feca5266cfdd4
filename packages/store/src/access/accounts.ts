/**
 * Accounts: the first owner's, those who are invited, their names and passwords, and when they are disabled. A disabled account
 * loses its sessions; its tokens are refused wherever they are read.
 */
import { AppError } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';
import type { Account } from '../../generated/prisma/client.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import type { Store } from '../store.ts';
import { hashPassword } from './password.ts';
import { drawSignInLink } from './sign-in.ts';

const FIRST_OWNER = 'Owner';
/** Processes that start together make one first owner. */
const FIRST_OWNER_LOCK = 7_204_120;

/** A link for the first owner; null once an owner of the server has signed in. */
export async function inviteFirstOwner({ database: { prisma } }: Store): Promise<string | null> {
  return prisma.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(${FIRST_OWNER_LOCK})`;
    const known = await tx.account.findFirst({
      where: {
        isOwner: true,
        disabledAt: null,
        OR: [{ links: { some: { usedAt: { not: null } } } }, { identities: { some: {} } }],
      },
    });
    if (known) return null;
    const owner =
      (await tx.account.findFirst({ where: { isOwner: true, disabledAt: null } })) ??
      (await tx.account.create({ data: { name: FIRST_OWNER, isOwner: true } }));
    return drawSignInLink(tx, owner.id);
  });
}

type Invitation = { name: string; email: string; isOwner: boolean };

/** CONFLICT when the address has an account. */
export async function inviteAccount(
  { database: { prisma } }: Store,
  invitation: Invitation,
): Promise<{ account: Account; secret: string }> {
  const email = checkEmail(invitation.email);
  return prisma.$transaction(async (tx) => {
    const account = await tx.account
      .create({
        data: { name: checkText(invitation.name, 'accountName'), email, isOwner: invitation.isOwner },
      })
      .catch((error: unknown) => refuseTaken(error, email));
    return { account, secret: await drawSignInLink(tx, account.id) };
  });
}

/** Another link for a person who lost the first, or a password. NOT_FOUND. */
export async function renewInvitation({ database: { prisma } }: Store, accountId: string): Promise<string> {
  return prisma.$transaction(async (tx) => {
    const account = await tx.account.findUnique({ where: { id: accountId } });
    if (!account) throw new AppError('NOT_FOUND', `There is no account '${accountId}'.`);
    return drawSignInLink(tx, accountId);
  });
}

type AccountChange = {
  accountId: string;
  name?: string | undefined;
  email?: string | undefined;
  password?: string | undefined;
};

/** What a person changes about their own account; another password ends the sessions of all other browsers. */
export async function updateAccount(
  { database: { prisma } }: Store,
  { accountId, name, email, password, keptSession }: AccountChange & { keptSession: string },
): Promise<Account> {
  const address = email === undefined ? undefined : checkEmail(email);
  const data = {
    ...(name === undefined ? {} : { name: checkText(name, 'accountName') }),
    ...(address === undefined ? {} : { email: address }),
    ...(password === undefined ? {} : { passwordHash: await hashPassword(password) }),
  };
  return prisma.$transaction(async (tx) => {
    if (password !== undefined) {
      await tx.accountSession.deleteMany({ where: { accountId, hash: { not: keptSession } } });
    }
    return tx.account
      .update({ where: { id: accountId }, data })
      .catch((error: unknown) => refuseTaken(error, address ?? ''));
  });
}

/** CONFLICT where no owner of the server would be left. */
export async function setAccountDisabled(
  { database: { prisma } }: Store,
  { accountId, disabled }: { accountId: string; disabled: boolean },
): Promise<Account> {
  return prisma.$transaction(async (tx) => {
    await tx.$executeRaw`select pg_advisory_xact_lock(${FIRST_OWNER_LOCK})`;
    const account = await tx.account.findUnique({ where: { id: accountId } });
    if (!account) throw new AppError('NOT_FOUND', `There is no account '${accountId}'.`);
    const others = await tx.account.count({
      where: { isOwner: true, disabledAt: null, id: { not: accountId } },
    });
    if (disabled && account.isOwner && others === 0) {
      throw new AppError('CONFLICT', `'${account.name}' is the last owner of this server.`);
    }
    if (disabled) await tx.accountSession.deleteMany({ where: { accountId } });
    return tx.account.update({
      where: { id: accountId },
      data: { disabledAt: disabled ? (account.disabledAt ?? new Date()) : null },
    });
  });
}

function checkEmail(email: string): string {
  const checked = checkText(email, 'email').toLowerCase();
  if (!/^[^\s@]+@[^\s@]+$/.test(checked)) {
    throw new AppError('BAD_INPUT', `'${email}' is no mail address.`);
  }
  return checked;
}

function refuseTaken(error: unknown, email: string): never {
  rethrowTaken(error, `'${email}' has an account already.`, 'email');
}
