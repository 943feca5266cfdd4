/** A deletion in the background goes on by itself after the database was away, in the middle of its rows and of its files. */
import { deleteDataset } from '@microtome/store/dataset/datasets';
import { performDeletions } from '@microtome/store/deletion/perform-deletions';
import { startDuties } from '@microtome/store/duties/duties';
import { openStore } from '@microtome/store/store';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { insertDataset } from '../../fixtures/dataset.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

const PATCHES = 1_000;
const BATCH_ROWS = 50;
const INTERVAL_MS = 50;
const BUSY_MACHINE_MS = 120_000;

let test: TestStore;

beforeAll(async () => {
  test = await createTestStore();
});
afterAll(() => test.close());

it(
  'goes on where it was',
  async () => {
    const { store, databaseUrl, artifactUrl } = test;
    const shape = { patients: 10, patchesPerPatient: PATCHES / 10, patchSizePx: 2, seed: 8 };
    const { datasetId } = await insertDataset(store, shape);
    const { id } = await deleteDataset(store, datasetId);
    const proxy = await openDatabaseProxy(databaseUrl);
    onTestFinished(() => proxy.close());
    const deleting = await openStore({ databaseUrl: proxy.databaseUrl, artifactUrl });
    onTestFinished(() => deleting.close());
    const deleteFile = deleting.artifacts.delete;
    let breaks = 0;
    let mended = Promise.resolve();
    /** Away until it was asked for in vain. */
    const breakOnce = async () => {
      breaks += 1;
      proxy.cut();
      await proxy.refusal();
      proxy.mend();
    };
    deleting.artifacts.delete = async (...file) => {
      if (breaks === 1) mended = breakOnce();
      return deleteFile(...file);
    };
    const failures: unknown[] = [];
    const log = { info: () => {}, error: (fields: object) => void failures.push(fields) };
    const perform = () => performDeletions(deleting, { batchRows: BATCH_ROWS });
    const duties = startDuties([{ name: 'perform deletions', intervalMs: INTERVAL_MS, perform }], log);
    onTestFinished(() => duties.close());
    const look = () => store.database.prisma.deletion.findUniqueOrThrow({ where: { id } });
    while ((await look()).rowsDone === 0);
    await breakOnce();
    expect((await look()).rowsDone).toBeLessThan(PATCHES);
    await expect.poll(async () => (await look()).finishedAt, { timeout: BUSY_MACHINE_MS }).not.toBeNull();
    const done = await look();
    expect(done).toMatchObject({ rowsDone: PATCHES, bytesFreed: done.bytesTotal });
    await mended;
    expect(breaks).toBe(2);
    expect(failures.length).toBeGreaterThanOrEqual(1);
    expect(await store.database.prisma.patch.count({ where: { datasetId } })).toBe(0);
  },
  BUSY_MACHINE_MS,
);
