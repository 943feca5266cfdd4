/** A real database and a real artifact folder for the import tests of one file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '@microtome/store/embedded-postgres';
import { migrateDatabase } from '@microtome/store/migrate';
import { openStore, type Store } from '@microtome/store/store';
import { afterAll, beforeAll } from 'vitest';

const TABLES = ['dataset', 'patch', 'patient', 'slide', 'dataset_shard', 'artifact'] as const;

export function useImportStore() {
  let store: Store | undefined;
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'microtome-import-store-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const postgres = await startEmbeddedPostgres({ homeDir: folder, durable: false });
    closers.push(() => postgres.stop());
    await migrateDatabase(postgres.databaseUrl);
    store = await openStore({
      databaseUrl: postgres.databaseUrl,
      artifactUrl: `file:${join(folder, 'artifacts')}`,
    });
    closers.push(() => store!.close());
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });

  const get = (): Store => {
    if (!store) throw new Error('The store is there only while tests run.');
    return store;
  };
  return {
    get,
    /** Removes every data set, import, patient and artifact row. */
    async clear(): Promise<void> {
      await get().database.pool.query(
        'delete from dataset_import; delete from dataset; delete from patient; delete from artifact',
      );
    },
    async countRows(): Promise<Record<(typeof TABLES)[number], number>> {
      const counts = TABLES.map((table) => `(select count(*)::int from ${table}) as ${table}`);
      const { rows } = await get().database.pool.query(`select ${counts.join(', ')}`);
      return rows[0];
    },
  };
}
