import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createRandom } from '@microtome/domain/seeded-random';
import { isProcessAlive } from '@microtome/store/embedded/process-identity';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readRecord, type TrainingRecord } from '../../fixtures/training-record.ts';
import {
  createWorkerFixture,
  forkWorker,
  startWorker,
  type TestWorker,
  type WorkerFixture,
} from '../worker-fixture.ts';

const KILLS = 20;
/** Twenty starts of a process take half a minute on an idle machine; this is for a busy one. */
const TIMEOUT_MS = 300_000;
/** Many short epochs: more than twenty attempts get done before they are killed. */
const HYPERPARAMETERS = {
  epochs: 40,
  batchSize: 6,
  augmentStain: 0.02,
  learningRateSchedule: 'plateau',
  optimizer: 'adamw',
};

describe('a run that is interrupted', () => {
  let fixture: WorkerFixture;
  let whole: TrainingRecord;
  const workers: TestWorker[] = [];
  const processes: ChildProcess[] = [];

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    await start();
    const { id } = await fixture.launch(HYPERPARAMETERS);
    expect(await fixture.waitUntilSettled(id)).toMatchObject({ status: 'SUCCEEDED', error: null });
    whole = await readRecord(fixture.store, id);
    await stopAll();
  }, TIMEOUT_MS);
  afterEach(() => stopAll(), TIMEOUT_MS);
  afterAll(() => fixture.close());

  it(
    'ends as if left alone, however often and whenever its trainer is killed',
    async () => {
      const worker = await start();
      const random = createRandom(1);
      const { id } = await fixture.launch(HYPERPARAMETERS);
      let kills = 0;
      worker.onTrainer(async (pid) => {
        if (kills === KILLS) return;
        kills++;
        // Two of three attempts get an epoch done first: three in a row without one would fail the run.
        if (kills % 3 !== 0) await waitForEpochOfAttempt(id, kills);
        setTimeout(() => kill(pid), random.next() * (kills % 3 === 0 ? 900 : 40));
      });
      const run = await fixture.waitUntilSettled(id);
      expect(run.status).toBe('SUCCEEDED');
      expect(kills).toBe(KILLS);
      expect(await readRecord(fixture.store, id)).toEqual(whole);
    },
    TIMEOUT_MS,
  );

  it(
    'is finished by another worker when its own is killed, and the orphaned trainer ends',
    async () => {
      const worker = fork();
      const { id } = await fixture.launch(HYPERPARAMETERS);
      await waitForEpochOfAttempt(id, 1);
      const trainers = listChildren(worker.pid!);
      expect(trainers).toHaveLength(1);
      worker.kill('SIGKILL');
      await start({ leaseStaleMs: 2000 });
      const run = await fixture.waitUntilSettled(id);
      expect(run).toMatchObject({ status: 'SUCCEEDED', attempt: 2 });
      expect(await readRecord(fixture.store, id)).toEqual(whole);
      expect(trainers.some(isProcessAlive)).toBe(false);
    },
    TIMEOUT_MS,
  );

  it(
    'goes back to the queue when its worker is told to stop, which is never held against it',
    async () => {
      const { id } = await fixture.launch(HYPERPARAMETERS);
      const worker = fork();
      await waitForEpochOfAttempt(id, 1);
      worker.kill('SIGTERM');
      const [code] = await once(worker, 'exit');
      expect(code).toBe(0);
      const queued = await fixture.store.database.prisma.run.findUniqueOrThrow({ where: { id } });
      expect(queued).toMatchObject({ status: 'QUEUED', emptyAttempts: 0 });
      await start();
      await fixture.waitUntilSettled(id);
      expect(await readRecord(fixture.store, id)).toEqual(whole);
    },
    TIMEOUT_MS,
  );

  async function waitForEpochOfAttempt(runId: string, attempt: number): Promise<void> {
    for await (const event of fixture.follow(runId)) {
      const isSettled =
        event.kind === 'STATUS' && (event.payload as { status: string }).status === 'SUCCEEDED';
      if (isSettled || (event.kind === 'EPOCH' && event.attempt === attempt)) return;
    }
  }

  async function start(options = {}): Promise<TestWorker> {
    const worker = await startWorker(fixture.store, options);
    workers.push(worker);
    return worker;
  }

  function fork(): ChildProcess {
    const child = forkWorker(fixture);
    processes.push(child);
    return child;
  }

  async function stopAll(): Promise<void> {
    for (const worker of processes.splice(0)) worker.kill('SIGKILL');
    for (const worker of workers.splice(0)) await worker.close();
  }
});

/** An attempt that has ended in the meantime needs no killing. */
function kill(pid: number): void {
  if (isProcessAlive(pid)) process.kill(pid, 'SIGKILL');
}

function listChildren(parentPid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readParent(name) === parentPid)
    .map(Number);
}

function readParent(pid: string): number | null {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return null;
  }
}
