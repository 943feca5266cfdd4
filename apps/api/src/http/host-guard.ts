/**
 * Before there are accounts, the only protection is who can reach the server. The Host check keeps a foreign page from
 * reaching it under a name of its own (DNS rebinding); the Origin check keeps foreign pages from calling it at all.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '@microtome/domain/app-error';
import { nameListenAddress } from '@microtome/domain/listen-address';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export type HostGuard = {
  /** FORBIDDEN unless Host and, where a browser sent one, Origin are known. */
  check(headers: IncomingHttpHeaders): void;
  isOriginAllowed(origin: string): boolean;
};

type HostGuardOptions = {
  /** The address that the server listens on: by it, it may be called too. */
  host: string;
  /** The port that the server listens on; asked at each check, because port 0 is known only after the start. */
  getPort(): number;
  webPort: number;
  /** `name` or `name:port`. */
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
};

export function createHostGuard({
  host: ownHost,
  getPort,
  webPort,
  allowedHosts,
  allowedOrigins,
}: HostGuardOptions): HostGuard {
  const ownName = nameListenAddress(ownHost);
  const ownNames = ownName === null ? LOOPBACK_NAMES : [...LOOPBACK_NAMES, ownName];

  function isHostAllowed(host: string): boolean {
    if (allowedHosts.includes(host) || allowedHosts.includes(host.replace(/:\d+$/, ''))) return true;
    return ownNames.some((name) => host === `${name}:${getPort()}`);
  }

  function isOriginAllowed(origin: string): boolean {
    if (allowedOrigins.includes(origin)) return true;
    return LOOPBACK_NAMES.some((name) =>
      [getPort(), webPort].some((port) => origin === `http://${name}:${port}`),
    );
  }

  return {
    isOriginAllowed,
    check({ host = '', origin }) {
      if (!isHostAllowed(host.toLowerCase())) {
        throw new AppError(
          'FORBIDDEN',
          `The server does not answer to the host '${host}' (see ALLOWED_HOSTS).`,
        );
      }
      if (origin !== undefined && !isOriginAllowed(origin.toLowerCase())) {
        throw new AppError(
          'FORBIDDEN',
          `Pages of '${origin}' may not call this server (see ALLOWED_ORIGINS).`,
        );
      }
    },
  };
}
