import type { ArtifactRef } from '@microtome/store/artifacts/artifacts';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import type { Run } from '@microtome/store/generated/prisma/client';
import { logMetrics } from '@microtome/store/run/metrics';
import { finishFailed } from '@microtome/store/run/run-lifecycle';
import { recordEpoch, setProgress } from '@microtome/store/run/run-recording';
import type { AttemptKey } from '@microtome/store/run/run-transitions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimNewRun, createEpochReport, createProgressReport } from '../../fixtures/attempt.ts';
import { launchTestRun } from '../../fixtures/run.ts';
import { openTestBucket, type TestBucket } from '../../fixtures/test-bucket.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();

describe('recording epochs', () => {
  it('takes each epoch once, in order, with its metrics, event and checkpoints', async () => {
    const key = await claimNewRun(store, bench);
    expect(await recordEpoch(store, createEpochReport(key, 2))).toBe(false);
    for (const epoch of [1, 2, 3]) {
      const best = epoch === 1;
      const checkpoint = { hash: `${epoch}`.repeat(64), bytes: 1, mediaType: 'x/y' };
      const metrics = { 'train.loss': 1 / epoch, 'validation.auc': null };
      expect(await recordEpoch(store, { ...createEpochReport(key, epoch), best, checkpoint, metrics })).toBe(
        true,
      );
      // Computed again because its checkpoint was damaged: nothing but the checkpoint is replaced.
      const again = { ...createEpochReport(key, epoch), best, checkpoint, metrics: { 'train.loss': 7 } };
      expect(await recordEpoch(store, again)).toBe(true);
    }
    expect(await recordEpoch(store, createEpochReport(key, 5))).toBe(false);
    const metrics = await store.database.prisma.metric.findMany({
      where: { runId: key.runId },
      orderBy: { epoch: 'asc' },
    });
    expect(metrics.map(({ name, epoch, value }) => [name, epoch, value])).toEqual([
      ['train.loss', 1, 1],
      ['train.loss', 2, 1 / 2],
      ['train.loss', 3, 1 / 3],
    ]);
    const files = await store.database.prisma.runArtifact.findMany({
      where: { runId: key.runId },
      orderBy: { role: 'asc' },
    });
    expect(files.map(({ role, artifactHash }) => `${role} ${artifactHash[0]}`)).toEqual([
      'CHECKPOINT_2 2',
      'CHECKPOINT_3 3',
      'CHECKPOINT_BEST 1',
    ]);
    expect(await getRow(key.runId)).toMatchObject({ epochsDone: 3, bestEpoch: 1 });
    const events = await store.database.prisma.runEvent.count({ where: { runId: key.runId, kind: 'EPOCH' } });
    expect(events).toBe(3);
  });

  it('writes nothing of an epoch when one of its numbers is refused', async () => {
    const key = await claimNewRun(store, bench);
    const report = { ...createEpochReport(key, 1), metrics: { good: 1, broken: Number.NaN } };
    await expect(recordEpoch(store, report)).rejects.toThrow();
    expect(await getRow(key.runId)).toMatchObject({ epochsDone: 0 });
    expect(await store.database.prisma.metric.count({ where: { runId: key.runId } })).toBe(0);
  });

  it('keeps one row of progress while the run is running, and none afterwards', async () => {
    const key = await claimNewRun(store, bench);
    expect(await setProgress(store, createProgressReport(key))).toBe(true);
    expect(await setProgress(store, { ...createProgressReport(key), batch: 2, loss: Number.NaN })).toBe(true);
    const rows = await store.database.prisma.runProgress.findMany({ where: { runId: key.runId } });
    expect(rows).toMatchObject([{ batch: 2, loss: null }]);
    await finishFailed(store, { ...key, error: 'x' });
    expect(await store.database.prisma.runProgress.count({ where: { runId: key.runId } })).toBe(0);
  });
});

describe('replaced checkpoints', () => {
  let bucket: TestBucket;
  beforeAll(async () => {
    bucket = await openTestBucket();
  });
  afterAll(() => bucket.close());

  it.each(['disk', 'bucket'])(
    'are freed at once: 30 epochs need no more of a %s than three',
    async (kind) => {
      const artifacts =
        kind === 'disk' ? store.artifacts : openArtifactStore(bucket.url('checkpoints'), bucket.credentials);
      const there = async () => {
        const hashes: string[] = [];
        for await (const { hash } of artifacts.list()) hashes.push(hash);
        return hashes;
      };
      const before = new Set(await there());
      const key = await claimNewRun(store, bench);
      const hashes: string[] = [];
      for (let epoch = 1; epoch <= 30; epoch += 1) {
        const bytes = new TextEncoder().encode(`${key.runId} after epoch ${epoch}`);
        const checkpoint = await artifacts.put(bytes, 'application/octet-stream');
        hashes.push(checkpoint.hash);
        const best = epoch === 1 || epoch === 10;
        expect(
          await recordEpoch({ ...store, artifacts }, { ...createEpochReport(key, epoch), best, checkpoint }),
        ).toBe(true);
        const bestHash = hashes[epoch >= 10 ? 9 : 0]!;
        const kept = new Set([...hashes.slice(-2), bestHash]);
        expect(new Set((await there()).filter((hash) => !before.has(hash)))).toEqual(kept);
        expect(await store.database.prisma.artifact.count({ where: { hash: { in: hashes } } })).toBe(
          kept.size,
        );
      }
    },
  );

  it('that another run names as well stay, and so does one that was stored again meanwhile', async () => {
    const [key, other] = [await claimNewRun(store, bench), await claimNewRun(store, bench)];
    const put = (text: string) =>
      store.artifacts.put(new TextEncoder().encode(text), 'application/octet-stream');
    const [named, again] = [await put('named by two runs'), await put('stored twice')];
    const record = (to: AttemptKey, epoch: number, checkpoint: ArtifactRef) =>
      recordEpoch(store, { ...createEpochReport(to, epoch), best: false, checkpoint });
    await record(other, 1, named);
    await record(key, 1, named);
    await record(key, 2, again);
    await put('stored twice');
    for (const epoch of [3, 4]) await record(key, epoch, await put(`${key.runId} ${epoch}`));
    expect(await store.artifacts.has(named.hash)).toBe(true);
    expect(await store.artifacts.has(again.hash)).toBe(true);
    expect(await store.database.prisma.artifact.count({ where: { hash: again.hash } })).toBe(0);
  });
});

describe('numbers from outside', () => {
  it('are added all or none, and never replace one that is there', async () => {
    const { id: runId } = await launchTestRun(store, bench);
    const point = { name: 'external.dice', epoch: 1, step: 0, value: 0.7 };
    await logMetrics(store, { runId, metrics: [point, { ...point, epoch: 2 }] });
    const again = [
      { ...point, epoch: 3 },
      { ...point, value: 0.9 },
    ];
    await expect(logMetrics(store, { runId, metrics: again })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining("'external.dice' at epoch 1"),
    });
    expect(await store.database.prisma.metric.count({ where: { runId } })).toBe(2);
  });

  it('that are out of range are refused by name and value', async () => {
    const { id: runId } = await launchTestRun(store, bench);
    const log = (change: object) =>
      logMetrics(store, { runId, metrics: [{ name: 'x', epoch: 1, step: 0, value: 1, ...change }] });
    await expect(log({ epoch: 0 })).rejects.toThrow('has epoch 0');
    await expect(log({ step: -1 })).rejects.toThrow('has step -1');
    await expect(log({ value: Number.POSITIVE_INFINITY })).rejects.toThrow('is Infinity at epoch 1');
    await expect(log({ name: ' ' })).rejects.toThrow('is empty');
  });
});

async function getRow(runId: string): Promise<Run> {
  return store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
}
