/** A real database and a real artifact folder for the import tests of one file, empty at the start of each test. */
import type { Store } from '@microtome/store/store';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createTestStore, type TestStore } from '../../test-store.ts';

const TABLES = ['dataset', 'patch', 'patient', 'slide', 'dataset_shard', 'artifact'] as const;

export function useImportStore() {
  let opened: TestStore;

  beforeAll(async () => {
    opened = await createTestStore();
  });
  const empty = async () => {
    const tables = ['dataset_import', 'split', 'dataset', 'patient', 'artifact'];
    await opened.store.database.pool.query(tables.map((table) => `delete from ${table}`).join(';'));
  };
  beforeEach(empty);
  afterAll(() => opened.close());

  return {
    get: (): Store => opened.store,
    empty,
    async countRows(): Promise<Record<(typeof TABLES)[number], number>> {
      const counts = TABLES.map((table) => `(select count(*)::int from ${table}) as ${table}`);
      const { rows } = await opened.store.database.pool.query(`select ${counts.join(', ')}`);
      return rows[0];
    },
  };
}
