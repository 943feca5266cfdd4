/** Training and the analyses of slides at one worker: while both wait without end, both go on, and the kinds of what takes minutes too. */
import { isRunsTurn, NOTHING_SPENT } from '@microtome/domain/run/work-turns';
import { explainQueuedAnalysis } from '@microtome/domain/slide-analysis/analysis-wait';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { takeInTurns } from '@microtome/store/queue/take-in-turns';
import { claimRun, launchRun, requestCancel } from '@microtome/store/run/run-lifecycle';
import { explainWaits } from '@microtome/store/run/run-waits';
import { registerWorker } from '@microtome/store/run/workers';
import { analysisLease, claimSlideAnalysis } from '@microtome/store/slide-analysis/analysis-lease';
import { explainAnalysisWaits } from '@microtome/store/slide-analysis/analysis-waits';
import { openStore, type Store } from '@microtome/store/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

const TAKEN = 6;
const WORKER = {
  ...{ id: 'both', hostname: 'bay', pid: 1, device: 'test', versions: {} },
  backends: ['onnx' as const],
};

let test: TestStore;
let bench: Bench;
let versionId: string;
let asked = 0;

beforeAll(async () => {
  test = await createTestStore();
  bench = await createBench(test.store);
  const run = await launchTestRun(test.store, bench);
  await finishTestRun(test.store, run);
  const { id: modelId } = await createModel(test.store, { name: 'on-slides' });
  versionId = (await registerModelVersion(test.store, { modelId, runId: run.id })).id;
});
afterAll(() => test.close());

describe('a worker', () => {
  it('trains and analyses in turns while another connection asks for more of both without end', async () => {
    const { store } = test;
    const other = await openStore({ databaseUrl: test.databaseUrl, artifactUrl: test.artifactUrl });
    for (let time = 0; time < 2; time++) {
      await askForSlide(other);
      await launch(other);
    }
    const taken: string[] = [];
    const done = Promise.withResolvers<void>();
    const note = (kind: string) => {
      taken.push(kind);
      if (['run', 'slide'].every((one) => taken.filter((seen) => seen === one).length >= TAKEN))
        done.resolve();
    };
    const work = await store.queue.workRuns({
      queues: ['run-auto'],
      shortTurnMs: 1,
      short: [
        async () => {
          const analysis = await claimSlideAnalysis(store, { workerId: WORKER.id });
          if (!analysis) return false;
          await askForSlide(other);
          await analysisLease.fail(store, { id: analysis.id, attempt: analysis.attempt, error: 'a test' });
          note('slide');
          return true;
        },
      ],
      handler: async ({ runId }) => {
        await claimRun(store, { runId, workerId: WORKER.id });
        await launch(other);
        note('run');
      },
    });
    await done.promise;
    await work.stop();
    await other.close();
    expect(taken[0]).toBe('slide');
    await emptyQueue(store);
  });

  it('looks at the kinds of what takes minutes one after the other, and a fault takes no other’s turn', async () => {
    const taken: string[] = [];
    const take = takeInTurns({
      run: async () => Boolean(taken.push('run')),
      short: [
        async () => {
          taken.push('check');
          if (taken.length > 3) throw new Error('the check is at fault');
          return true;
        },
        async () => Boolean(taken.push('slide')),
      ],
    });
    const { signal } = new AbortController();
    for (let turn = 0; turn < 7; turn++) await take(signal).catch(() => taken.push('fault'));
    expect(taken).toEqual(['check', 'slide', 'check', 'slide', 'check', 'fault', 'run', 'slide']);
  });

  it('gives what takes minutes as long as the last run had, and ten minutes at least', () => {
    const minute = 60_000;
    expect(isRunsTurn(NOTHING_SPENT)).toBe(false);
    expect(isRunsTurn({ runMs: 0, shortMs: 9 * minute })).toBe(false);
    expect(isRunsTurn({ runMs: 0, shortMs: 10 * minute })).toBe(true);
    expect(isRunsTurn({ runMs: 60 * minute, shortMs: 59 * minute })).toBe(false);
    expect(isRunsTurn({ runMs: 60 * minute, shortMs: 60 * minute })).toBe(true);
  });
});

describe('what waits for a worker', () => {
  it('says so of slides and runs alike, also while the worker has a slide', async () => {
    const { store } = test;
    const [first, second] = [await askForSlide(store), await askForSlide(store)];
    const explain = async (id: string) =>
      (await explainAnalysisWaits(store, [{ id, status: 'QUEUED' }])).get(id);
    expect(await explain(first)).toContain('No worker is running.');
    await registerWorker(store, WORKER);
    expect(await explain(first)).toBe('A worker is free and takes it within moments.');
    expect(await explain(second)).toBe('A worker is free; one slide comes first.');
    const run = await launch(store);
    expect((await explainWaits(store, [run])).get(run.id)).toMatchObject({ code: 'STARTING' });
    const claimed = await claimSlideAnalysis(store, { workerId: WORKER.id });
    expect(claimed?.id).toBe(first);
    expect(await explain(second)).toBe(
      'The worker is busy; it is the next slide. Slides and runs take turns.',
    );
    expect(await explain(first)).toBeUndefined();
    expect((await explainWaits(store, [run])).get(run.id)).toMatchObject({
      code: 'ALL_BUSY',
      sentence: 'The worker is busy; it is next.',
    });
    expect(explainQueuedAnalysis({ workers: [{ isBusy: true }, { isBusy: true }], ahead: 3 })).toBe(
      'All 2 workers are busy; 3 slides come first. Slides and runs take turns.',
    );
  });
});

function launch(store: Store) {
  return launchRun(store, { experimentId: bench.experimentId, splitId: bench.split.id, hyperparameters: {} });
}

/** As a request does, of a file that is not looked at here. */
async function askForSlide({ database: { prisma } }: Store): Promise<string> {
  const scale = { tilePx: 8, micronsPerPixel: 1, threshold: 0.5 };
  const { id } = await prisma.slideAnalysis.create({
    // A version looks at a file once at a time.
    data: { versionId, path: `/slides/${asked++}.tif`, name: 'one', requestedBy: 'test', ...scale },
  });
  return id;
}

async function emptyQueue(store: Store): Promise<void> {
  const { prisma } = store.database;
  for (const { id } of await prisma.run.findMany({ where: { status: 'QUEUED' } }))
    await requestCancel(store, id);
  for (const { id } of await prisma.slideAnalysis.findMany({ where: { status: 'QUEUED' } }))
    await analysisLease.cancel(store, id);
}
