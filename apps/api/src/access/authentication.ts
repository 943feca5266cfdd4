/**
 * Who asks, for every way in: read at each request and at each operation of a socket, so that what was revoked or changed
 * counts at once. Without accounts it is everyone who reaches the server.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isSignedIn } from '@microtome/domain/access/principal';
import { AppError } from '@microtome/domain/app-error';
import { type Credential, findPrincipal } from '@microtome/store/access/principals';
import type { Store } from '@microtome/store/store';
import { type Access, createAccess, LOCAL_ACCESS } from './access.ts';
import type { AuthSettings } from './auth-settings.ts';
import { readCredential } from './credentials.ts';
import { createRateLimit } from './rate-limit.ts';

type Asking = { headers: IncomingHttpHeaders; address: string };

export type Authentication = {
  /** Null without accounts. */
  settings: AuthSettings | null;
  readCredential(headers: IncomingHttpHeaders): Credential | null;
  /** @throws AppError TOO_MANY_REQUESTS for a token that asks too often */
  identify(asking: Asking): Promise<Access>;
};

export function createAuthentication(store: Store, settings: AuthSettings | null): Authentication {
  if (!settings) {
    return { settings, readCredential: () => null, identify: async () => LOCAL_ACCESS };
  }
  const limit = createRateLimit(settings.requestsPerMinute);
  const read = (headers: IncomingHttpHeaders) => readCredential(headers, settings.isSecure);
  return {
    settings,
    readCredential: read,
    async identify({ headers, address }) {
      const principal = await findPrincipal(store, read(headers));
      const who = isSignedIn(principal) ? principal.credentialId : address;
      const waitS = limit.take(who);
      if (waitS > 0) {
        throw new AppError(
          'TOO_MANY_REQUESTS',
          `At most ${settings.requestsPerMinute} requests a minute are answered. Ask again in ${waitS} s.`,
          { details: { retryAfterS: waitS } },
        );
      }
      return createAccess(principal, { address, settings });
    },
  };
}
