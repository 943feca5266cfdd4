import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { carryRun, takeBackRun } from '@microtome/store/run/carried-runs';
import { explainWaits } from '@microtome/store/run/run-waits';
import { getRun } from '@microtome/store/run/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeJobFile } from '../../../workers/train/src/carried/carried-job.ts';
import { prepareCarriedJob } from '../../../workers/train/src/carried/prepare-carried-job.ts';
import { takeResult } from '../../../workers/train/src/carried/take-result.ts';
import { readNodeOptions } from '../../env.ts';
import { readRecord, type TrainingRecord } from '../../fixtures/training-record.ts';
import { createWorkerFixture, startWorker, type WorkerFixture } from '../worker-fixture.ts';

const WORKER_FILE = fileURLToPath(new URL('../../../workers/train/src/main.ts', import.meta.url));
const TIMEOUT_MS = 120_000;
const HYPERPARAMETERS = { epochs: 12, batchSize: 6, augmentStain: 0.02 };

describe('a run whose job is carried by hand', () => {
  let fixture: WorkerFixture;
  let dir: string;
  let whole: TrainingRecord;
  let runId: string;

  beforeAll(async () => {
    fixture = await createWorkerFixture();
    dir = await mkdtemp(join(tmpdir(), 'carried-'));
    const worker = await startWorker(fixture.store);
    const { id } = await fixture.launch(HYPERPARAMETERS);
    await fixture.waitUntilSettled(id);
    whole = await readRecord(fixture.store, id);
    await worker.close();
    runId = (await fixture.launch(HYPERPARAMETERS)).id;
    await exportJob(runId, join(dir, 'job.tar'));
  }, TIMEOUT_MS);
  afterAll(async () => {
    await fixture.close();
    await rm(dir, { recursive: true, force: true });
  });

  it('is left alone by the workers of the platform, and says what it waits for', async () => {
    const worker = await startWorker(fixture.store);
    const other = await fixture.launch({ epochs: 1 });
    await fixture.waitUntilSettled(other.id);
    await fixture.store.queue.reconcileQueue();
    const another = await fixture.launch({ epochs: 1 });
    await fixture.waitUntilSettled(another.id);
    await worker.close();
    const run = await getRun(fixture.store, runId);
    expect(run.status).toBe('QUEUED');
    expect((await explainWaits(fixture.store, [run])).get(runId)).toMatchObject({ code: 'CARRIED' });
  }, 60_000);

  it(
    'is trained without database or network, killed, gone on with, and ends as if a worker here had trained it',
    async () => {
      const out = join(dir, 'result');
      const first = startCarried(out);
      await waitForEpoch(out, 3);
      first.kill('SIGKILL');
      await once(first, 'close');
      await expect(takeResult(fixture.store, out)).rejects.toMatchObject({ code: 'NOT_FOUND' });

      const second = startCarried(out);
      const [code] = await once(second, 'close');
      expect(code).toBe(0);
      const started = (await readFile(join(out, 'journal.ndjson'), 'utf8')).match(
        /Attempt 1 goes on after epoch/g,
      );
      expect(started).toHaveLength(1);

      await damageOneFile(out, join(dir, 'damaged'));
      await expect(takeResult(fixture.store, join(dir, 'damaged'))).rejects.toMatchObject({
        code: 'DAMAGED',
      });
      await changeJournal(out, join(dir, 'changed'));
      await expect(takeResult(fixture.store, join(dir, 'changed'))).rejects.toMatchObject({
        code: 'DAMAGED',
      });
      expect((await getRun(fixture.store, runId)).status).toBe('QUEUED');

      expect(await takeResult(fixture.store, out)).toMatchObject({ epochs: 12, outcome: 'finished' });
      expect(await readRecord(fixture.store, runId)).toEqual(whole);
      await expect(takeResult(fixture.store, out)).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('SUCCEEDED already'),
      });
    },
    TIMEOUT_MS,
  );

  it(
    'goes to the workers again when it is taken back, and the result of its job is not needed then',
    async () => {
      const { id } = await fixture.launch({ epochs: 1 });
      const file = join(dir, 'short.tar');
      await exportJob(id, file);
      const out = join(dir, 'short');
      const [code] = await once(startCarried(out, file), 'close');
      expect(code).toBe(0);
      await takeBackRun(fixture.store, id);
      await expect(takeResult(fixture.store, out)).rejects.toThrow('was taken back');
      const worker = await startWorker(fixture.store);
      expect(await fixture.waitUntilSettled(id)).toMatchObject({ status: 'SUCCEEDED' });
      await worker.close();
      await expect(carryRun(fixture.store, id)).rejects.toThrow('only a QUEUED run can be carried');
    },
    TIMEOUT_MS,
  );

  it('refuses a file that is no job, one that is cut off, and the folder of another job', async () => {
    const text = join(dir, 'text.tar');
    await writeFile(text, 'not a job at all');
    const cut = join(dir, 'cut.tar');
    const job = await readFile(join(dir, 'job.tar'));
    await writeFile(cut, job.subarray(0, job.length >> 1));
    for (const file of [text, cut]) {
      const { code, output } = await runCarried(join(dir, 'refused'), file);
      expect(code).toBe(1);
      expect(output).toContain(file);
      expect(output).toContain('cut off');
    }
    const { code, output } = await runCarried(join(dir, 'short'), join(dir, 'job.tar'));
    // The folder of a job that is over says so, whatever job is given.
    expect(code).toBe(0);
    expect(output).toContain('whole already');
  }, 60_000);

  async function exportJob(id: string, path: string): Promise<void> {
    const run = await carryRun(fixture.store, id);
    const job = await prepareCarriedJob(fixture.store, run);
    await writeJobFile(job, { artifacts: fixture.store.artifacts, path, onBytes: () => undefined });
  }

  function startCarried(out: string, file = join(dir, 'job.tar')): ChildProcess {
    return fork(WORKER_FILE, ['--job', file, '--out', out], {
      env: { ...readNodeOptions(), TRAIN_BACKEND: 'onnx', TRAIN_THREADS: '1' },
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  async function runCarried(out: string, file: string): Promise<{ code: number | null; output: string }> {
    const child = startCarried(out, file);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  /** Resolves when the journal has that many epochs. */
  async function waitForEpoch(out: string, epochs: number): Promise<void> {
    const changes = watch(dir, { recursive: true });
    try {
      for (;;) {
        const journal = await readFile(join(out, 'journal.ndjson'), 'utf8').catch(() => '');
        if ((journal.match(/"kind":"epoch"/g) ?? []).length >= epochs) return;
        await once(changes, 'change');
      }
    } finally {
      changes.close();
    }
  }
});

async function damageOneFile(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  const result = await readFile(join(to, 'result.json'), 'utf8');
  const files = await readdir(join(to, 'artifacts'), { recursive: true, withFileTypes: true });
  // One that was being written when the worker was killed may lie there too, and belongs to nothing.
  const victim = files.find((entry) => entry.isFile() && result.includes(entry.name));
  if (!victim) throw new Error('There is no file to damage.');
  await writeFile(join(victim.parentPath, victim.name), 'other bytes');
}

async function changeJournal(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  const path = join(to, 'journal.ndjson');
  await writeFile(path, (await readFile(path, 'utf8')).replace('"epoch":2', '"epoch":3'));
}
