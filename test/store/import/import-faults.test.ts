/** Imports while the machine fails them: a full disk ends one whole, a database that is away is waited for. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArtifactStore } from '@microtome/store/artifacts/artifacts';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { openDatabase } from '@microtome/store/database/database';
import { parseImportOptions } from '@microtome/store/import/import-options';
import { insertImportRecord } from '@microtome/store/import/import-record';
import type { ImportProgress } from '@microtome/store/import/progress-meter';
import { runRecordedImport } from '@microtome/store/import/run-recorded-import';
import { failInterruptedImports } from '@microtome/store/import/start-dataset-import';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { useImportStore } from './import-store.ts';
import { drawTree, gridOf, writeManyPatches, writeTree } from './patch-files.ts';

/** Thousands of patches, on a machine that does other things too. */
const BUSY_MACHINE_MS = 240_000;
const NO_TRACE = { dataset: 0, patch: 0, patient: 0, slide: 0, dataset_shard: 0, artifact: 0 };
const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

const storage = useImportStore();

const getImport = (id: string) =>
  storage.get().database.prisma.datasetImport.findUniqueOrThrow({ where: { id } });

async function listFiles(artifacts: ArtifactStore): Promise<string[]> {
  const hashes: string[] = [];
  for await (const { hash } of artifacts.list()) hashes.push(hash);
  return hashes;
}

type Started = {
  path: string;
  artifacts?: ArtifactStore;
  /** The import's own way to the database; the test's when left out. */
  databaseUrl?: string;
  signal?: AbortSignal;
  onProgress?: (progress: ImportProgress) => void;
};

/** As the API's child and the command line run it. */
async function start(started: Started) {
  const { path, signal = new AbortController().signal, onProgress } = started;
  const own = storage.get();
  const options = parseImportOptions({ path });
  const importId = await insertImportRecord(own.database, options);
  const database = openDatabase({ databaseUrl: started.databaseUrl ?? own.database.url, poolSize: 2 });
  onTestFinished(() => database.close());
  const { artifacts = own.artifacts } = started;
  const run = () =>
    runRecordedImport({
      database,
      artifacts,
      importId,
      options,
      signal,
      ...(onProgress ? { onProgress } : {}),
    });
  return { importId, run };
}

beforeEach(async () => {
  for (const hash of await listFiles(storage.get().artifacts)) await storage.get().artifacts.delete(hash);
});

describe.skipIf(!isRoot)(
  'an import whose disk becomes full (a small file system of its own, which takes root)',
  () => {
    it('fails whole, says where, and what it had stored is gone', { timeout: BUSY_MACHINE_MS }, async () => {
      const folder = await mkdtemp(join(tmpdir(), 'microtome-full-'));
      // One shard of 4,096 patches of 50 x 50 is 31 MB: the second finds no room.
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', folder]);
      onTestFinished(async () => {
        execFileSync('umount', [folder]);
        await rm(folder, { recursive: true, force: true });
      });
      const artifacts = openArtifactStore(`file:${folder}/artifacts`);
      const stored: string[] = [];
      const watched: ArtifactStore = {
        ...artifacts,
        async put(source, mediaType) {
          const ref = await artifacts.put(source, mediaType);
          stored.push(ref.hash);
          return ref;
        },
      };
      const { importId, run } = await start({ path: await writeManyPatches(), artifacts: watched });
      const sentence = `Disk full on ${folder}/artifacts: nothing was stored. Free some space and try again.`;
      await expect(run()).rejects.toThrow(sentence);
      expect(stored).toHaveLength(1);
      expect(await listFiles(artifacts)).toEqual([]);
      expect(await getImport(importId)).toMatchObject({ status: 'FAILED', error: sentence });
      expect(await storage.countRows()).toEqual(NO_TRACE);
    });
  },
);

describe('what a failed import stored', () => {
  it('is gone before the import is said to have ended', async () => {
    const stop = new AbortController();
    const { importId, run } = await start({
      path: await writeTree(await drawTree(gridOf('101'))),
      signal: stop.signal,
      onProgress: ({ phase }) => phase === 'saving' && stop.abort(),
    });
    await expect(run()).rejects.toMatchObject({ code: 'CANCELED' });
    expect(await listFiles(storage.get().artifacts)).toEqual([]);
    expect((await getImport(importId)).status).toBe('CANCELED');
  });

  it('stays where a dataset names it, or another import that runs may', async () => {
    const path = await writeTree(await drawTree(gridOf('101')));
    const { artifacts, database } = storage.get();
    const failSaving = async () => {
      const stop = new AbortController();
      const onProgress = ({ phase }: ImportProgress) => phase === 'saving' && stop.abort();
      const { run } = await start({ path, signal: stop.signal, onProgress });
      await expect(run()).rejects.toMatchObject({ code: 'CANCELED' });
    };
    const other = await insertImportRecord(database, parseImportOptions({ path }));
    await failSaving();
    expect(await listFiles(artifacts)).toHaveLength(1);
    await database.prisma.datasetImport.delete({ where: { id: other } });
    await failSaving();
    expect(await listFiles(artifacts)).toEqual([]);
    await (await start({ path })).run();
    await failSaving();
    expect(await listFiles(artifacts)).toHaveLength(1);
  });
});

describe('an import whose database goes away', () => {
  it('waits and goes on, in the middle of reading and of saving', { timeout: BUSY_MACHINE_MS }, async () => {
    const proxy = await openDatabaseProxy(storage.get().database.url);
    onTestFinished(() => proxy.close());
    const phases: string[] = [];
    /** Away until it was asked for in vain. */
    const breakOnce = async () => {
      proxy.cut();
      await proxy.refusal();
      proxy.mend();
    };
    const breaks: Promise<void>[] = [];
    const { importId, run } = await start({
      path: await writeManyPatches(),
      databaseUrl: proxy.databaseUrl,
      onProgress({ phase, filesDone }) {
        if (phases.at(-1) === phase || (phase === 'decoding' && filesDone === 0)) return;
        phases.push(phase);
        if (phase === 'decoding' || phase === 'saving') breaks.push(breakOnce());
      },
    });
    const outcome = await run();
    await Promise.all(breaks);
    expect(breaks).toHaveLength(2);
    expect(outcome).toMatchObject({ reused: false });
    expect(await getImport(importId)).toMatchObject({
      status: 'SUCCEEDED',
      datasetId: outcome.datasetId,
      filesDone: 6200,
    });
    expect(await storage.countRows()).toMatchObject({ dataset: 1, patch: 6200 });
  });

  it('knows its own dataset again when the commit went through and the answer did not', async () => {
    const proxy = await openDatabaseProxy(storage.get().database.url);
    onTestFinished(() => proxy.close());
    const path = await writeTree(await drawTree(gridOf('101')));
    const { importId, run } = await start({ path, databaseUrl: proxy.databaseUrl });
    const lost = proxy.loseAnswer('commit\0');
    const { datasetId, reused } = await run();
    await lost;
    expect(reused).toBe(false);
    expect(await getImport(importId)).toMatchObject({ status: 'SUCCEEDED', datasetId, reused: false });
    expect(await storage.countRows()).toMatchObject({ dataset: 1, patch: 6 });
  });

  it('is not taken for one whose process is gone: it beats while it is looked at again', async () => {
    const { database } = storage.get();
    const importId = await insertImportRecord(database, parseImportOptions({ path: '/data/patches' }));
    const set = (beat: string) =>
      database.pool.query(`update dataset_import set heartbeat_at = ${beat} where id = $1`, [importId]);
    await set(`now() - interval '1 minute'`);
    let looks = 0;
    // Beats right after the first look.
    const query = async (text: string, values: unknown[]) => {
      const found = await database.pool.query(text, values);
      if (++looks === 1) await set('now()');
      return found;
    };
    const watched = { ...storage.get(), database: { ...database, pool: { query } as never } };
    expect(await failInterruptedImports(watched)).toBe(0);
    expect(looks).toBe(2);
    expect((await getImport(importId)).status).toBe('RUNNING');
  });
});
