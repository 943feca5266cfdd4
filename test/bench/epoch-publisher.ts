/** A process that trains many runs as far as the database can see: epoch by epoch, at a steady pace. */
import { setTimeout as delay } from 'node:timers/promises';
import { heartbeatRun } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { openStore, type Store } from '@microtome/store/store';
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
  const beating = setInterval(() => {
    // The API takes runs away from workers that fall silent.
    for (const { id, attempt } of runs) void heartbeatRun(store, { runId: id, attempt });
  }, HEARTBEAT_MS);
  process.send!(runs.map(({ id }) => id));
  process.once('message', async () => {
    const published = await Promise.all(runs.map((run, at) => publish(store, { run, at, plan })));
    clearInterval(beating);
    process.send!(published.flat());
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
    await recordEpoch(store, { ...key, epoch, step: epoch, metrics, checkpoint, best: false });
    published.push({ run: at, epoch, begunAtMs, committedAtMs: Date.now() });
  }
  return published;
}
