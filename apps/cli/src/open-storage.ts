/** Where the data of this home is, for commands that work on it directly, with the platform running or not. */
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { findRunningPlatform } from '@microtome/store/embedded/running-platform';
import type { CliEnv } from './env.ts';

type Storage = { databaseUrl: string; artifactUrl: string; stop(): Promise<void> };

/**
 * The database of DATABASE_URL, of the platform that runs on this home folder, or a server just for this command; brought up
 * to date unless `asItIs`.
 */
export async function openStorage(env: CliEnv, { asItIs = false } = {}): Promise<Storage> {
  const { artifactUrl } = env;
  const stop = async () => {};
  if (!env.databaseUrl) {
    const running = await findRunningPlatform(env.homeDir);
    if (running) return { databaseUrl: running.databaseUrl, artifactUrl: running.artifactUrl, stop };
  }
  const postgres = env.databaseUrl
    ? { databaseUrl: env.databaseUrl, stop }
    : await startEmbeddedPostgres({ homeDir: env.homeDir });
  try {
    if (!asItIs) await migrateDatabase(postgres.databaseUrl);
    return { databaseUrl: postgres.databaseUrl, artifactUrl, stop: () => postgres.stop() };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
