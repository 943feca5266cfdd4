/** Numbers of runs that are named, and their series whole or thinned, against the same worked out from the runs themselves. */
import { parseRunField } from '@microtome/domain/run-query/parse-query';
import { listRunFigures } from '@microtome/store/run-query/run-figures';
import { listRunSeries } from '@microtome/store/run-query/run-series';
import { describe, expect, it } from 'vitest';
import { insertRuns } from '../../fixtures/seeded/seeded-runs.ts';
import { openSeededBench } from './seeded-bench.ts';

const { store, bench, runs } = await openSeededBench({ count: 80, epochs: 6 });
const { prisma } = store.database;

describe('numbers of named runs', () => {
  it('are any that a line can ask for', async () => {
    const run = runs.find(({ status, epochsDone }) => status === 'SUCCEEDED' && epochsDone > 2)!;
    const fields = [
      'at(train.loss, best)',
      'at(train.loss, 2)',
      'high(validation.auc)',
      'lr',
      'duration',
      'test.f1',
    ].map(parseRunField);
    const values = await listRunFigures(store, { runIds: [run.id], fields });
    const loss = run.series['train.loss']!;
    expect([...values.values()]).toEqual([
      loss[run.bestEpoch! - 1],
      loss[1],
      run.figures.VALIDATION!.auc!.high,
      run.hyperparameters.learningRate,
      (Date.parse(run.finishedAt!) - Date.parse(run.startedAt!)) / 1000,
      ...(run.figures.TEST ? [expect.any(Number)] : []),
    ]);
  });

  it('come as series, whole or thinned with both ends and every extreme', async () => {
    const { id, series } = runs.find(({ epochsDone }) => epochsDone === 6)!;
    const request = { runIds: [id], names: ['validation.auc'], fromEpoch: 0, fromStep: 0 };
    const values = series['validation.auc']!;
    const [whole] = await listRunSeries(store, { ...request, points: 10 });
    expect(whole!.points.map(({ value }) => value)).toEqual(values);
    const [later] = await listRunSeries(store, { ...request, fromEpoch: 4, points: 10 });
    expect(later!.points.map(({ epoch }) => epoch)).toEqual([4, 5, 6]);
    const [middle] = await listRunSeries(store, { ...request, fromEpoch: 2, toEpoch: 3, points: 10 });
    expect(middle!.points.map(({ epoch }) => epoch)).toEqual([2, 3]);
    expect(middle!.pointCount).toBe(6);
    const long = Array.from({ length: 3_000 }, (_, at) => Math.sin(at / 50) + (at === 1_234 ? 9 : 0));
    await insertRuns(store, [
      {
        ...runs[0]!,
        id: '00000000-0000-7000-8000-000000000001',
        series: { 'train.loss': long },
        figures: {},
      },
    ]);
    const ofLong = { ...request, runIds: ['00000000-0000-7000-8000-000000000001'], names: ['train.loss'] };
    // On zoom, the finer stretch: every number of it where the picture has room.
    const [stretch] = await listRunSeries(store, {
      ...ofLong,
      fromEpoch: 1_201,
      toEpoch: 1_300,
      points: 100,
    });
    expect(stretch!.points.map(({ value }) => value)).toEqual(long.slice(1_200, 1_300));
    const [thin] = await listRunSeries(store, { ...ofLong, points: 100 });
    expect(thin!.pointCount).toBe(3_000);
    expect(thin!.points.length).toBeLessThanOrEqual(100);
    expect(thin!.points.length).toBeGreaterThan(40);
    expect([thin!.points[0]!.epoch, thin!.points.at(-1)!.epoch]).toEqual([1, 3_000]);
    expect(Math.max(...thin!.points.map(({ value }) => value))).toBe(Math.max(...long));
    expect(Math.min(...thin!.points.map(({ value }) => value))).toBe(Math.min(...long));
  });

  it('come thinned with both ends where nothing changes, and without what is no number where something is', async () => {
    const id = '00000000-0000-7000-8000-000000000002';
    const { experimentId } = bench;
    const moments = { startedAt: new Date(), finishedAt: new Date() };
    const own = { id, name: id, experimentId, origin: 'EXTERNAL' as const, status: 'SUCCEEDED' as const };
    await prisma.run.create({ data: { ...own, ...moments, architecture: '', hyperparameters: {} } });
    await store.database.pool.query(
      `insert into metric (run_id, owner, name, epoch, step, value)
       select $1::uuid, 'EXTERNAL', name, at, at, case when name = 'level' then 0.5
         when at % 2 = 0 or at > 1500 then 'NaN'::float8 else at end
       from generate_series(1, 2000) as at, unnest(array['level', 'broken']) as name`,
      [id],
    );
    const names = ['broken', 'level'];
    const [ofBroken, ofLevel] = await listRunSeries(store, {
      runIds: [id],
      names,
      fromEpoch: 0,
      fromStep: 0,
      points: 50,
    });
    for (const { points } of [ofBroken!, ofLevel!]) {
      expect([points[0]!.epoch, points.at(-1)!.epoch]).toEqual([1, 2_000]);
      expect(points.length).toBeLessThanOrEqual(50);
      expect(points.map(({ epoch }) => epoch)).toEqual(
        points.map(({ epoch }) => epoch).sort((a, b) => a - b),
      );
    }
    const early = ofBroken!.points.filter(({ epoch }) => epoch < 1_480);
    expect(early.every(({ value }) => Number.isFinite(value))).toBe(true);
    expect(Number.isNaN(ofBroken!.points.at(-1)!.value)).toBe(true);
  });
});
