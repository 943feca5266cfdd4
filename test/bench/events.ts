/**
 * From an epoch to the eye: when a WebSocket client of the API, which is a process of its own, hears of an epoch. Once
 * for the bare insert of its event, and once for an epoch as a worker records it: metrics, event, checkpoint row and
 * more in one transaction, which is not heard before its commit.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { heartbeatRun } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { openStore, type Store } from '@microtome/store/store';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type ApiProcess, startApi } from '../api/api-process.ts';
import { createBench, trainRun } from '../api/run-fixtures.ts';

const EVENTS = 1000;
const WARM_UP = 50;
const EPOCHS_PER_RUN = 350;
const PAUSE_MS = 5;
const HEARTBEAT_EPOCHS = 10;
const FOLLOW = `subscription ($runId: ID!) { runEvents(runId: $runId, after: 2) {
  ... on RunEvent { seq kind payload metrics { name value } } } }`;

type Sample = { fromBeginMs: number; fromCommitMs: number };
type Epoch = { runId: string; attempt: number; epoch: number };
type Write = (store: Store, epoch: Epoch) => Promise<void>;
type Fact = { runEvents: { seq?: number; payload?: { epoch: number } } };

const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-'));
const postgres = await startEmbeddedPostgres({ homeDir: folder });
const artifactUrl = `file:${join(folder, 'artifacts')}`;
let benches = 0;
let api: ApiProcess | null = null;
try {
  await migrateDatabase(postgres.databaseUrl);
  const store = await openStore({ databaseUrl: postgres.databaseUrl, artifactUrl });
  api = await startApi({ databaseUrl: postgres.databaseUrl, artifactUrl });
  const inserted = await measure({ store, url: api.url, write: insertEvent });
  const recorded = await measure({ store, url: api.url, write: recordWholeEpoch });
  await store.close();
  report({ inserted, recorded });
} finally {
  await api?.stop();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure({
  store,
  url,
  write,
}: {
  store: Store;
  url: string;
  write: Write;
}): Promise<Sample[]> {
  const bench = await createBench(store, { seed: ++benches });
  const samples: Sample[] = [];
  while (samples.length < EVENTS + WARM_UP) {
    const { id: runId, attempt } = await trainRun(store, bench);
    const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
    const facts = client.iterate<Fact>({ query: FOLLOW, variables: { runId } });
    const amount = Math.min(EPOCHS_PER_RUN, EVENTS + WARM_UP - samples.length);
    for (let epoch = 1; epoch <= amount; epoch++) {
      const heard = facts.next().then(({ value }) => ({ at: performance.now(), epoch: readEpoch(value) }));
      const begunAt = performance.now();
      await write(store, { runId, attempt, epoch });
      const committedAt = performance.now();
      const received = await heard;
      if (received.epoch !== epoch) throw new Error(`Epoch ${received.epoch} came in place of ${epoch}.`);
      samples.push({ fromBeginMs: received.at - begunAt, fromCommitMs: received.at - committedAt });
      // The API takes runs away from workers that fall silent.
      if (epoch % HEARTBEAT_EPOCHS === 0) await heartbeatRun(store, { runId, attempt });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    await facts.return?.();
    await client.dispose();
  }
  return samples.slice(WARM_UP);
}

async function insertEvent(store: Store, { runId, attempt, epoch }: Epoch): Promise<void> {
  await store.database.pool.query(
    `insert into run_event (run_id, kind, attempt, payload) values ($1, 'EPOCH', $2, $3)`,
    [runId, attempt, JSON.stringify({ epoch, step: epoch, best: false })],
  );
}

async function recordWholeEpoch(store: Store, { runId, attempt, epoch }: Epoch): Promise<void> {
  const metrics = { 'train.loss': 1 / epoch, 'validation.loss': 1 / epoch, 'validation.auc': 0.9 };
  const checkpoint = await store.artifacts.put(Buffer.from(runId), 'application/octet-stream');
  await recordEpoch(store, { runId, attempt, epoch, step: epoch, metrics, checkpoint, best: false });
}

function readEpoch(answer: { data?: Fact | null } | undefined): number | undefined {
  return answer?.data?.runEvents.payload?.epoch;
}

function report({ inserted, recorded }: { inserted: Sample[]; recorded: Sample[] }): void {
  const figures = {
    events: inserted.length,
    insert: summarise(inserted.map(({ fromBeginMs }) => fromBeginMs)),
    epochFromCommit: summarise(recorded.map(({ fromCommitMs }) => fromCommitMs)),
    epochFromBegin: summarise(recorded.map(({ fromBeginMs }) => fromBeginMs)),
  };
  console.table({
    'insert of an event to receipt (ms)': figures.insert,
    'commit of a whole epoch to receipt (ms)': figures.epochFromCommit,
    'begin of a whole epoch to receipt (ms)': figures.epochFromBegin,
  });
  console.log(JSON.stringify(figures));
}

/** Milliseconds, rounded to a hundredth. Receipt may come before the writer itself hears of its commit. */
function summarise(values: number[]): Record<'p50' | 'p90' | 'p99' | 'max', number> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 100) / 100;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}
