/**
 * Who a session or a token stands for, with what they may: read from the database at each request, so that what is revoked
 * ends at once. When it was last used is noted once a minute at most.
 */
import type { Principal, SignedIn } from '@microtome/domain/access/principal';
import type { Act, Role } from '@microtome/domain/access/role';
import type { Store } from '../store.ts';
import { hashSecret } from './secret.ts';

const NOTED_EVERY_MS = 60_000;
/** An owner who leaves a browser for two weeks signs in again. */
const SESSION_IDLE_MS = 14 * 24 * 3_600_000;

export type Credential = { kind: 'SESSION' | 'TOKEN'; secret: string };

/** STRANGER when it is unknown, out of date, revoked, or its account is disabled. */
export async function findPrincipal(store: Store, credential: Credential | null): Promise<Principal> {
  if (!credential) return { kind: 'STRANGER' };
  const hash = hashSecret(credential.secret);
  const found = credential.kind === 'TOKEN' ? await findToken(store, hash) : await findSession(store, hash);
  return found ?? { kind: 'STRANGER' };
}

const withAccount = {
  account: { include: { memberships: { select: { projectId: true, role: true } } } },
} as const;

type AccountRow = {
  id: string;
  name: string;
  isOwner: boolean;
  disabledAt: Date | null;
  memberships: { projectId: string; role: Role }[];
};

async function findToken({ database: { prisma } }: Store, hash: string): Promise<SignedIn | null> {
  const token = await prisma.accessToken.findUnique({ where: { hash }, include: withAccount });
  const now = new Date();
  if (!token || token.revokedAt || token.expiresAt <= now || token.account.disabledAt) return null;
  if (isDue(token.usedAt, now)) {
    await prisma.accessToken.updateMany({ where: { id: token.id }, data: { usedAt: now } });
  }
  return {
    ...describeAccount(token.account),
    kind: 'TOKEN',
    credentialId: token.id,
    scopes: token.scopes as Act[],
    onlyProjectId: token.projectId,
  };
}

async function findSession({ database: { prisma } }: Store, hash: string): Promise<SignedIn | null> {
  const session = await prisma.accountSession.findUnique({ where: { hash }, include: withAccount });
  const now = new Date();
  if (!session || session.account.disabledAt || session.expiresAt <= now) return null;
  if (now.getTime() - session.usedAt.getTime() > SESSION_IDLE_MS) return null;
  if (isDue(session.usedAt, now)) {
    await prisma.accountSession.updateMany({ where: { hash }, data: { usedAt: now } });
  }
  return {
    ...describeAccount(session.account),
    kind: 'SESSION',
    credentialId: hash,
    scopes: null,
    onlyProjectId: null,
  };
}

function describeAccount({ id, name, isOwner, memberships }: AccountRow) {
  return { accountId: id, name, isOwner, grants: memberships };
}

function isDue(usedAt: Date | null, now: Date): boolean {
  return usedAt === null || now.getTime() - usedAt.getTime() > NOTED_EVERY_MS;
}
