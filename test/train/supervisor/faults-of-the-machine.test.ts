/** A database that goes away and a disk that is full are no fault of a run: it waits, goes on, and loses nothing. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { openStore } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseProxy, openDatabaseProxy } from '../../fixtures/database-proxy.ts';
import { readRecord } from '../../fixtures/training-record.ts';
import { createWorkerFixture, startWorker, type WorkerFixture } from '../worker-fixture.ts';

const BUSY_MACHINE_MS = 180_000;
const EPOCHS = 6;

let fixture: WorkerFixture;
let proxy: DatabaseProxy;
beforeAll(async () => {
  fixture = await createWorkerFixture();
  proxy = await openDatabaseProxy(fixture.databaseUrl);
});
afterAll(async () => {
  await proxy.close();
  await fixture.close();
});

describe('a run whose database goes away', () => {
  it(
    'is trained in one attempt to the same end, however often that happens',
    async () => {
      const { id: untouched } = await fixture.launch({ epochs: EPOCHS });
      const quiet = await startWorker(fixture.store);
      await fixture.waitUntilSettled(untouched);
      await quiet.close();

      const { databaseUrl } = proxy;
      const store = await openStore({
        databaseUrl,
        artifactUrl: fixture.artifactUrl,
        onError: () => undefined,
      });
      const worker = await startWorker(store);
      const { id } = await fixture.launch({ epochs: EPOCHS });
      for await (const { kind, payload } of fixture.follow(id)) {
        if (kind === 'STATUS' && (payload as { status: string }).status === 'SUCCEEDED') break;
        if (kind !== 'EPOCH') continue;
        // Cut in the middle of what follows, and mended a little later: what the trainer reports meanwhile waits.
        proxy.cut();
        setTimeout(() => proxy.mend(), 700);
      }
      const run = await fixture.waitUntilSettled(id);
      expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 1, epochsDone: EPOCHS, emptyAttempts: 0 });
      expect(await readRecord(fixture.store, id)).toEqual(await readRecord(fixture.store, untouched));
      await worker.close();
      await store.close();
    },
    BUSY_MACHINE_MS,
  );
});

const isRoot = process.getuid?.() === 0 && process.platform === 'linux';

describe.skipIf(!isRoot)(
  'a run whose disk is full (a small file system of its own, which takes root)',
  () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'microtome-full-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder]);
    });
    afterAll(async () => {
      execFileSync('umount', [folder]);
      await rm(folder, { recursive: true, force: true });
    });

    it(
      'says that it waits, and why, and goes on when there is room',
      async () => {
        const artifactUrl = `file:${folder}/artifacts`;
        const small = openArtifactStore(artifactUrl);
        for await (const { hash } of fixture.store.artifacts.list()) {
          await small.put(await fixture.store.artifacts.read(hash), 'application/octet-stream');
        }
        const store = { ...fixture.store, artifacts: small };
        const filler = join(folder, 'filler');
        const { id } = await fixture.launch({ epochs: 3, seed: 11 });
        const waiting = Promise.withResolvers<string>();
        const unsubscribe = fixture.listener.subscribe('run_progress', async () => {
          const row = await fixture.store.database.prisma.runProgress.findUnique({ where: { runId: id } });
          if (row?.waitingFor) waiting.resolve(row.waitingFor);
        });
        await fillDisk(filler);
        const worker = await startWorker(store);
        expect(await waiting.promise).toBe(
          `Disk full on ${folder}/artifacts: nothing was stored. Free some space and try again.`,
        );
        await rm(filler);
        const run = await fixture.waitUntilSettled(id);
        expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 1, epochsDone: 3 });
        unsubscribe();
        await worker.close();
      },
      BUSY_MACHINE_MS,
    );
  },
);

async function fillDisk(path: string): Promise<void> {
  await writeFile(path, Buffer.alloc(64 * 1024 * 1024)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOSPC') throw error;
  });
}
