/**
 * Who asks by a socket: the cookie or token of its handshake, or the token of its `connection_init`. It is looked up for each
 * operation, and again and again while the socket is open: one whose rights changed is closed, and connects again.
 */
import type { IncomingMessage } from 'node:http';
import type { Access } from '../access/access.ts';
import type { Authentication } from '../access/authentication.ts';
import type { SocketClient } from './socket-client.ts';
import { CLOSE_CODES } from './socket-limits.ts';

const LOOK_AGAIN_MS = 10_000;

export type SocketIdentity = {
  /** What `connection_init` says; a token in it goes before the cookie. */
  introduce(parameters: Record<string, unknown> | undefined): void;
  identify(): Promise<Access>;
};

export function createSocketIdentity(
  authentication: Authentication,
  { client, request, address }: { client: SocketClient; request: IncomingMessage; address: string },
): SocketIdentity {
  let headers = request.headers;
  let key: string | null = null;

  async function identify(): Promise<Access> {
    const access = await authentication.identify({ headers, address });
    if (key !== null && key !== access.key) {
      client.close(CLOSE_CODES.ACCESS_CHANGED, 'What you may see has changed. Connect again.');
    }
    key = access.key;
    return access;
  }

  if (authentication.settings) {
    const timer = setInterval(() => void (key !== null && identify().catch(() => undefined)), LOOK_AGAIN_MS);
    timer.unref();
    client.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }
  return {
    introduce(parameters) {
      const authorization = parameters?.authorization ?? parameters?.Authorization;
      if (typeof authorization === 'string') headers = { ...headers, authorization };
    },
    identify,
  };
}
