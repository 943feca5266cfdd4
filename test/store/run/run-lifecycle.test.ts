import { isSettled, type RunStatus } from '@microtome/domain/run/run-status';
import type { Run } from '@microtome/store/generated/prisma/client';
import { listEvents } from '@microtome/store/run/run-events';
import {
  claimRun,
  finishCanceled,
  finishFailed,
  heartbeatRun,
  launchRun,
  reapStaleRuns,
  releaseRun,
  requestCancel,
  retryRun,
} from '@microtome/store/run/run-lifecycle';
import { recordEpoch, recordLog, setProgress } from '@microtome/store/run/run-recording';
import { RETRY_LIMIT } from '@microtome/store/run/run-transitions';
import type { Store } from '@microtome/store/store';
import { describe, expect, it } from 'vitest';
import {
  claimNewRun,
  createEpochReport,
  createProgressReport,
  silenceAttempt,
} from '../../fixtures/attempt.ts';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openSharedBench } from '../open-bench.ts';

const { store, bench, other } = await openSharedBench();

describe('launching', () => {
  it('writes the run with all hyperparameters, its first event and its job', async () => {
    const run = await launchTestRun(store, bench, { seed: 7 });
    expect(run).toMatchObject({ status: 'QUEUED', attempt: 0, architecture: 'shallow', seed: 7n });
    expect(run.hyperparameters).toMatchObject({ epochs: 10, batchSize: 64, width: 0.25 });
    expect(run.parameters).toBeGreaterThan(0);
    expect(await readStatuses(run.id)).toEqual(['QUEUED']);
    expect(await countJobs(run.id)).toBe(1);
  });

  it('writes nothing at all when the job cannot be written', async () => {
    const broken: Store = {
      ...store,
      queue: {
        ...store.queue,
        enqueueRun: async (tx, runId, options) => {
          await store.queue.enqueueRun(tx, runId, options);
          throw new Error('the connection broke');
        },
      },
    };
    const before = await countRunsAndJobs();
    await expect(launchTestRun(broken, bench)).rejects.toThrow('the connection broke');
    expect(await countRunsAndJobs()).toEqual(before);
  });

  it('names an unknown hyperparameter, a value out of range, an unknown backend and a foreign split', async () => {
    const launch = (request: object) =>
      launchRun(store, {
        experimentId: bench.experimentId,
        splitId: bench.split.id,
        hyperparameters: {},
        ...request,
      });
    await expect(launch({ hyperparameters: { learnRate: 1 } })).rejects.toThrow('learnRate');
    await expect(launch({ hyperparameters: { epochs: 0 } })).rejects.toThrow(/epochs.*0/);
    await expect(launch({ backend: 'abacus' })).rejects.toThrow("Backend 'abacus' is unknown");
    const bf16 = { hyperparameters: { precision: 'bf16' } };
    for (const backend of ['onnx', 'webgpu']) {
      await expect(launch({ ...bf16, backend })).rejects.toThrow(
        `Precision 'bf16' is to be had on the backend 'tensorflow' alone, and the run asks for '${backend}'.`,
      );
    }
    const elsewhere = await createBench(store, { seed: 2 });
    await expect(launch({ splitId: elsewhere.split.id })).rejects.toThrow('different datasets');
  });
});

describe('claiming', () => {
  it('lets exactly one of many claims win', async () => {
    const run = await launchTestRun(store, bench);
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, worker) =>
        claimRun(worker % 2 ? other : store, { runId: run.id, workerId: `worker ${worker}` }),
      ),
    );
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await store.database.prisma.runAttempt.count({ where: { runId: run.id } })).toBe(1);
    expect(await readStatuses(run.id)).toEqual(['QUEUED', 'RUNNING']);
  });

  it('lets exactly one of many claims take over a stale run', async () => {
    const { runId } = await claimNewRun(store, bench);
    await silenceAttempt(store, runId);
    const claims = await Promise.all(
      Array.from({ length: 6 }, (_, worker) =>
        claimRun(worker % 2 ? other : store, { runId, workerId: `w${worker}` }),
      ),
    );
    expect(claims.filter(Boolean)).toMatchObject([{ attempt: 2, status: 'RUNNING' }]);
    const attempts = await store.database.prisma.runAttempt.findMany({
      where: { runId },
      orderBy: { number: 'asc' },
    });
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['LOST', null]);
  });

  it('leaves a run alone whose lease is fresh', async () => {
    const { runId } = await claimNewRun(store, bench);
    expect(await claimRun(other, { runId, workerId: 'too early' })).toBeNull();
    expect(await reapStaleRuns(other)).not.toContain(runId);
  });
});

describe('a worker that was taken over', () => {
  it('is told so by its heartbeat and can write nothing any more', async () => {
    const stale = await claimNewRun(store, bench);
    await silenceAttempt(store, stale.runId);
    const fresh = await claimRun(other, { runId: stale.runId, workerId: 'the next' });
    const before = await snapshot(stale.runId);
    expect(await heartbeatRun(store, stale)).toEqual({ fenced: true });
    expect(await recordEpoch(store, createEpochReport(stale, 1))).toBe(false);
    expect(await setProgress(store, createProgressReport(stale))).toBe(false);
    expect(await recordLog(store, { ...stale, line: 'still here' })).toBe(false);
    expect(await finishFailed(store, { ...stale, error: 'late' })).toBe(false);
    expect(await finishCanceled(store, stale)).toBe(false);
    expect(await releaseRun(store, { ...stale, outcome: 'LOST' })).toBeNull();
    expect(await snapshot(stale.runId)).toEqual(before);
    expect(await heartbeatRun(other, { runId: stale.runId, attempt: fresh!.attempt })).toMatchObject({
      fenced: false,
    });
  });

  it('loses the race for the last word: of a late epoch and a takeover only one happens', async () => {
    for (let round = 0; round < 5; round++) {
      const key = await claimNewRun(store, bench);
      await silenceAttempt(store, key.runId);
      const [recorded, taken] = await Promise.all([
        recordEpoch(store, createEpochReport(key, 1)),
        claimRun(other, { runId: key.runId, workerId: 'the next' }),
      ]);
      expect(taken?.attempt).toBe(2);
      const run = await getRow(key.runId);
      expect(run.epochsDone).toBe(recorded ? 1 : 0);
      expect(await store.database.prisma.metric.count({ where: { runId: key.runId } })).toBe(
        recorded ? 1 : 0,
      );
    }
  });
});

describe('canceling', () => {
  it('settles a queued run at once', async () => {
    const run = await launchTestRun(store, bench);
    expect(await requestCancel(store, run.id)).toMatchObject({ status: 'CANCELED' });
    expect(await claimRun(store, { runId: run.id, workerId: 'w' })).toBeNull();
  });

  it('reaches the worker of a running run by its next heartbeat', async () => {
    const key = await claimNewRun(store, bench);
    expect(await heartbeatRun(store, key)).toEqual({ fenced: false, cancelRequested: false });
    await requestCancel(other, key.runId);
    expect(await heartbeatRun(store, key)).toEqual({ fenced: false, cancelRequested: true });
    expect(await finishCanceled(store, key)).toBe(true);
    expect(await getRow(key.runId)).toMatchObject({ status: 'CANCELED' });
  });

  it('and finishing at the same time end in one verdict', async () => {
    for (let round = 0; round < 5; round++) {
      const key = await claimNewRun(store, bench);
      const [canceled, finished] = await Promise.allSettled([
        requestCancel(other, key.runId),
        finishFailed(store, { ...key, error: 'broken' }),
      ]);
      expect(finished).toMatchObject({ status: 'fulfilled', value: true });
      if (canceled.status === 'rejected') expect(canceled.reason.message).toContain('has FAILED already');
      const statuses = (await readStatuses(key.runId)).filter((status) => isSettled(status as RunStatus));
      expect(statuses).toEqual(['FAILED']);
    }
  });

  it('takes effect when the worker dies instead of answering', async () => {
    const key = await claimNewRun(store, bench);
    await requestCancel(store, key.runId);
    await silenceAttempt(store, key.runId);
    expect(await reapStaleRuns(other)).toContain(key.runId);
    expect(await getRow(key.runId)).toMatchObject({ status: 'CANCELED' });
  });

  it('of a settled run is refused with its status', async () => {
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    await expect(requestCancel(store, run.id)).rejects.toThrow('it has SUCCEEDED already');
  });
});

describe('an attempt that ends without a verdict', () => {
  it('puts the run back into the queue with a new job', async () => {
    const key = await claimNewRun(store, bench);
    expect(await releaseRun(store, { ...key, outcome: 'LOST', error: 'The trainer died.' })).toBe('QUEUED');
    expect(await getRow(key.runId)).toMatchObject({ status: 'QUEUED', emptyAttempts: 1 });
    // In place of the one that was claimed.
    expect(await countJobs(key.runId)).toBe(1);
  });

  it(`fails the run after ${RETRY_LIMIT} in a row that added no epoch, and says what broke`, async () => {
    const { id: runId } = await launchTestRun(store, bench);
    for (let attempt = 1; attempt <= RETRY_LIMIT; attempt++) {
      expect(await claimRun(store, { runId, workerId: 'w' })).toMatchObject({ attempt });
      const released = await releaseRun(store, { runId, attempt, outcome: 'LOST', error: 'Out of memory.' });
      expect(released).toBe(attempt < RETRY_LIMIT ? 'QUEUED' : 'FAILED');
    }
    const run = await getRow(runId);
    expect(run.error).toContain('Out of memory.');
    expect(run.finishedAt).not.toBeNull();
  });

  it('whose worker fell silent is not held against the run, until ten did so in a row', async () => {
    const { id: runId } = await launchTestRun(store, bench);
    for (let attempt = 1; attempt <= 10; attempt++) {
      expect(await claimRun(store, { runId, workerId: 'w' })).toMatchObject({ attempt, emptyAttempts: 0 });
      await silenceAttempt(store, runId);
      expect(await reapStaleRuns(store)).toContain(runId);
    }
    expect(await getRow(runId)).toMatchObject({
      status: 'FAILED',
      error: expect.stringContaining('The worker of attempt 10 fell silent.'),
    });
  });

  it('is not held against the run when it added an epoch or handed over', async () => {
    const { id: runId } = await launchTestRun(store, bench);
    for (let attempt = 1; attempt <= 2 * RETRY_LIMIT; attempt++) {
      await claimRun(store, { runId, workerId: 'w' });
      if (attempt % 2) await recordEpoch(store, createEpochReport({ runId, attempt }, (attempt + 1) / 2));
      const outcome = attempt % 2 ? 'LOST' : 'HANDED_OVER';
      expect(await releaseRun(store, { runId, attempt, outcome, error: 'x' })).toBe('QUEUED');
    }
    expect(await getRow(runId)).toMatchObject({ epochsDone: RETRY_LIMIT, emptyAttempts: 0 });
  });

  it('goes back to the backend of its checkpoint, once there is one', async () => {
    const key = await claimNewRun(store, bench);
    await store.database.prisma.run.update({ where: { id: key.runId }, data: { backend: 'onnx' } });
    await recordEpoch(store, createEpochReport(key, 1));
    await releaseRun(store, { ...key, outcome: 'HANDED_OVER' });
    const { rows } = await store.database.pool.query(
      `select name from pgboss.job where data ->> 'runId' = $1 order by created_on`,
      [key.runId],
    );
    expect(rows.map(({ name }) => name)).toEqual(['run-onnx']);
  });
});

describe('retrying', () => {
  it('queues a failed run again with its epochs, and refuses any other', async () => {
    const key = await claimNewRun(store, bench);
    await recordEpoch(store, createEpochReport(key, 1));
    await expect(retryRun(store, key.runId)).rejects.toThrow('is RUNNING');
    await finishFailed(store, { ...key, error: 'The loss is not a number.' });
    expect(await retryRun(store, key.runId)).toMatchObject({ status: 'QUEUED', epochsDone: 1, error: null });
    expect(await claimRun(store, { runId: key.runId, workerId: 'w' })).toMatchObject({ attempt: 2 });
  });
});

async function getRow(runId: string): Promise<Run> {
  return store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
}

async function readStatuses(runId: string): Promise<string[]> {
  const events = await listEvents(store, { runId, afterSeq: 0, limit: 100 });
  return events.flatMap(({ kind, payload }) =>
    kind === 'STATUS' ? [(payload as { status: string }).status] : [],
  );
}

async function countJobs(runId: string): Promise<number> {
  const { rows } = await store.database.pool.query(
    `select count(*)::int as count from pgboss.job where data ->> 'runId' = $1`,
    [runId],
  );
  return rows[0].count;
}

async function countRunsAndJobs(): Promise<object> {
  const { rows } = await store.database.pool.query(
    `select (select count(*) from run) as runs, (select count(*) from run_event) as events,
       (select count(*) from pgboss.job) as jobs`,
  );
  return rows[0];
}

async function snapshot(runId: string): Promise<object> {
  return store.database.prisma.run.findUniqueOrThrow({
    where: { id: runId },
    include: { events: true, metrics: true, progress: true, artifacts: true },
  });
}
