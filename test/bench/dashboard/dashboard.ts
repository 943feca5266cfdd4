/**
 * The dashboard in a real browser over 10,000 runs with 300 metric names and one of 100,000 points: first content, the run table
 * filtered, sorted and scrolled, the page of a run of 500 epochs while it trains, its memory over the events of an hour, and what
 * its first page weighs. Options: `--python FILE` with mlflow and psycopg2-binary (the same work in MLflow's own page, by the same
 * browser, of the same runs), `--runs N`, `--names N`, `--points N`, `--events N` of the hour (3600). Prints tables and, as its last line,
 * one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { openStore, type Store } from '@microtome/store/store';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { findBrowser, NO_BROWSER } from '../../e2e/browser.ts';
import { openDashboard } from '../../e2e/open-dashboard.ts';
import { type Bench, createBench } from '../../fixtures/run.ts';
import { startMlflow } from '../tracking/mlflow-server.ts';
import { startLiveRun } from './live-run.ts';
import { measureHeap, measureRunPage } from './measure-run-page.ts';
import { measureTable } from './measure-table.ts';
import { measureWeight } from './measure-weight.ts';
import { timeOpening } from './page-clock.ts';
import { nameNewest, type Shape, seedOurs, seedTheirs } from './seed-runs.ts';
import { measureTheirs } from './their-page.ts';

const EPOCHS = 500;
const ROW = 'table[aria-label="Runs"] tbody a';
const OVERVIEW_CONTENT = 'main a[href^="/experiments/"]';

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    runs: { type: 'string', default: '10000' },
    names: { type: 'string', default: '300' },
    points: { type: 'string', default: '100000' },
    events: { type: 'string', default: '3600' },
  },
});
const shape: Shape = {
  runs: Number(values.runs),
  names: Number(values.names),
  points: Number(values.points),
};
const executablePath = findBrowser();
if (!executablePath) throw new Error(NO_BROWSER);
const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-'));
const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  const { databaseUrl, store, bench, seededMs } = await fill();
  const { page, platform, close } = await openDashboard({ executablePath, homeDir: folder, databaseUrl });
  closing.push(close);
  const ours = { seededMs, ...(await measureOurs(page, { webUrl: platform.webUrl, store, bench })) };
  console.table(ours);
  const theirs = values.python ? await measureBeside(page, { python: values.python, databaseUrl }) : null;
  if (theirs) console.table(theirs);
  console.log(JSON.stringify({ ...shape, ours, theirs }));
} finally {
  for (const close of closing.reverse()) await close();
}

async function fill() {
  const postgres = await startEmbeddedPostgres({ homeDir: folder });
  closing.push(() => postgres.stop());
  const { databaseUrl } = postgres;
  await migrateDatabase(databaseUrl);
  const store = await openStore({ databaseUrl, artifactUrl: `file:${join(folder, 'artifacts')}` });
  closing.push(() => store.close());
  const bench = await createBench(store);
  const experiment = await store.database.prisma.experiment.create({ data: { name: 'many runs' } });
  const startMs = performance.now();
  await seedOurs(databaseUrl, experiment.id, shape);
  return { databaseUrl, store, bench, seededMs: Math.round(performance.now() - startMs) };
}

type Place = { webUrl: string; store: Store; bench: Bench };

async function measureOurs(page: Page, { webUrl, store, bench }: Place) {
  const address = `${webUrl}/runs`;
  // The server compiles and caches what it is asked for first: people come later.
  await timeOpening(page, { url: address, selector: ROW });
  const opening = await timeOpening(page, { url: address, selector: ROW });
  const weigh = (url: string, until: string) => measureWeight(executablePath!, { url, until });
  const overviewKilobytes = await weigh(webUrl, OVERVIEW_CONTENT);
  const runTableKilobytes = await weigh(address, ROW);
  const table = await measureTable(page);
  const long = {
    url: `${webUrl}/runs/${nameNewest(shape, { hasDashes: true })}`,
    selector: 'canvas',
  };
  const firstLong = await timeOpening(page, long);
  const laterLong = await timeOpening(page, long);
  const run = await startLiveRun(store, bench, { epochs: EPOCHS });
  await run.addEpochs(EPOCHS);
  const runPage = await measureRunPage(page, { webUrl, run });
  const heap = await measureHeap(page, run, { events: Number(values.events) });
  const longRun = { longRunFirstShownMs: firstLong.shownMs, longRunShownMs: laterLong.shownMs };
  return { ...opening, overviewKilobytes, runTableKilobytes, ...table, ...longRun, ...runPage, ...heap };
}

async function measureBeside(page: Page, { python, databaseUrl }: { python: string; databaseUrl: string }) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('create database mlflow');
  await client.end();
  const theirDatabase = new URL('/mlflow', databaseUrl).href;
  const server = await startMlflow({ python, databaseUrl: theirDatabase, workers: 4 });
  closing.push(() => server.stop());
  const answer = await fetch(`${server.url}/api/2.0/mlflow/experiments/create`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'many runs' }),
  });
  const { experiment_id: experimentId } = (await answer.json()) as { experiment_id: string };
  await seedTheirs(theirDatabase, experimentId, shape);
  const runId = nameNewest(shape, { hasDashes: false });
  // By itself, as if it had never seen ours: what was put into our page to measure it is none of theirs.
  const context = await page.context().browser()!.newContext({ viewport: page.viewportSize() });
  const figures = await measureTheirs(await context.newPage(), { url: server.url, experimentId, runId });
  await context.close();
  return { version: server.version, ...figures };
}
