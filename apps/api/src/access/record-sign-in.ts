/** Puts every sign-in on record, also one that was refused, with the address that it was tried for and came from. */
import { recordAudit } from '@microtome/store/access/audit-log';
import type { SignedInSession } from '@microtome/store/access/sign-in';
import type { Store } from '@microtome/store/store';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { readAddress } from './access-gate.ts';

type Signing = { act: string; request: Request; response: Response; email?: string };

export async function recordSignIn(
  { store, log }: { store: Store; log: Logger },
  { act, request, response, email }: Signing,
  signIn: (address: string) => Promise<SignedInSession>,
): Promise<SignedInSession> {
  const address = readAddress(request);
  const requestId = String(response.locals.requestId);
  const write = (account: SignedInSession['account'] | null, error: string | null) =>
    recordAudit(store, {
      accountId: account?.id ?? null,
      accountName: account?.name ?? 'a stranger',
      credential: 'none',
      act,
      projectIds: [],
      subject: account ? { noun: 'account', id: account.id } : null,
      asked: email === undefined ? {} : { email },
      before: null,
      after: null,
      error,
      address,
      requestId,
    }).catch((fault: unknown) => log.error({ err: fault, act }, 'sign-in not recorded'));
  try {
    const session = await signIn(address);
    await write(session.account, null);
    return session;
  } catch (error) {
    await write(null, error instanceof Error ? error.message : String(error));
    throw error;
  }
}
