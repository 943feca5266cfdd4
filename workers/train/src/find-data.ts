/** Where the platform's data is, for commands that were not told: the platform that runs on this home, or its database. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { findRunningPlatform } from '@microtome/store/embedded/running-platform';
import type { WorkerEnv } from './env.ts';

export type DataPlace = { databaseUrl: string; artifactUrl: string; close(): Promise<void> };

/** DATABASE_URL, else the platform that runs on this home. Null when there is neither. */
export async function findRunningData(env: WorkerEnv): Promise<DataPlace | null> {
  const { databaseUrl, artifactUrl } = env;
  const close = async () => undefined;
  if (databaseUrl) return { databaseUrl, artifactUrl, close };
  const running = await findRunningPlatform(env.homeDir);
  return running && { databaseUrl: running.databaseUrl, artifactUrl: running.artifactUrl, close };
}

/** The same, or the home's own database, started for as long as it is needed. NOT_FOUND when the home has none. */
export async function openData(env: WorkerEnv): Promise<DataPlace> {
  const running = await findRunningData(env);
  if (running) return running;
  if (!existsSync(path.join(env.homeDir, 'postgres'))) {
    throw new AppError(
      'NOT_FOUND',
      `There is no Microtome database in ${env.homeDir}. Set MICROTOME_HOME or DATABASE_URL, or run 'npm start' first.`,
    );
  }
  const postgres = await startEmbeddedPostgres({ homeDir: env.homeDir });
  return { databaseUrl: postgres.databaseUrl, artifactUrl: env.artifactUrl, close: () => postgres.stop() };
}
