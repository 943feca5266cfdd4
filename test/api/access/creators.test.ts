/** Who made what: the account of runs, sweeps, exams and imports, read, asked by and never changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AccessBench, startAccessBench } from './access-bench.ts';

let bench: AccessBench;
let ids: Record<'run' | 'sweep' | 'external', string>;

beforeAll(async () => {
  bench = await startAccessBench();
  const { experiment, split } = bench.mine;
  const { data, errors } = await bench.ask(
    'RESEARCHER',
    `mutation ($experiment: ID!, $split: ID!) {
       run: launchRun(input: { experimentId: $experiment, splitId: $split, hyperparameters: {} }) { id }
       sweep: launchSweep(input: { experimentId: $experiment, splitIds: [$split], strategy: SEEDS, seeds: [1, 2],
         base: {}, name: "seeds" }) { id }
       external: startRun(input: { experimentId: $experiment, name: "theirs" }) { id } }`,
    { experiment, split },
  );
  expect(errors).toBeUndefined();
  const made = data as Record<keyof typeof ids, { id: string }>;
  ids = { run: made.run.id, sweep: made.sweep.id, external: made.external.id };
});
afterAll(() => bench.close());

describe('who launched a run', () => {
  it('is the account that did, also of every run of a sweep; null of what was there before', async () => {
    const { data } = await bench.ask(
      'VIEWER',
      `query ($run: ID!, $external: ID!, $sweep: ID!, $old: ID!) {
         run(id: $run) { createdBy { name } } external: run(id: $external) { createdBy { name } }
         old: run(id: $old) { createdBy { name } }
         sweep(id: $sweep) { createdBy { name } runs { createdBy { name } } } }`,
      { ...ids, old: bench.mine.run },
    );
    const createdBy = { name: 'researcher' };
    expect(data).toEqual({
      run: { createdBy },
      external: { createdBy },
      old: { createdBy: null },
      sweep: { createdBy, runs: [{ createdBy }, { createdBy }] },
    });
  });

  it('is a field that runs are asked, sorted and grouped by', async () => {
    const { data } = await bench.ask(
      'VIEWER',
      `{ runs(query: "createdBy = researcher") { totalCount }
         others: runs(query: "createdBy is empty") { totalCount }
         aggregateRuns(groupBy: ["createdBy"]) { keys { value } count }
         completeRunQuery(text: "createdBy = res", at: 15) { completions { text } } }`,
    );
    expect(data).toMatchObject({
      runs: { totalCount: 4 },
      others: { totalCount: 1 },
      completeRunQuery: { completions: expect.arrayContaining([{ text: 'researcher' }]) },
    });
    const { aggregateRuns } = data as unknown as {
      aggregateRuns: { keys: { value: string | null }[]; count: number }[];
    };
    expect(aggregateRuns.map(({ keys, count }) => [keys[0]!.value, count])).toEqual(
      expect.arrayContaining([
        ['researcher', 4],
        [null, 1],
      ]),
    );
  });

  it('never changes, and no account goes from which something came', async () => {
    const { pool, prisma } = bench.api.store.database;
    const { id: accountId } = await prisma.account.findFirstOrThrow({ where: { name: 'viewer' } });
    for (const table of ['run', 'sweep', 'external_evaluation', 'dataset_import']) {
      const statement = `update ${table} set created_by = $1`;
      await expect(pool.query(statement, [accountId]), table).rejects.toThrow('never changes');
    }
    await expect(pool.query(`delete from account where name = 'researcher'`)).rejects.toThrow(/foreign key/);
  });
});
