/** An import is there whole or not at all, also when it is stopped, fails, or runs at the same time as another one. */
import { type ImportRequest, importDataset } from '@microtome/store/import/import-dataset';
import type { ImportProgress } from '@microtome/store/import/progress-meter';
import { describe, expect, it } from 'vitest';
import { useImportStore } from './import-store.ts';
import { drawTree, drawTwoPatients, gridOf, writeTree, writeZip } from './patch-files.ts';

const storage = useImportStore();
const run = (request: Omit<ImportRequest, 'database' | 'artifacts'>) =>
  importDataset({ ...storage.get(), ...request });

describe('all or nothing', () => {
  it('an import that is canceled at any moment leaves no row', async () => {
    const path = await writeTree(await drawTwoPatients());
    for (const phase of ['scanning', 'decoding', 'saving'] as const) {
      const stop = new AbortController();
      const onProgress = (progress: ImportProgress) => progress.phase === phase && stop.abort();
      const error = await run({ path, onProgress, signal: stop.signal }).catch((caught) => caught);
      expect(error).toMatchObject({
        code: 'CANCELED',
        message: `The import of ${path} was canceled; nothing of it was kept.`,
      });
      expect(await storage.countRows()).toMatchObject({ dataset: 0, patch: 0, patient: 0, artifact: 0 });
    }
  });

  it('an import that fails just before its commit leaves no row', async () => {
    const path = await writeTree(await drawTwoPatients());
    const beforeCommit = async () => {
      throw new Error('the lights went out');
    };
    await expect(run({ path, beforeCommit })).rejects.toThrow('the lights went out');
    expect(await storage.countRows()).toMatchObject({ dataset: 0, patch: 0, patient: 0, artifact: 0 });
    expect(await run({ path })).toMatchObject({ reused: false });
  });

  it('an import for which the database has no room left fails at once, and leaves no row', async () => {
    const path = await writeTree(await drawTwoPatients());
    const beforeCommit: ImportRequest['beforeCommit'] = async (client) => {
      await client.query(`do $$ begin raise 'could not extend file' using errcode = 'disk_full'; end $$`);
      return undefined;
    };
    await expect(run({ path, beforeCommit })).rejects.toThrow(
      'Disk full on the database server: nothing of the import was kept. Free some space and try again.',
    );
    expect(await storage.countRows()).toMatchObject({ dataset: 0, patch: 0, artifact: 0 });
  });

  it('two imports of the same files at once make one dataset', async () => {
    const tree = await drawTwoPatients();
    const outcomes = await Promise.all([
      run({ path: await writeTree(tree) }),
      run({ path: await writeZip(tree) }),
    ]);
    expect(outcomes.map(({ reused }) => reused).sort()).toEqual([false, true]);
    expect(outcomes[0].datasetId).toBe(outcomes[1].datasetId);
    expect(await storage.countRows()).toMatchObject({ dataset: 1, patch: 16, patient: 2 });
  });

  it('a patient of two datasets is one patient', async () => {
    await run({ path: await writeTree(await drawTree(gridOf('101'))) });
    await run({
      path: await writeTree(await drawTree([...gridOf('101', { columns: 4 }), ...gridOf('102')])),
    });
    expect(await storage.countRows()).toMatchObject({ dataset: 2, patient: 2, slide: 3 });
  });
});
