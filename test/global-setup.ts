/**
 * One Postgres for all tests: the server of DATABASE_URL when that is set, else an embedded one in a temporary folder.
 * A migrated template database is made in it once; each test file clones that (test-database.ts). Processes that tests start
 * strip the types of each file once, all of them together (strip-once.mjs).
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@microtome/store/database/database';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { openQueue } from '@microtome/store/queue/queue';
import type { TestProject } from 'vitest/node';
import { preloadModule, readDatabaseUrl } from './env.ts';
import { runOnServer, withDatabase } from './test-database.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Any database of the test server, to reach it. */
    serverUrl: string;
    /** The database that test files clone. */
    templateName: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  preloadModule(new URL('./strip-once.mjs', import.meta.url).href);
  const server = await openServer();
  const templateName = `microtome_template_${randomUUID().replaceAll('-', '')}`;
  const templateUrl = withDatabase(server.url, templateName);
  await migrateDatabase(templateUrl);
  await installQueue(templateUrl);
  project.provide('serverUrl', server.url);
  project.provide('templateName', templateName);
  return async () => {
    await runOnServer(server.url, `drop database "${templateName}" with (force)`);
    await server.close();
  };
}

async function openServer(): Promise<{ url: string; close(): Promise<void> }> {
  const url = readDatabaseUrl();
  if (url) return { url, close: async () => {} };
  const homeDir = await mkdtemp(join(tmpdir(), 'microtome-test-'));
  const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
  return {
    url: postgres.databaseUrl,
    async close() {
      await postgres.stop();
      await rm(homeDir, { recursive: true, force: true });
    },
  };
}

/** Else every test file would spend half a second on it. */
async function installQueue(databaseUrl: string): Promise<void> {
  const database = openDatabase({ databaseUrl });
  const queue = await openQueue(database, (error) => {
    throw error;
  });
  await queue.close();
  await database.close();
}
