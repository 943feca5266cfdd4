/** A store of its own for each test file: a fresh database and a folder for artifacts. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '@microtome/store/store';
import { createTestDatabase } from './test-database.ts';

export type TestStore = { store: Store; databaseUrl: string; artifactUrl: string; close(): Promise<void> };

export async function createTestStore(): Promise<TestStore> {
  const database = await createTestDatabase();
  const artifactDir = await mkdtemp(join(tmpdir(), 'microtome-artifacts-'));
  const artifactUrl = `file:${artifactDir}`;
  const store = await openStore({ databaseUrl: database.databaseUrl, artifactUrl });
  return {
    store,
    databaseUrl: database.databaseUrl,
    artifactUrl,
    async close() {
      await store.close();
      await database.drop();
      await rm(artifactDir, { recursive: true, force: true });
    },
  };
}
