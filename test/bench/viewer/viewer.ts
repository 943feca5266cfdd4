/**
 * The viewer on a slide of 20,000 patches with every layer on, in a real browser: its tiles while other clients keep the
 * server busy, frames a second while it is moved, and how long after a move of the cursor the readout has changed.
 * Option: `--patches 20000`. Prints a table and, as its last line, one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { openStore } from '@microtome/store/store';
import { findBrowser, NO_BROWSER } from '../../e2e/browser.ts';
import { openDashboard } from '../../e2e/open-dashboard.ts';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { measureHover, measureMoves, measureOpening } from './measure-page.ts';
import { measureTiles } from './measure-tiles.ts';
import { underLoad } from './server-load.ts';

const PATCH_PX = 16;
const PATIENTS = 4;
const PICTURES = 64;
const CLIENTS = 8;
const LAYERS = 'probability,called,truth,errors';

const { values } = parseArgs({ options: { patches: { type: 'string', default: '20000' } } });
const patchesPerPatient = Number(values.patches);
const executablePath = findBrowser();
if (!executablePath) throw new Error(NO_BROWSER);
const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-'));
const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  const { databaseUrl, runId, slideId } = await fill();
  const { page, platform, close } = await openDashboard({ executablePath, homeDir: folder, databaseUrl });
  closing.push(close);
  const address = `${platform.webUrl}/viewer?run=${runId}&slide=${slideId}&layers=${LAYERS}`;
  const session = await page.context().newCDPSession(page);
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  const loaded = await underLoad(platform.apiUrl, { clients: CLIENTS }, async () => ({
    ...(await measureTiles(platform.apiUrl, slideId)),
    ...(await measureOpening(page, address)),
  }));
  const moves = await measureMoves(page);
  const figures = {
    patches: patchesPerPatient,
    ...loaded,
    ...moves,
    ...(await measureHover(page)),
  };
  console.table(figures);
  console.log(JSON.stringify(figures));
} finally {
  for (const close of closing.reverse()) await close();
}

/** A finished run, and a slide that it was validated on. */
async function fill() {
  const postgres = await startEmbeddedPostgres({ homeDir: folder });
  closing.push(() => postgres.stop());
  const { databaseUrl } = postgres;
  await migrateDatabase(databaseUrl);
  const store = await openStore({ databaseUrl, artifactUrl: `file:${join(folder, 'artifacts')}` });
  const shape = { patients: PATIENTS, patchesPerPatient, patchSizePx: PATCH_PX, pictures: PICTURES };
  const bench = await createBench(store, shape);
  const run = await launchTestRun(store, bench);
  await finishTestRun(store, run, { skill: 0.5, threshold: 0.5 });
  const { rows } = await store.database.pool.query<{ id: string }>(
    `select slide.id from slide join split_patient using (patient_id) where subset = 'VALIDATION' limit 1`,
  );
  await store.close();
  return { databaseUrl, runId: run.id, slideId: rows[0]!.id };
}
