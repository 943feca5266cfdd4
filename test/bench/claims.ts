/**
 * How long a worker waits for its next run when 100,000 runs are queued, next to 1,000. Options: `--queued N`, `--claims N`.
 * Prints a table and, as its last line, one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { openStore } from '@microtome/store/store';
import { measureClaims } from './claim-load.ts';

const FEW = 1_000;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { queued: text, claims: text } });
const queued = Number(values.queued ?? 100_000);
const claims = Number(values.claims ?? 500);

const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-'));
const postgres = await startEmbeddedPostgres({ homeDir: folder });
try {
  const figures = { few: await measure('few', FEW), many: await measure('many', queued) };
  console.table({ [`${FEW} queued (ms)`]: figures.few, [`${queued} queued (ms)`]: figures.many });
  console.log(JSON.stringify({ queued, claims, ...figures }));
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measure(name: string, amount: number) {
  const url = new URL(postgres.databaseUrl);
  url.pathname = `/claims_${name}`;
  await migrateDatabase(url.href);
  const store = await openStore({ databaseUrl: url.href, artifactUrl: `file:${join(folder, name)}` });
  const outcome = await measureClaims(store, { queued: amount, claims });
  await store.close();
  return {
    claimP50: at(outcome.claimMs, 0.5),
    claimP99: at(outcome.claimMs, 0.99),
    launch: at(outcome.launchMs, 0.5),
    cancel: at(outcome.cancelMs, 0.5),
    reconcile: round(outcome.reconcileMs),
    depth: round(outcome.measureDepthMs),
  };
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
