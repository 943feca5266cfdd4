/** The environment of the API: read once, checked, and nowhere else in this workspace. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { describeBlockedPort, isBlockedPort } from '@microtome/domain/blocked-ports';
import { z } from 'zod';
import { AUTH_MODES, type AuthSettings, isLoopback, refuseOpenDoor } from './access/auth-settings.ts';
import type { OutgoingSettings } from './delivery/outgoing-settings.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const onOff = z.enum(['on', 'off']);
const list = (separator: string) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(separator)
        .map((entry) => entry.trim())
        .filter((entry) => entry !== ''),
    );

const schema = z.object({
  DATABASE_URL: z.url(),
  ARTIFACT_URL: z.string().min(1).optional(),
  MICROTOME_HOME: z.string().min(1).default('.microtome'),
  API_HOST: z.string().min(1).default('127.0.0.1'),
  API_PORT: port.default(4000),
  WEB_PORT: port.default(3000),
  IMPORT_ROOTS: list(':'),
  UPLOAD_MAX_GB: z.coerce.number().positive().max(10_000).default(50),
  ALLOWED_HOSTS: list(','),
  ALLOWED_ORIGINS: list(','),
  DASHBOARD_URL: z.url({ protocol: /^https?$/ }).optional(),
  WEBHOOKS_TO_PRIVATE_NETWORKS: z.enum(['true', 'false']).default('false'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(1).default('Microtome <microtome@localhost>'),
  AUTH: z.enum(AUTH_MODES).default('off'),
  AUTH_PASSWORDS: onOff.default('on'),
  PUBLIC_API_URL: z.url().optional(),
  OIDC_ISSUER: z.url().optional(),
  OIDC_CLIENT_ID: z.string().min(1).optional(),
  OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  OIDC_NAME: z.string().min(1).max(60).default('OpenID'),
  REQUESTS_PER_MINUTE: z.coerce.number().int().min(10).max(1_000_000).default(6_000),
  GRAPHIQL: onOff.optional(),
  INTROSPECTION: onOff.default('on'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
});

export type ApiEnv = {
  databaseUrl: string;
  artifactUrl: string;
  /** The address to listen on; loopback unless a container sets another. */
  host: string;
  port: number;
  webPort: number;
  importRoots: string[];
  /** Where what people send lies, and how large a file may be. */
  uploads: { folder: string; bytesMax: number };
  /** Names, with or without port, by which the API may be called, in addition to the loopback names. */
  allowedHosts: string[];
  /** Origins whose pages may call the API, in addition to the dashboard's own on loopback. */
  allowedOrigins: string[];
  /** Webhooks and mail. */
  outgoing: OutgoingSettings;
  logLevel: string;
  /** Null without accounts. */
  auth: AuthSettings | null;
  hasGraphiql: boolean;
  hasIntrospection: boolean;
};

/** Reads the environment; an invalid variable is an AppError BAD_INPUT that names it. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): ApiEnv {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new AppError('BAD_INPUT', `The environment is not usable: ${lines.join('; ')}.`);
  }
  const env = parsed.data;
  if (isBlockedPort(env.API_PORT)) {
    throw new AppError('BAD_INPUT', describeBlockedPort('API_PORT', env.API_PORT));
  }
  refuseOpenDoor(env.AUTH, env.API_HOST);
  const auth = env.AUTH === 'on' ? readAuthSettings(env) : null;
  return {
    databaseUrl: env.DATABASE_URL,
    artifactUrl: env.ARTIFACT_URL ?? `file:${resolve(env.MICROTOME_HOME)}/artifacts`,
    host: env.API_HOST,
    port: env.API_PORT,
    webPort: env.WEB_PORT,
    importRoots: env.IMPORT_ROOTS.length > 0 ? env.IMPORT_ROOTS : [homedir(), dirname(process.cwd())],
    uploads: { folder: join(resolve(env.MICROTOME_HOME), 'uploads'), bytesMax: env.UPLOAD_MAX_GB * 1e9 },
    allowedHosts: [...env.ALLOWED_HOSTS, ...(auth ? [new URL(auth.apiUrl).host] : [])],
    allowedOrigins: [...env.ALLOWED_ORIGINS, ...(auth ? [new URL(auth.webUrl).origin] : [])],
    outgoing: readOutgoing(env),
    logLevel: env.LOG_LEVEL,
    auth,
    hasGraphiql: env.GRAPHIQL === undefined ? env.NODE_ENV !== 'production' : env.GRAPHIQL === 'on',
    hasIntrospection: env.INTROSPECTION === 'on',
  };
}

function readAuthSettings(env: z.infer<typeof schema>): AuthSettings {
  if (!isLoopback(env.API_HOST) && !(env.PUBLIC_API_URL && env.DASHBOARD_URL)) {
    throw new AppError(
      'BAD_INPUT',
      `The environment is not usable: with API_HOST ${env.API_HOST}, PUBLIC_API_URL and DASHBOARD_URL say where browsers reach API and dashboard.`,
    );
  }
  const apiUrl = env.PUBLIC_API_URL ?? `http://${env.API_HOST}:${env.API_PORT}`;
  const webUrl = env.DASHBOARD_URL ?? `http://${env.API_HOST}:${env.WEB_PORT}`;
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = env;
  const given = [issuer, clientId, clientSecret].filter((value) => value !== undefined).length;
  if (given > 0 && given < 3) {
    throw new AppError(
      'BAD_INPUT',
      'The environment is not usable: OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are given together.',
    );
  }
  return {
    apiUrl: apiUrl.replace(/\/+$/, ''),
    webUrl: webUrl.replace(/\/+$/, ''),
    isSecure: apiUrl.startsWith('https:'),
    hasPasswords: env.AUTH_PASSWORDS === 'on',
    oidc: issuer && clientId && clientSecret ? { issuer, clientId, clientSecret, name: env.OIDC_NAME } : null,
    requestsPerMinute: env.REQUESTS_PER_MINUTE,
  };
}

function readOutgoing(env: z.infer<typeof schema>): OutgoingSettings {
  return {
    dashboardUrl: env.DASHBOARD_URL ?? `http://localhost:${env.WEB_PORT}`,
    mayReachPrivateNetworks: env.WEBHOOKS_TO_PRIVATE_NETWORKS === 'true',
    mail: env.SMTP_URL ? { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM } : null,
  };
}
