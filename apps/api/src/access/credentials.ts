/**
 * What a request signs in by: a token in `Authorization`, or the cookie of a session. The cookie is no script's to read, goes
 * to this server alone and, where it is reached by HTTPS, never without; a change by cookie must come from a known page.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@microtome/domain/app-error';
import type { Credential } from '@microtome/store/access/principals';

const BEARER = /^Bearer +(\S{1,200})$/i;
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `__Host-`: the browser takes it from this host alone, by HTTPS, for all paths. */
export function nameSessionCookie(isSecure: boolean): string {
  return isSecure ? '__Host-microtome' : 'microtome';
}

/** A token goes before a cookie; a header that is no token is one that nobody has. */
export function readCredential(headers: IncomingHttpHeaders, isSecure: boolean): Credential | null {
  const { authorization, cookie } = headers;
  if (authorization !== undefined) {
    return { kind: 'TOKEN', secret: BEARER.exec(authorization)?.[1] ?? '' };
  }
  const secret = readCookie(cookie, nameSessionCookie(isSecure));
  return secret ? { kind: 'SESSION', secret } : null;
}

export function readCookie(cookie: string | undefined, name: string): string | null {
  const pairs = (cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) || null;
}

/** FORBIDDEN where a cookie would change something and no page is named. The host guard has judged a page that is. */
export function refuseForgery(
  credential: Credential | null,
  { method, headers }: { method: string; headers: IncomingHttpHeaders },
): void {
  if (credential?.kind !== 'SESSION' || SAFE_METHODS.has(method) || headers.origin !== undefined) return;
  throw new AppError(
    'FORBIDDEN',
    'A change that signs in by cookie must name its page in the header Origin. Programs send a token.',
  );
}
