/** A sweep trained for real: two workers share its runs, the halving goes on by itself, and a cancel reaches every run. */
import type { Run } from '@microtome/store/generated/prisma/client';
import { advanceSweeps } from '@microtome/store/sweep/sweep-rungs';
import { cancelSweep, launchSweep } from '@microtome/store/sweep/sweeps';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecord } from '../../fixtures/training-record.ts';
import {
  createWorkerFixture,
  forkWorker,
  startWorker,
  type TestWorker,
  type WorkerFixture,
} from '../worker-fixture.ts';

/** Seconds on a free machine. */
const BUSY_MACHINE_MS = 240_000;

describe('two workers', () => {
  let fixture: WorkerFixture;
  let workers: TestWorker[];
  beforeAll(async () => {
    fixture = await createWorkerFixture();
    workers = await Promise.all([startWorker(fixture.store), startWorker(fixture.store)]);
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await fixture.close();
  });

  const launch = (sweep: object) =>
    launchSweep(fixture.store, {
      experimentId: fixture.experimentId,
      splitIds: [fixture.splitId],
      name: 'sweep',
      strategy: 'SEEDS',
      base: { width: 0.25, batchSize: 12 },
      backend: 'onnx',
      ...sweep,
    });
  const listRuns = (sweepId: string, sweepRung = 0): Promise<Run[]> =>
    fixture.store.database.prisma.run.findMany({ where: { sweepId, sweepRung } });
  const settle = async (sweepId: string, rung?: number) => {
    const runs = await listRuns(sweepId, rung);
    return Promise.all(runs.map(({ id }) => fixture.waitUntilSettled(id)));
  };

  it(
    'share the runs of a halving, rung by rung, and leave TEST sealed',
    async () => {
      const { id } = await launch({
        strategy: 'HALVING',
        space: { learningRate: [1e-3, 3e-3, 1e-5] },
        eta: 2,
        minEpochs: 1,
        maxEpochs: 2,
      });
      const first = await settle(id, 0);
      expect(first.map(({ status }) => status)).toEqual(Array(3).fill('SUCCEEDED'));
      // A worker may have been first; either way the rung is there afterwards, once.
      await advanceSweeps(fixture.store);
      const second = await settle(id, 1);
      expect(second.map(({ status, epochsDone }) => [status, epochsDone])).toEqual([['SUCCEEDED', 2]]);
      const { prisma } = fixture.store.database;
      const attempts = await prisma.runAttempt.findMany({ where: { run: { sweepId: id } } });
      expect(attempts).toHaveLength(4);
      expect(new Set(attempts.map(({ workerId }) => workerId)).size).toBe(2);
      const evaluations = await prisma.evaluation.findMany({ where: { run: { sweepId: id } } });
      expect(new Set(evaluations.map(({ subset }) => subset))).toEqual(new Set(['VALIDATION']));
      expect(await prisma.testOpening.count()).toBe(0);
    },
    BUSY_MACHINE_MS,
  );

  it(
    'let go of every run of a sweep that is canceled',
    async () => {
      const base = { width: 0.25, batchSize: 12, epochs: 400 };
      const { id } = await launch({ base, seeds: [1, 2, 3, 4] });
      const [run] = await listRuns(id);
      await waitForEpoch(fixture, run!.id);
      await cancelSweep(fixture.store, id);
      expect((await settle(id)).map(({ status }) => status)).toEqual(Array(4).fill('CANCELED'));
    },
    BUSY_MACHINE_MS,
  );
});

describe('a halving whose worker is killed', () => {
  it(
    'ends with the same rungs as one left alone',
    async () => {
      const fixture = await createWorkerFixture();
      const { store } = fixture;
      const { prisma } = store.database;
      const launch = () =>
        launchSweep(store, {
          experimentId: fixture.experimentId,
          splitIds: [fixture.splitId],
          name: 'killed or not',
          strategy: 'HALVING',
          space: { learningRate: [1e-5, 3e-3] },
          backend: 'onnx',
          base: { width: 0.25, batchSize: 6 },
          eta: 2,
          minEpochs: 4,
          maxEpochs: 8,
        });
      const listRungs = async (sweepId: string) => {
        for (const rung of [0, 1]) {
          const runs = await prisma.run.findMany({ where: { sweepId, sweepRung: rung } });
          for (const { id } of runs) await fixture.waitUntilSettled(id);
          await advanceSweeps(store);
        }
        const orderBy = [{ sweepRung: 'asc' }, { sweepPlace: 'asc' }] as const;
        const runs = await prisma.run.findMany({ where: { sweepId }, orderBy: [...orderBy] });
        return Promise.all(
          runs.map(async ({ id, sweepRung, sweepPlace, status, attempt }) => ({
            sweepRung,
            sweepPlace,
            status,
            attempt,
            record: await readRecord(store, id),
          })),
        );
      };
      const killed = await launch();
      const worker = forkWorker(fixture);
      const runs = await prisma.run.findMany({ where: { sweepId: killed.id } });
      await Promise.any(runs.map(({ id }) => waitForEpoch(fixture, id)));
      worker.kill('SIGKILL');
      const other = await startWorker(store, { leaseStaleMs: 2000 });
      const afterKill = await listRungs(killed.id);
      const whole = await listRungs((await launch()).id);
      await other.close();
      await fixture.close();
      expect(afterKill.map(({ attempt }) => attempt).toSorted()).toEqual([1, 1, 2]);
      expect(afterKill.map((run) => ({ ...run, attempt: 1 }))).toEqual(whole);
      expect(whole.map(({ sweepRung, sweepPlace }) => [sweepRung, sweepPlace])).toEqual([
        [0, 0],
        [0, 1],
        [1, 1],
      ]);
    },
    BUSY_MACHINE_MS,
  );
});

async function waitForEpoch(fixture: WorkerFixture, runId: string): Promise<void> {
  for await (const { kind } of fixture.follow(runId)) if (kind === 'EPOCH') return;
}
