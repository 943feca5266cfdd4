/** What the overview asks: the best run of each experiment, and when the queue will be empty. */

import { claimRun, launchRun } from '@microtome/store/run/run-lifecycle';
import { setProgress } from '@microtome/store/run/run-recording';
import { archiveRun } from '@microtome/store/run/runs';
import { registerWorker } from '@microtome/store/run/workers';
import { createSplit } from '@microtome/store/split/create-split';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProgressReport } from '../../fixtures/attempt.ts';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type QueueEnd = { runCount: number; secondsLeft: number | null; unknownRunCount: number };

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

it('an experiment stands where its best safe run on VALIDATION stands', async () => {
  const best = async () => {
    const query = `{ experiment(id: "${bench.experimentId}") { bestRun { id } } }`;
    return (await api.ask<{ experiment: { bestRun: { id: string } | null } }>(query)).experiment.bestRun?.id;
  };
  expect(await best()).toBeUndefined();
  const finish = async (auc: number, place = bench) => {
    const run = await launchTestRun(api.store, place);
    await finishTestRun(api.store, run, { auc });
    return run.id;
  };
  const [second, first] = [await finish(0.7), await finish(0.8)];
  expect(await best()).toBe(first);
  const [unsafe] = await createSplit(api.store, { datasetId: bench.datasetId, strategy: 'RANDOM_PATCH' });
  await finish(0.99, { ...bench, split: unsafe! });
  expect(await best()).toBe(first);
  await archiveRun(api.store, { runId: first, archived: true });
  expect(await best()).toBe(second);
});

it('the queue ends when its last run does, at the pace of runs like it', async () => {
  const ask = async () =>
    (await api.ask<{ queueEnd: QueueEnd }>('{ queueEnd { runCount secondsLeft unknownRunCount } }')).queueEnd;
  expect(await ask()).toEqual({ runCount: 0, secondsLeft: null, unknownRunCount: 0 });
  const running = await launchTestRun(api.store, bench);
  const { attempt } = (await claimRun(api.store, { runId: running.id, workerId: 'w' }))!;
  await setProgress(api.store, { ...createProgressReport({ runId: running.id, attempt }), secondsLeft: 100 });
  await launchTestRun(api.store, bench, { epochs: 20 });
  expect(await ask()).toMatchObject({ runCount: 2, secondsLeft: null });

  await registerWorker(api.store, {
    id: 'w',
    hostname: 'w',
    pid: 1,
    backends: ['onnx'],
    device: '',
    versions: {},
  });
  // Each run before took its one epoch in ten seconds.
  await api.store.database.pool.query(
    `update run set finished_at = started_at + interval '10 s' where status = 'SUCCEEDED'`,
  );
  const { secondsLeft, ...counts } = await ask();
  expect(counts).toEqual({ runCount: 2, unknownRunCount: 0 });
  expect(secondsLeft).toBeGreaterThan(100 + 200 - 30);
  expect(secondsLeft).toBeLessThanOrEqual(300);

  const place = { experimentId: bench.experimentId, splitId: bench.split.id };
  await launchRun(api.store, { ...place, hyperparameters: { architecture: 'mobile', width: 0.25 } });
  expect(await ask()).toMatchObject({ runCount: 3, unknownRunCount: 1 });
});
