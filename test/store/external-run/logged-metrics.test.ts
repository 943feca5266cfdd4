/** Numbers of external programs: kept as they are, once, and of many requests in few statements. */
import { createExternalExperiment } from '@microtome/store/experiment/external-experiments';
import { startExternalRun } from '@microtome/store/external-run/external-runs';
import { logExternalMetrics } from '@microtome/store/external-run/logged-metrics';
import { seeAll } from '@microtome/store/mlflow/mlflow-scope';
import { logRunBatch } from '@microtome/store/mlflow/run-logging';
import { deleteRun } from '@microtome/store/run/runs';
import { expect, it, vi } from 'vitest';
import { openBench } from '../open-bench.ts';

const { store } = await openBench();
const { id: experimentId } = await createExternalExperiment(store, { name: 'numbers' });
const start = async () => (await startExternalRun(store, { experimentId })).id;
const read = (runId: string) =>
  store.database.prisma.metric.findMany({
    where: { runId },
    orderBy: [{ name: 'asc' }, { owner: 'desc' }, { epoch: 'asc' }, { step: 'asc' }, { at: 'asc' }],
  });

it('keeps NaN, infinities, several numbers of a step, and what is sent again once', async () => {
  const runId = await start();
  const points = [
    { name: 'train.loss', value: Number.NaN, step: 1, atMs: 1_000 },
    { name: 'train.loss', value: Number.POSITIVE_INFINITY, step: 1, atMs: 999 },
    { name: 'train.loss', value: Number.NEGATIVE_INFINITY, step: 2, epoch: 1, atMs: 2_000 },
    { name: 'train.loss', value: -0, step: -3, atMs: 2_000 },
  ];
  await logExternalMetrics(store, { runId, points });
  await logExternalMetrics(store, { runId, points: [...points, ...points] });
  const rows = await read(runId);
  expect(rows.map(({ epoch, step, value }) => [epoch, step, value])).toEqual([
    [0, -3, 0],
    [0, 1, Number.POSITIVE_INFINITY],
    [0, 1, Number.NaN],
    [1, 2, Number.NEGATIVE_INFINITY],
  ]);
  expect(rows.every(({ owner }) => owner === 'EXTERNAL')).toBe(true);
});

it('keeps a batch of a key once for a run, also when both arrive at the same time', async () => {
  const [runId, other] = [await start(), await start()];
  const batch = (to: string) =>
    logExternalMetrics(store, { runId: to, key: 'k', points: [{ name: 'x', value: 1 }] });
  await Promise.all([batch(runId), batch(runId), batch(other)]);
  await batch(runId);
  expect([(await read(runId)).length, (await read(other)).length]).toEqual([1, 1]);
});

it('fails only the batch that is at fault, in a group with others', async () => {
  const [good, gone] = [await start(), await start()];
  await store.database.pool.query(`update run set status = 'CANCELED', finished_at = now() where id = $1`, [
    gone,
  ]);
  await deleteRun(store, gone);
  const results = await Promise.allSettled([
    logExternalMetrics(store, { runId: good, points: [{ name: 'x', value: 1 }] }),
    logExternalMetrics(store, { runId: gone, points: [{ name: 'x', value: 1 }] }),
    logExternalMetrics(store, { runId: good, points: [{ name: 'y', value: 2 }] }),
    logExternalMetrics(store, { runId: good, points: [{ name: '', value: 2 }] }),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
  expect(results[1]).toMatchObject({ reason: { code: 'NOT_FOUND' } });
  expect(await read(good)).toHaveLength(2);
});

it('commits a hundred requests, half of them by MLflow clients, in a few statements, and tells of them by one event', async () => {
  const runId = await start();
  const query = vi.spyOn(store.database.pool, 'query');
  const batch = (request: number) =>
    Array.from({ length: 10 }, (_, at) => ({ name: 'loss', value: request, step: request * 10 + at }));
  await Promise.all(
    Array.from({ length: 100 }, (_, request) => {
      const points = batch(request);
      if (request % 2 === 0) return logExternalMetrics(store, { runId, points });
      const metrics = points.map(({ name, ...point }) => ({ ...point, key: name, timestamp: 1_000 }));
      return logRunBatch(seeAll(store), { runId, metrics, params: [], tags: [] });
    }),
  );
  const inserts = query.mock.calls.filter(
    ([call]) => (call as { name?: string }).name === 'log external metrics',
  );
  expect(inserts.length).toBeLessThanOrEqual(3);
  query.mockRestore();
  expect(await read(runId)).toHaveLength(1_000);
  const countEvents = () => store.database.prisma.runEvent.count({ where: { runId, kind: 'METRICS' } });
  await vi.waitFor(async () => expect(await countEvents()).toBe(1), { timeout: 10_000 });
});

it('refuses a point by name and value', async () => {
  const runId = await start();
  const wrong = [
    [{ name: 'x', value: 1, step: 0.5 }, /step 0.5/],
    [{ name: 'x', value: 1, epoch: -1 }, /epoch -1/],
    [{ name: 'x', value: 1, atMs: Number.NaN }, /time NaN/],
    [{ name: 'a'.repeat(300), value: 1 }, /300 characters/],
  ] as const;
  for (const [point, message] of wrong) {
    await expect(logExternalMetrics(store, { runId, points: [point] })).rejects.toThrow(message);
  }
  const many = Array.from({ length: 10_001 }, (_, step) => ({ name: 'x', value: 1, step }));
  await expect(logExternalMetrics(store, { runId, points: many })).rejects.toThrow('10001 numbers at once');
  expect(await read(runId)).toHaveLength(0);
});

it('keeps each point once where some of a group were kept before, and then looks at that run alone', async () => {
  const [runId, other] = [await start(), await start()];
  const query = vi.spyOn(store.database.pool, 'query');
  const points = (from: number) =>
    Array.from({ length: 10 }, (_, at) => ({ name: 'loss', value: from + at, step: from + at, atMs: 5_000 }));
  await logExternalMetrics(store, { runId, points: points(0) });
  await Promise.all([
    logExternalMetrics(store, { runId, points: points(5) }),
    logExternalMetrics(store, { runId: other, points: points(0) }),
  ]);
  await logExternalMetrics(store, { runId: other, points: points(10) });
  await logExternalMetrics(store, { runId, points: points(10) });
  const statements = query.mock.calls.map(([call]) => (call as { name?: string }).name ?? '');
  query.mockRestore();
  expect(statements.filter((name) => name.startsWith('log external metrics'))).toEqual([
    'log external metrics',
    'log external metrics',
    'log external metrics, some known',
    'log external metrics',
    'log external metrics, some known',
  ]);
  expect([(await read(runId)).length, (await read(other)).length]).toEqual([20, 20]);
  const summaries = await store.database.prisma.metricSummary.findMany({
    where: { runId: { in: [runId, other] } },
  });
  expect(summaries.map(({ pointCount, lastStep }) => [pointCount, lastStep])).toEqual([
    [20, 19],
    [20, 19],
  ]);
});

it('keeps what is sent again under a key out, with and without points that are known', async () => {
  const runId = await start();
  const points = [{ name: 'x', value: 1, step: 1, atMs: 1_000 }];
  await logExternalMetrics(store, { runId, points });
  await logExternalMetrics(store, { runId, points, key: 'first' });
  await logExternalMetrics(store, { runId, points: [{ ...points[0]!, step: 2 }], key: 'first' });
  expect((await read(runId)).map(({ step }) => step)).toEqual([1]);
});

it('gives an archived run no numbers where they are for one in use', async () => {
  const runId = await start();
  await store.database.prisma.run.update({ where: { id: runId }, data: { archivedAt: new Date() } });
  const points = [{ name: 'x', value: 1 }];
  await expect(logExternalMetrics(store, { runId, points, isForActive: true })).rejects.toMatchObject({
    code: 'CONFLICT',
  });
  expect(await read(runId)).toHaveLength(0);
  await logExternalMetrics(store, { runId, points });
  expect(await read(runId)).toHaveLength(1);
});
