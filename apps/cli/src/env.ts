/** The environment of the command line: read once, checked, and nowhere else in this workspace. */

import { resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { describeBlockedPort, isBlockedPort } from '@microtome/domain/blocked-ports';
import { AUTO_BACKEND, BACKEND_REQUESTS } from '@microtome/domain/run/backends';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  DATABASE_URL: z.url().optional(),
  ARTIFACT_URL: z.string().optional(),
  MICROTOME_HOME: z.string().min(1).default('.microtome'),
  API_PORT: port.default(4000),
  WEB_PORT: port.default(3000),
  TRAIN_BACKEND: z.enum(BACKEND_REQUESTS).default(AUTO_BACKEND),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
});

export type CliEnv = {
  databaseUrl: string | undefined;
  artifactUrl: string;
  /** Whether ARTIFACT_URL names another place than the home folder. */
  hasOwnArtifactUrl: boolean;
  homeDir: string;
  apiPort: number;
  webPort: number;
  /** Started by `npm run …`, which may be killed without a word to us. */
  runsUnderNpm: boolean;
  /** What child processes inherit in addition to the settings above. */
  inherited: NodeJS.ProcessEnv;
};

/** Reads the environment; a wrong variable is an AppError BAD_INPUT that names it. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): CliEnv {
  const parsed = schema.safeParse(source);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new AppError('BAD_INPUT', `The environment is not usable: ${lines.join('; ')}.`);
  }
  const env = parsed.data;
  for (const setting of ['API_PORT', 'WEB_PORT'] as const) {
    if (isBlockedPort(env[setting]))
      throw new AppError('BAD_INPUT', describeBlockedPort(setting, env[setting]));
  }
  const homeDir = resolve(env.MICROTOME_HOME);
  return {
    databaseUrl: env.DATABASE_URL,
    artifactUrl: env.ARTIFACT_URL ?? `file:${homeDir}/artifacts`,
    hasOwnArtifactUrl: env.ARTIFACT_URL !== undefined,
    homeDir,
    apiPort: env.API_PORT,
    webPort: env.WEB_PORT,
    runsUnderNpm: source.npm_lifecycle_event !== undefined,
    inherited: source,
  };
}
