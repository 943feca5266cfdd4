/** A process that trains many runs as far as the database can see: epoch by epoch, at a steady pace. */
import { setTimeout as delay } from 'node:timers/promises';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { openStore, type Store } from '@microtome/store/store';
import pg from 'pg';
import { createBench, trainRun } from '../api/run-fixtures.ts';
import type { LoadPlan, Published } from './subscriber-load.ts';

type Order = { databaseUrl: string; artifactUrl: string; plan: LoadPlan };
type Attempt = { id: string; attempt: number };

const HEARTBEAT_MS = 3_000;

process.once('disconnect', () => process.exit());
process.once('message', async ({ plan, ...place }: Order) => {
  const store = await openStore(place);
  const bench = await createBench(store);
  const runs: Attempt[] = [];
  for (let run = 0; run < plan.runs; run++) runs.push(await trainRun(store, bench));
  // A connection of its own: those of the store may be busy with epochs for long.
  const pool = new pg.Pool({ connectionString: place.databaseUrl, max: 1 });
  const beating = setInterval(() => {
    // The API takes runs away from workers that fall silent.
    void pool.query('update run_attempt set heartbeat_at = now() where run_id = any($1::uuid[])', [
      runs.map(({ id }) => id),
    ]);
  }, HEARTBEAT_MS);
  process.send!(runs.map(({ id }) => id));
  process.once('message', async () => {
    const published = await Promise.all(runs.map((run, at) => publish(store, { run, at, plan })));
    clearInterval(beating);
    process.send!(published.flat());
    await pool.end();
    await store.close();
  });
});

/** The runs are spread over the time of an epoch, as real ones are. */
async function publish(
  store: Store,
  { run, at, plan }: { run: Attempt; at: number; plan: LoadPlan },
): Promise<Published[]> {
  const firstAt = performance.now() + (at / plan.runs) * plan.epochMs;
  const published: Published[] = [];
  for (let epoch = 1; epoch <= plan.epochs; epoch++) {
    await delay(Math.max(0, firstAt + (epoch - 1) * plan.epochMs - performance.now()));
    const metrics = { 'train.loss': 1 / epoch, 'validation.loss': 1 / epoch, 'validation.auc': 0.9 };
    const checkpoint = await store.artifacts.put(Buffer.from(run.id), 'application/octet-stream');
    const begunAtMs = Date.now();
    const key = { runId: run.id, attempt: run.attempt };
    const isRecorded = await recordEpoch(store, {
      ...key,
      epoch,
      step: epoch,
      metrics,
      checkpoint,
      best: false,
    });
    if (!isRecorded) throw new Error(`Run ${at} was taken away at epoch ${epoch}: the machine is too slow.`);
    published.push({ run: at, epoch, begunAtMs, committedAtMs: Date.now() });
  }
  return published;
}
