/** The environment of the API: read once, checked, and nowhere else in this workspace. */
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { describeBlockedPort, isBlockedPort } from '@microtome/domain/blocked-ports';
import { z } from 'zod';
import type { OutgoingSettings } from './delivery/outgoing-settings.ts';

const port = z.coerce.number().int().min(0).max(65_535);
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
  ALLOWED_HOSTS: list(','),
  ALLOWED_ORIGINS: list(','),
  DASHBOARD_URL: z.url({ protocol: /^https?$/ }).optional(),
  WEBHOOKS_TO_PRIVATE_NETWORKS: z.enum(['true', 'false']).default('false'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.string().min(1).default('Microtome <microtome@localhost>'),
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
  /** Names, with or without port, by which the API may be called, in addition to the loopback names. */
  allowedHosts: string[];
  /** Origins whose pages may call the API, in addition to the dashboard's own on loopback. */
  allowedOrigins: string[];
  /** Webhooks and mail. */
  outgoing: OutgoingSettings;
  logLevel: string;
  isProduction: boolean;
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
  return {
    databaseUrl: env.DATABASE_URL,
    artifactUrl: env.ARTIFACT_URL ?? `file:${resolve(env.MICROTOME_HOME)}/artifacts`,
    host: env.API_HOST,
    port: env.API_PORT,
    webPort: env.WEB_PORT,
    importRoots: env.IMPORT_ROOTS.length > 0 ? env.IMPORT_ROOTS : [homedir(), dirname(process.cwd())],
    allowedHosts: env.ALLOWED_HOSTS,
    allowedOrigins: env.ALLOWED_ORIGINS,
    outgoing: readOutgoing(env),
    logLevel: env.LOG_LEVEL,
    isProduction: env.NODE_ENV === 'production',
  };
}

function readOutgoing(env: z.infer<typeof schema>): OutgoingSettings {
  return {
    dashboardUrl: env.DASHBOARD_URL ?? `http://localhost:${env.WEB_PORT}`,
    mayReachPrivateNetworks: env.WEBHOOKS_TO_PRIVATE_NETWORKS === 'true',
    mail: env.SMTP_URL ? { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM } : null,
  };
}
