/** Imports as the API runs them: a row at once, a child process, cancel, and every way in which a process can die. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseImportOptions } from '@microtome/store/import/import-options';
import { insertImportRecord } from '@microtome/store/import/import-record';
import { failInterruptedImports, startDatasetImport } from '@microtome/store/import/start-dataset-import';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { useImportStore } from './import-store.ts';
import { drawTree, gridOf, writeManyPatches, writeTree } from './patch-files.ts';

const PROCESS = fileURLToPath(
  new URL('../../../packages/store/src/import/import-process.ts', import.meta.url),
);
const NO_TRACE = { dataset: 0, patch: 0, patient: 0, slide: 0, dataset_shard: 0, artifact: 0 };

const storage = useImportStore();

const getImport = (id: string) =>
  storage.get().database.prisma.datasetImport.findUniqueOrThrow({ where: { id } });

/** Hears the channel of imports; `until` resolves to the row when it is as wanted. */
async function listenToImports() {
  const client = new pg.Client({ connectionString: storage.get().database.url });
  await client.connect();
  await client.query('listen dataset_import');
  onTestFinished(() => client.end());
  async function until(importId: string, isWanted: (row: Awaited<ReturnType<typeof getImport>>) => boolean) {
    for (;;) {
      const heard = once(client, 'notification');
      const row = await getImport(importId);
      if (isWanted(row)) return row;
      await heard;
    }
  }
  return { until };
}

/** Starts the process by hand, so that its pid is at hand. */
async function startByHand(path: string): Promise<{ importId: string; child: ChildProcess }> {
  const { database, artifacts } = storage.get();
  const options = parseImportOptions({ path });
  const importId = await insertImportRecord(database, options);
  const child = fork(PROCESS, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.send({ databaseUrl: database.url, artifactUrl: artifacts.url, importId, options });
  return { importId, child };
}

describe('an import in a process of its own', () => {
  it('has a row at once, tells its progress, and ends SUCCEEDED with its dataset', async () => {
    const imports = await listenToImports();
    const path = await writeTree(await drawTree(gridOf('101')));
    const started = await startDatasetImport(storage.get(), { path, name: 'ours' });
    expect(started).toMatchObject({ status: 'RUNNING', name: 'ours', sourcePath: path, datasetId: null });
    const ended = await imports.until(started.id, ({ status }) => status !== 'RUNNING');
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      phase: 'done',
      filesTotal: 6,
      filesDone: 6,
      reused: false,
      error: null,
    });
    expect(ended.datasetId).not.toBeNull();
    const again = await startDatasetImport(storage.get(), { path, name: 'other' });
    const endedAgain = await imports.until(again.id, ({ status }) => status !== 'RUNNING');
    expect(endedAgain).toMatchObject({
      status: 'SUCCEEDED',
      reused: true,
      datasetId: ended.datasetId,
      name: 'ours',
    });
  });

  it('ends FAILED with the sentence when there is nothing to import, and has no row when there is nothing at all', async () => {
    const imports = await listenToImports();
    const { id } = await startDatasetImport(storage.get(), {
      path: await writeTree({ 'a.csv': Buffer.from('x') }),
    });
    const ended = await imports.until(id, ({ status }) => status !== 'RUNNING');
    expect(ended).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/^Nothing to import from .*STRAY_FILE/),
    });
    await expect(startDatasetImport(storage.get(), { path: '/no/such/folder' })).rejects.toThrow(
      /There is no folder/,
    );
    expect(await storage.get().database.prisma.datasetImport.count()).toBe(1);
  });

  it('stops when a cancel is requested, and leaves no trace', async () => {
    const imports = await listenToImports();
    const { id } = await startDatasetImport(storage.get(), { path: await writeManyPatches() });
    const running = await imports.until(id, ({ filesDone }) => filesDone > 0);
    expect(running).toMatchObject({ status: 'RUNNING', phase: 'decoding', filesTotal: 6200 });
    const where = { id };
    await storage
      .get()
      .database.prisma.datasetImport.update({ where, data: { cancelRequestedAt: new Date() } });
    const ended = await imports.until(id, ({ status }) => status !== 'RUNNING');
    expect(ended).toMatchObject({
      status: 'CANCELED',
      datasetId: null,
      error: expect.stringContaining('was canceled'),
    });
    expect(ended.filesDone).toBeLessThan(ended.filesTotal);
    expect(await storage.countRows()).toEqual(NO_TRACE);
  });

  it('that is told to end says that it was interrupted, and leaves no trace', async () => {
    const imports = await listenToImports();
    const { importId, child } = await startByHand(await writeManyPatches());
    await imports.until(importId, ({ filesDone }) => filesDone > 0);
    child.kill('SIGTERM');
    const ended = await imports.until(importId, ({ status }) => status !== 'RUNNING');
    expect(ended).toMatchObject({
      status: 'FAILED',
      error: expect.stringMatching(/^The import was interrupted/),
    });
    expect(await storage.countRows()).toEqual(NO_TRACE);
  });

  it('ends with its parent', async () => {
    const imports = await listenToImports();
    const { importId, child } = await startByHand(await writeManyPatches());
    await imports.until(importId, ({ filesDone }) => filesDone > 0);
    const exited = once(child, 'exit');
    // What the system does to the channel of a parent that was killed.
    child.disconnect();
    await exited;
    expect(await getImport(importId)).toMatchObject({ status: 'FAILED' });
    expect(await storage.countRows()).toEqual(NO_TRACE);
  });

  it('that is killed is marked FAILED by its starter, and leaves no trace', async () => {
    const imports = await listenToImports();
    const { id } = await startDatasetImport(storage.get(), { path: await writeManyPatches() });
    await imports.until(id, ({ filesDone }) => filesDone > 0);
    process.kill(findImportProcess(), 'SIGKILL');
    const ended = await imports.until(id, ({ status }) => status !== 'RUNNING');
    expect(ended).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('ended unexpectedly (SIGKILL)'),
    });
    expect(await storage.countRows()).toEqual(NO_TRACE);
  });

  it('is not taken for dead while its process lives and cannot say so, as on a busy machine', async () => {
    const imports = await listenToImports();
    const { id } = await startDatasetImport(storage.get(), { path: await writeManyPatches() });
    await imports.until(id, ({ filesDone }) => filesDone > 0);
    const pid = findImportProcess();
    process.kill(pid, 'SIGSTOP');
    await storage
      .get()
      .database.pool.query(
        `update dataset_import set heartbeat_at = now() - interval '1 minute' where id = $1`,
        [id],
      );
    expect(await failInterruptedImports(storage.get())).toBe(0);
    process.kill(pid, 'SIGCONT');
    const ended = await imports.until(id, ({ status }) => status !== 'RUNNING');
    expect(ended.status).toBe('SUCCEEDED');
  });

  it('that died together with its starter is marked FAILED once its heartbeat is stale', async () => {
    const { database } = storage.get();
    const options = parseImportOptions({ path: '/data/patches' });
    const [fresh, stale] = [
      await insertImportRecord(database, options),
      await insertImportRecord(database, options),
    ];
    await database.pool.query(
      `update dataset_import set heartbeat_at = now() - interval '16 seconds' where id = $1`,
      [stale],
    );
    expect(await failInterruptedImports(storage.get())).toBe(1);
    expect(await getImport(stale)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('interrupted'),
    });
    expect(await getImport(fresh)).toMatchObject({ status: 'RUNNING' });
  });
});

/** The import process that this process started, found among its children. */
function findImportProcess(): number {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const isOurs = (pid: string) => {
    try {
      const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[1];
      return (
        parent === String(process.pid) &&
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('import-process')
      );
    } catch {
      return false; // ended while we looked
    }
  };
  return Number(pids.find(isOurs));
}
