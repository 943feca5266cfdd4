/** Long series, thinned to what a picture shows: level ones, and those with gaps. */
import { listRunSeries } from '@microtome/store/run-query/run-series';
import { expect, it } from 'vitest';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();
const { prisma } = store.database;

it('a thinned series has both ends where nothing changes, and nothing that is no number where something is', async () => {
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
    expect(points.map(({ epoch }) => epoch)).toEqual(points.map(({ epoch }) => epoch).sort((a, b) => a - b));
  }
  const early = ofBroken!.points.filter(({ epoch }) => epoch < 1_480);
  expect(early.every(({ value }) => Number.isFinite(value))).toBe(true);
  expect(Number.isNaN(ofBroken!.points.at(-1)!.value)).toBe(true);
});
