import { openTest } from '@microtome/store/evaluation/evaluations';
import { setTestBudget } from '@microtome/store/split/test-budget';
import { describe, expect, it } from 'vitest';
import { finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();

describe('a budget of TEST', () => {
  const budget = (openings: number) =>
    setTestBudget(store, { splitId: bench.split.id, openings, reason: 'two finalists', setBy: 'Ada' });
  async function finish(): Promise<string> {
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run);
    return run.id;
  }
  const open = (runId: string) => openTest(store, { runId, reason: 'finalist', openedBy: 'Bo' });

  it('holds where several open TEST at once, and can be raised on record', async () => {
    await budget(2);
    const runs = [await finish(), await finish(), await finish(), await finish()];
    const outcomes = await Promise.allSettled(runs.map(open));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(2);
    expect((refused[0] as PromiseRejectedResult).reason).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining("was to be opened 2 times at most (Ada: 'two finalists'), and was"),
    });
    expect(await store.database.prisma.testOpening.count({ where: { splitId: bench.split.id } })).toBe(2);
    // Opened already: nothing is spent.
    const opened = runs[outcomes.findIndex(({ status }) => status === 'fulfilled')] as string;
    await open(opened);

    await expect(budget(1)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('too late'),
    });
    await budget(3);
    await open(runs[outcomes.findIndex(({ status }) => status === 'rejected')] as string);
    const all = await store.database.prisma.testBudget.findMany({ orderBy: { number: 'asc' } });
    expect(all.map(({ number, openings }) => [number, openings])).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it.each([-1, 1.5, 10_001, Number.NaN])('of %s is none', async (openings) => {
    await expect(budget(openings)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('is held by the database, whoever writes', async () => {
    const { pool } = store.database;
    const runId = await finish();
    await expect(
      pool.query(
        `insert into test_opening (id, split_id, run_id, run_name, opened_by, reason)
         values (gen_random_uuid(), $1, $2, 'x', 'x', 'x')`,
        [bench.split.id, runId],
      ),
    ).rejects.toThrow('may be opened 3 times, and was');
    await expect(pool.query('update test_budget set openings = 9')).rejects.toThrow();
    await expect(pool.query('delete from test_budget')).rejects.toThrow('stays as long as its split');
    await expect(
      pool.query(
        `insert into test_budget (id, split_id, number, openings, set_by, reason)
         values (gen_random_uuid(), $1, 3, 1, 'x', 'x')`,
        [bench.split.id],
      ),
    ).rejects.toThrow('comes too late');
  });
});
