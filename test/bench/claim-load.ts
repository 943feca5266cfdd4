/** A queue of many runs, and how long a worker takes to get its next one from it. */

import { listQueuesFor } from '@microtome/store/queue/queue';
import { claimRun, launchRun, requestCancel } from '@microtome/store/run/run-lifecycle';
import type { Store } from '@microtome/store/store';
import { type Bench, createBench, launch } from '../api/run-fixtures.ts';

type ClaimOutcome = {
  /** From the end of a run to the claim of the next: the old job closed, a new one fetched, its run claimed. */
  claimMs: number[];
  /** A launch while the queue is full, and the duties that look at all of it. */
  launchMs: number[];
  cancelMs: number[];
  reconcileMs: number;
  measureDepthMs: number;
  /** In the order of their claims. */
  claimed: string[];
  /** Launched last with the highest priority. */
  urgent: string[];
};

const URGENT = 5;

/** Fills the queue with `queued` runs, then lets one worker claim `claims` of them, urgent ones first. */
export async function measureClaims(
  store: Store,
  { queued, claims }: { queued: number; claims: number },
): Promise<ClaimOutcome> {
  const bench = await createBench(store);
  await fillQueue(store, bench, queued);
  const launchMs: number[] = [];
  const cancelMs: number[] = [];
  const urgent: string[] = [];
  for (let at = 0; at < URGENT; at++) {
    const [run, tookMs] = await time(() =>
      launchRun(store, {
        experimentId: bench.experiment.id,
        splitId: bench.split.id,
        hyperparameters: {},
        priority: 10,
      }),
    );
    launchMs.push(tookMs);
    urgent.push(run.id);
    const other = await launch(store, bench);
    cancelMs.push((await time(() => requestCancel(store, other.id)))[1]);
  }
  const [, reconcileMs] = await time(() => store.queue.reconcileQueue());
  const [, measureDepthMs] = await time(() => store.queue.measureDepth());
  const { claimMs, claimed } = await claimMany(store, claims);
  return { claimMs, launchMs, cancelMs, reconcileMs, measureDepthMs, claimed, urgent };
}

/** Copies of one launched run and of its job: launching so many one by one would take long. */
async function fillQueue(store: Store, bench: Bench, queued: number): Promise<void> {
  const { pool } = store.database;
  const { id } = await launch(store, bench);
  const columns = await pool.query<{ table: string; names: string }>(
    `select table_name as table, string_agg(quote_ident(column_name), ', ') as names from information_schema.columns
     where (table_schema, table_name) in (('public', 'run'), ('pgboss', 'job'))
       and column_name not in ('id', 'last_seq', 'singleton_key', 'data') and is_generated = 'NEVER' group by table_name`,
  );
  const names = new Map(columns.rows.map(({ table, names }) => [table, names]));
  await pool.query(
    `insert into run (id, ${names.get('run')})
     select gen_random_uuid(), ${names.get('run')} from run, generate_series(2, $2::int) where id = $1`,
    [id, queued],
  );
  await pool.query(
    `insert into run_event (run_id, kind, attempt, payload)
     select id, 'STATUS', 0, '{"status": "QUEUED"}' from run where status = 'QUEUED' and last_seq = 0`,
  );
  await pool.query(
    `insert into pgboss.job (id, singleton_key, data, ${names.get('job')})
     select gen_random_uuid(), run.id::text, jsonb_build_object('runId', run.id), ${prefix(names.get('job')!)}
     from run, pgboss.job where job.singleton_key = $1 and run.status = 'QUEUED' and run.id <> $1::uuid`,
    [id],
  );
  await pool.query('analyze');
}

function prefix(names: string): string {
  return names
    .split(', ')
    .map((name) => `job.${name}`)
    .join(', ');
}

async function claimMany(store: Store, claims: number): Promise<{ claimMs: number[]; claimed: string[] }> {
  const claimMs: number[] = [];
  const claimed: string[] = [];
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let freeAt = performance.now();
  const work = await store.queue.workRuns({
    queues: listQueuesFor({ backends: ['onnx'], precisions: ['float32'] }),
    async handler({ runId }) {
      const run = await claimRun(store, { runId, workerId: 'bench' });
      if (run) {
        claimed.push(runId);
        claimMs.push(performance.now() - freeAt);
      }
      if (claimed.length >= claims) resolve();
      freeAt = performance.now();
    },
  });
  await done;
  await work.stop();
  return { claimMs: claimMs.slice(0, claims), claimed: claimed.slice(0, claims) };
}

async function time<T>(act: () => Promise<T>): Promise<[T, number]> {
  const startedAt = performance.now();
  const result = await act();
  return [result, performance.now() - startedAt];
}
