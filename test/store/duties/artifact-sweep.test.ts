import { readFile, utimes } from 'node:fs/promises';
import { deleteDataset } from '@microtome/store/dataset/datasets';
import { performDeletions } from '@microtome/store/deletion/perform-deletions';
import { sweepArtifacts } from '@microtome/store/duties/artifact-sweep';
import { deleteRun } from '@microtome/store/run/runs';
import type { Store } from '@microtome/store/store';
import { describe, expect, it, vi } from 'vitest';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const HOUR_MS = 3_600_000;
const MEDIA_TYPE = 'application/octet-stream';

const { store, bench } = await openBench();

describe('the sweep of artifacts', () => {
  it('takes orphans only when the grace period is over, and never what a row names', async () => {
    const old = await storeOrphan('left by a crash', 2 * HOUR_MS);
    const young = await storeOrphan('its row may be on its way', 0);
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    const named = await listNamed();
    for (const hash of named) await age(hash, 48 * HOUR_MS);
    expect(await sweepArtifacts(store)).toEqual({ rows: 0, files: 1 });
    expect(await store.artifacts.has(old)).toBe(false);
    expect(await store.artifacts.has(young)).toBe(true);
    for (const hash of named) expect(await store.artifacts.has(hash)).toBe(true);
  });

  it('leaves young files alone when the clock of its process jumps ahead', async () => {
    const young = await storeOrphan('its row is on its way', 0);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + HOUR_MS });
    try {
      await sweepArtifacts(store);
    } finally {
      vi.useRealTimers();
    }
    expect(await store.artifacts.has(young)).toBe(true);
  });

  it('frees the disk of deleted runs and datasets', async () => {
    const own = await createBench(store, { seed: 7 });
    const run = await launchTestRun(store, own);
    await finishTestRun(store, run, { seed: 99 });
    const { artifactHash: predictions } = await store.database.prisma.runArtifact.findUniqueOrThrow({
      where: { runId_role: { runId: run.id, role: 'PREDICTIONS_TEST' } },
    });
    const [shard] = await store.database.prisma.datasetShard.findMany({
      where: { datasetId: own.datasetId },
    });
    await deleteRun(store, run.id);
    await deleteDataset(store, own.datasetId);
    await performDeletions(store);
    await sweepArtifacts(store, { graceMs: -HOUR_MS });
    expect(await store.artifacts.has(predictions)).toBe(false);
    expect(await store.artifacts.has(shard!.artifactHash)).toBe(false);
    expect(await store.database.prisma.artifact.count({ where: { hash: predictions } })).toBe(0);
  });

  it('leaves alone what a running import stored, however long it takes', async () => {
    const running = await store.database.prisma.datasetImport.create({
      data: { name: 'big', sourcePath: '/data/big', startedAt: new Date(Date.now() - 3 * HOUR_MS) },
    });
    const [ofImport, before] = [
      await storeOrphan('a shard', 2 * HOUR_MS),
      await storeOrphan('older', 4 * HOUR_MS),
    ];
    await sweepArtifacts(store);
    expect(await store.artifacts.has(ofImport)).toBe(true);
    expect(await store.artifacts.has(before)).toBe(false);
    await store.database.prisma.datasetImport.update({
      where: { id: running.id },
      data: { status: 'CANCELED', finishedAt: new Date() },
    });
    await sweepArtifacts(store);
    expect(await store.artifacts.has(ofImport)).toBe(false);
  });

  it('spares an artifact that is stored again while the sweep is at work', async () => {
    const bytes = new TextEncoder().encode('stored twice');
    const hash = await storeOrphan('stored twice', 2 * HOUR_MS);
    const restoring: Store = {
      ...store,
      artifacts: {
        ...store.artifacts,
        delete: async (doomed, before) => {
          if (doomed === hash) await store.artifacts.put(bytes, MEDIA_TYPE);
          return store.artifacts.delete(doomed, before);
        },
      },
    };
    await sweepArtifacts(restoring);
    expect(await readFile(store.artifacts.findLocalPath(hash)!)).toEqual(Buffer.from(bytes));
  });
});

async function storeOrphan(text: string, ageMs: number): Promise<string> {
  const { hash } = await store.artifacts.put(new TextEncoder().encode(text), MEDIA_TYPE);
  await age(hash, ageMs);
  return hash;
}

async function age(hash: string, ageMs: number): Promise<void> {
  const at = new Date(Date.now() - ageMs);
  await utimes(store.artifacts.findLocalPath(hash)!, at, at);
}

async function listNamed(): Promise<string[]> {
  const rows = await store.database.prisma.artifact.findMany({ select: { hash: true } });
  return rows.map(({ hash }) => hash);
}
