/** Tokens of programs: made, listed, revoked. The secret is given once, when it is made. */
import { ACTS, type Act } from '@microtome/domain/access/role';
import { AppError } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';
import type { AccessToken } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { drawSecret, hashSecret } from './secret.ts';

const MAX_DAYS = 366;
const MS_PER_DAY = 24 * 3_600_000;
const HINT_CHARACTERS = 8;

type TokenRequest = {
  accountId: string;
  name: string;
  scopes: readonly string[];
  /** The only project that it is for; null for all of the account's. */
  projectId: string | null;
  days: number;
};

/** BAD_INPUT names what is wrong. */
export async function createToken(
  { database: { prisma } }: Store,
  request: TokenRequest,
): Promise<{ token: AccessToken; secret: string }> {
  const { accountId, projectId, days } = request;
  const scopes = [...new Set(request.scopes)];
  const unknown = scopes.find((scope) => !ACTS.includes(scope as Act));
  if (unknown !== undefined) {
    throw new AppError('BAD_INPUT', `'${unknown}' is no scope: there are ${ACTS.join(', ')}.`);
  }
  if (scopes.length === 0) throw new AppError('BAD_INPUT', `A token needs a scope: ${ACTS.join(', ')}.`);
  if (!(days >= 1 && days <= MAX_DAYS)) {
    throw new AppError('BAD_INPUT', `A token lasts 1 to ${MAX_DAYS} days, not ${days}.`);
  }
  const secret = drawSecret('mt');
  const token = await prisma.accessToken.create({
    data: {
      accountId,
      projectId,
      name: checkText(request.name, 'tokenName'),
      scopes,
      hash: hashSecret(secret),
      hint: secret.slice(0, HINT_CHARACTERS),
      expiresAt: new Date(Date.now() + days * MS_PER_DAY),
    },
  });
  return { token, secret };
}

/** NOT_FOUND when this account has none of this id; revoking again changes nothing. */
export async function revokeToken(
  { database: { prisma } }: Store,
  { accountId, tokenId }: { accountId: string; tokenId: string },
): Promise<AccessToken> {
  await prisma.accessToken.updateMany({
    where: { id: tokenId, accountId, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  const token = await prisma.accessToken.findFirst({ where: { id: tokenId, accountId } });
  if (!token) throw new AppError('NOT_FOUND', `You have no token '${tokenId}'.`);
  return token;
}

export async function listTokens({ database: { prisma } }: Store, accountId: string): Promise<AccessToken[]> {
  return prisma.accessToken.findMany({ where: { accountId }, orderBy: { createdAt: 'desc' } });
}
