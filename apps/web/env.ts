/**
 * The dashboard's environment, read per request: nothing of it is baked in at build time. The browser gets
 * the API's address from here through the root layout.
 */
import { z } from 'zod';

const schema = z.object({
  /** Where browsers reach the API, e.g. http://127.0.0.1:4000. Unset: the page's own host name with API_PORT. */
  API_URL: z.url().optional(),
  API_PORT: z.coerce.number().int().min(1).max(65535).default(4000),
});

type WebEnv = { apiUrl: string | null; apiPort: number };

/** Reads the environment; an unusable value is an error that names the variable. */
export function readWebEnv(): WebEnv {
  const result = schema.safeParse({
    API_URL: process.env.API_URL || undefined,
    API_PORT: process.env.API_PORT || undefined,
  });
  if (!result.success) throw new Error(`The environment is not usable.\n${z.prettifyError(result.error)}`);
  return { apiUrl: result.data.API_URL?.replace(/\/+$/, '') ?? null, apiPort: result.data.API_PORT };
}

/** Next reports nothing about who builds or runs the dashboard, and does not ask the registry to edit package-lock.json. */
export function keepNextOffline(): void {
  process.env.NEXT_TELEMETRY_DISABLED = '1';
  process.env.NEXT_IGNORE_INCORRECT_LOCKFILE = '1';
}

const serverSchema = z.object({
  /** The address that the dashboard listens on; 0.0.0.0 only inside a container. */
  WEB_HOST: z.string().min(1).default('127.0.0.1'),
  WEB_PORT: z.coerce.number().int().min(1).max(65535).default(3000),
  /** Host names that the dashboard answers to besides the loopback ones, separated by commas. */
  ALLOWED_HOSTS: z.string().default(''),
});

type WebServerEnv = { host: string; webPort: number; allowedHosts: ReadonlySet<string> };

/** What server.ts needs: where to listen, and the host names to answer to. */
export function readServerEnv(): WebServerEnv {
  const env = serverSchema.parse(process.env);
  const named = env.ALLOWED_HOSTS.split(',')
    .map((host) => host.trim())
    .filter(Boolean);
  return {
    host: env.WEB_HOST,
    webPort: env.WEB_PORT,
    allowedHosts: new Set(['127.0.0.1', 'localhost', '[::1]', ...named]),
  };
}
