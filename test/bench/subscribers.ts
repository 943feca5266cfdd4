/**
 * 500 subscribers on one API process, an epoch a second from each of 50 runs: the time from the commit of an epoch to its
 * receipt (aim: p99 below 250 ms) and the API's memory over ten minutes (aim: flat). Options: `--subscribers N`, `--runs N`,
 * `--seconds N`, `--per-socket N`. Prints tables and, as its last line, one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { type LoadOutcome, loadSubscribers } from './subscriber-load.ts';

const EPOCH_MS = 1_000;
const MEBIBYTE = 2 ** 20;
/**
 * Its memory grows at first: code is compiled, and the newest 256 events of each run are kept for followers that are a
 * little behind. Those are all there after 256 epochs, which is less than half of ten minutes.
 */
const SETTLED_AFTER_SHARE = 0.5;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { subscribers: text, runs: text, seconds: text, 'per-socket': text },
});
const plan = {
  subscribers: Number(values.subscribers ?? 500),
  runs: Number(values.runs ?? 50),
  epochs: Number(values.seconds ?? 600),
  epochMs: EPOCH_MS,
  perSocket: Number(values['per-socket'] ?? 1),
};

const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-'));
const postgres = await startEmbeddedPostgres({ homeDir: folder });
try {
  const { databaseUrl } = postgres;
  await migrateDatabase(databaseUrl);
  report(await loadSubscribers({ databaseUrl, artifactUrl: `file:${join(folder, 'artifacts')}` }, plan));
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

function report({ published, heard, memory, cpuSeconds, seconds }: LoadOutcome): void {
  const committed = new Map(published.map((one) => [`${one.run} ${one.epoch}`, one]));
  const fromCommit: number[] = [];
  const fromBegin: number[] = [];
  for (const { run, epochs, atMs } of heard) {
    for (const [at, epoch] of epochs.entries()) {
      const one = committed.get(`${run} ${epoch}`);
      if (!one) continue;
      fromCommit.push(Math.max(0, atMs[at]! - one.committedAtMs));
      fromBegin.push(atMs[at]! - one.begunAtMs);
    }
  }
  const figures = {
    plan,
    receipts: fromCommit.length,
    missing: plan.subscribers * plan.epochs - fromCommit.length,
    outOfOrder: heard.filter(({ epochs }) => epochs.some((epoch, at) => epoch !== at + 1)).length,
    closings: new Set(heard.flatMap(({ closings }) => closings)).size,
    fromCommitMs: summarise(fromCommit),
    fromBeginMs: summarise(fromBegin),
    commitMs: summarise(published.map(({ begunAtMs, committedAtMs }) => committedAtMs - begunAtMs)),
    apiProcessorShare: round(cpuSeconds / seconds),
    memory: describeMemory(memory),
  };
  console.table({
    'commit to receipt (ms)': figures.fromCommitMs,
    'begin to receipt (ms)': figures.fromBeginMs,
    'begin to commit, by the publisher (ms)': figures.commitMs,
  });
  console.table({ ...figures.memory, 'share of one core': figures.apiProcessorShare });
  console.log(`MB by minute: ${listByMinute(memory).join(', ')}`);
  console.log(`${figures.receipts} receipts, ${figures.missing} missing, ${figures.outOfOrder} out of order`);
  console.log(JSON.stringify(figures));
}

/** The slope of the settled part by least squares, in MB a minute. */
function describeMemory(memory: LoadOutcome['memory']) {
  const settled = memory.slice(Math.floor(SETTLED_AFTER_SHARE * memory.length));
  const mean = (of: number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const minutes = settled.map(({ atSeconds }) => atSeconds / 60);
  const megabytes = settled.map(({ bytes }) => bytes / MEBIBYTE);
  const [meanMinutes, meanMegabytes] = [mean(minutes), mean(megabytes)];
  const covariance = mean(minutes.map((at, n) => (at - meanMinutes) * (megabytes[n]! - meanMegabytes)));
  const variance = mean(minutes.map((at) => (at - meanMinutes) ** 2));
  return {
    firstMegabytes: round((memory[0]?.bytes ?? Number.NaN) / MEBIBYTE),
    settledMegabytes: round(megabytes[0] ?? Number.NaN),
    lastMegabytes: round(megabytes.at(-1) ?? Number.NaN),
    mostMegabytes: round(Math.max(...megabytes)),
    megabytesAMinute: round(covariance / variance),
  };
}

function listByMinute(memory: LoadOutcome['memory']): number[] {
  const minutes = Map.groupBy(memory, ({ atSeconds }) => Math.floor(atSeconds / 60));
  return [...minutes.values()].map((samples) => Math.round((samples.at(-1)?.bytes ?? 0) / MEBIBYTE));
}

function summarise(values: number[]): Record<'p50' | 'p90' | 'p99' | 'max', number> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
