/** Where the platform's data is, for commands that were not told: the platform that runs on this home, or its database. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { z } from 'zod';
import type { WorkerEnv } from '../env.ts';

const placeSchema = z.object({ pid: z.int(), databaseUrl: z.string(), artifactUrl: z.string() });

export type DataPlace = { databaseUrl: string; artifactUrl: string; close(): Promise<void> };

/** DATABASE_URL, else the platform that runs on this home. Null when there is neither. */
export async function findRunningData(env: WorkerEnv): Promise<DataPlace | null> {
  const { databaseUrl, artifactUrl } = env;
  const close = async () => undefined;
  if (databaseUrl) return { databaseUrl, artifactUrl, close };
  const text = await readFile(path.join(env.homeDir, 'platform.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const place = placeSchema.parse(JSON.parse(text));
  return isAlive(place.pid) ? { ...place, close } : null;
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

/** A platform that was killed leaves its file behind. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
