/**
 * How PostgreSQL finds numbers in the largest table: run by run by its key, with statistics and without, whichever of the runs is long
 * and however often it was asked. A plan that reads the table answers as well, and ten times slower.
 */
import { seeAll } from '@microtome/store/mlflow/mlflow-scope';
import { readHistories, readHistory, readSampledHistories } from '@microtome/store/mlflow/run-histories';
import { listEpochMetrics, listSeries } from '@microtome/store/run/metric-series';
import { listRunFigures } from '@microtome/store/run-query/run-figures';
import { listRunSeries } from '@microtome/store/run-query/run-series';
import type { Store } from '@microtome/store/store';
import { beforeAll, expect, it } from 'vitest';
import { openBench } from '../open-bench.ts';

type PlanNode = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Plans?: PlanNode[];
};
type Statement = { text: string; values: unknown[] };

const RUNS = 40;
const POINTS = 60;
/** Most of the table: what it weighs in the statistics must not decide how the others are found. */
const LONG_POINTS = 30_000;
const CASES = ['never counted', 'counted'] as const;
const runIds = Array.from(
  { length: RUNS },
  (_, at) => `00000000-0000-0000-0000-${String(at).padStart(12, '0')}`,
);

let store: Store;

beforeAll(async () => {
  ({ store } = await openBench());
  const { pool, prisma } = store.database;
  await pool.query('alter table metric set (autovacuum_enabled = off)');
  const { id: experimentId } = await prisma.experiment.create({ data: { name: 'plans' } });
  const rest = { experimentId, origin: 'EXTERNAL' as const, architecture: '', hyperparameters: {} };
  for (const id of runIds) {
    const moments = { startedAt: new Date(), finishedAt: new Date() };
    await prisma.run.create({ data: { ...rest, ...moments, id, name: id, status: 'SUCCEEDED' } });
  }
  await pool.query(
    `insert into metric (run_id, owner, name, epoch, step, value, at)
     select run_id, 'EXTERNAL', name, step % 5, step, 1.0 / step, to_timestamp(step)
     from unnest($1::uuid[]) as run_id, unnest(array['loss', 'auc', 'f1']) as name, generate_series(1, ${POINTS}) as step`,
    [runIds],
  );
  await pool.query(
    `insert into metric (run_id, owner, name, epoch, step, value, at)
     select $1::uuid, 'EXTERNAL', 'long', 0, step, 1.0 / step, to_timestamp(step) from generate_series(1, ${LONG_POINTS}) as step`,
    [runIds[0]],
  );
});

const QUESTIONS: Record<string, () => Promise<unknown>> = {
  'a history': () => readHistory(store, { runId: runIds[0]!, name: 'loss', pageToken: '' }),
  'histories of runs': () => readHistories(seeAll(store), { runIds, name: 'loss', limit: 25_000 }),
  'curves of runs': () => readSampledHistories(store, { runIds, name: 'loss', limit: 20, steps: null }),
  'curves of a stretch': () =>
    readSampledHistories(store, { runIds, name: 'loss', limit: 20, steps: [3, 9] }),
  'a curve too long for one answer': () =>
    readSampledHistories(store, { runIds, name: 'long', limit: 20, steps: null }),
  'series of runs': () => listSeries(store, { runIds, names: ['loss', 'auc'] }),
  'thinned series of runs': () =>
    listRunSeries(store, { runIds, names: ['loss', 'long'], fromEpoch: 0, fromStep: 0, points: 20 }),
  'numbers of epochs': () =>
    listEpochMetrics(
      store,
      runIds.map((runId) => ({ runId, epoch: 1 })),
    ),
  'a number at an epoch': () =>
    listRunFigures(store, { runIds, fields: [{ kind: 'SERIES', name: 'loss', pick: { epoch: 3 } }] }),
};

/** The statements that a question sends about numbers. */
async function record(ask: () => Promise<unknown>): Promise<Statement[]> {
  const { pool } = store.database;
  const sent: Statement[] = [];
  const { query } = pool;
  pool.query = ((given: string | Statement, values?: unknown[]) => {
    const statement = typeof given === 'string' ? { text: given, values: values ?? [] } : given;
    if (/\b(from|join) "?(public"\.")?metric"?\b(?!_)/.test(statement.text)) sent.push(statement);
    return Reflect.apply(query, pool, [given, values]);
  }) as never;
  try {
    await ask();
  } finally {
    pool.query = query;
  }
  return sent;
}

/** By the values at hand, and as a connection plans it once for all values. */
async function explain({ text, values }: Statement, mode: 'custom' | 'generic'): Promise<PlanNode> {
  const client = await store.database.pool.connect();
  try {
    if (mode === 'custom') return readPlan(await client.query(`explain (format json) ${text}`, values));
    await client.query('set plan_cache_mode = force_generic_plan');
    await client.query(`prepare question as ${text}`);
    const given = values.length > 0 ? `(${values.map(() => 'null').join()})` : '';
    return readPlan(await client.query(`explain (format json) execute question${given}`));
  } finally {
    client.release(true);
  }
}

function readPlan({ rows }: { rows: { 'QUERY PLAN': { Plan: PlanNode }[] }[] }): PlanNode {
  return rows[0]!['QUERY PLAN'][0]!.Plan;
}

function listScans(node: PlanNode): PlanNode[] {
  const inner = (node.Plans ?? []).flatMap(listScans);
  return node['Relation Name'] === 'metric' ? [node, ...inner] : inner;
}

for (const state of CASES) {
  it.each(Object.keys(QUESTIONS))(`finds %s by the key of a table that was ${state}`, async (name) => {
    if (state === 'counted') await store.database.pool.query('analyze metric, metric_summary, run');
    const statements = await record(QUESTIONS[name]!);
    expect(statements).not.toEqual([]);
    for (const statement of statements) {
      for (const mode of ['custom', 'generic'] as const) {
        const scans = listScans(await explain(statement, mode));
        expect(scans).not.toEqual([]);
        for (const scan of scans) {
          // Of one run at a time: the id is compared with that of another row, not looked for in a list.
          const condition = scan['Index Cond'] ?? scan['Recheck Cond'] ?? `none: ${scan['Node Type']}`;
          expect(condition, `${mode} plan of ${name}`).toMatch(/run_id = (?!ANY)/);
        }
      }
    }
  });
}
