/** How people sign in, where accounts are on: read from the environment by env.ts, and refused where it would be unsafe. */
import { AppError } from '@microtome/domain/app-error';

export type OidcSettings = { issuer: string; clientId: string; clientSecret: string; name: string };

export type AuthSettings = {
  /** Where browsers reach the API and the dashboard. */
  apiUrl: string;
  webUrl: string;
  /** Whether that is by HTTPS: cookies never go without it then. */
  isSecure: boolean;
  hasPasswords: boolean;
  oidc: OidcSettings | null;
  requestsPerMinute: number;
};

/** `off-in-container`: the address of the container is nobody else's, because its port is published on loopback alone. */
export const AUTH_MODES = ['off', 'on', 'off-in-container'] as const;
type AuthMode = (typeof AUTH_MODES)[number];

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** BAD_INPUT where others could reach a server without accounts. */
export function refuseOpenDoor(mode: AuthMode, host: string): void {
  if (mode !== 'off' || isLoopback(host)) return;
  throw new AppError(
    'BAD_INPUT',
    `API_HOST is ${host}, where others can reach it, and no sign-in is asked for. Set AUTH=on, PUBLIC_API_URL and DASHBOARD_URL (README, "Sign-in"), or listen on 127.0.0.1. A container whose port is published on loopback alone sets AUTH=off-in-container.`,
  );
}
