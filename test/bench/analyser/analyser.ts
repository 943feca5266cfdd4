/**
 * The analyser's page in a real browser: 2,000 patches of 50 px in PNG files of their own, by WebAssembly with threads, from the drop to
 * the table; what of it is reading and decoding, what the network, what the page itself; next to a worker on the same patches.
 * Options: `--patches 2000`, `--architecture deep`, `--width 1`, `--rounds 3`. Prints a table and, as its last line, one JSON object.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { openStore } from '@microtome/store/store';
import sharp from 'sharp';
import { openSavedPredictor } from '../../../workers/train/src/model/predictor.ts';
import type { TrainedNetwork } from '../../../workers/train/src/model/saved-model.ts';
import { findBrowser, NO_BROWSER } from '../../e2e/browser.ts';
import { openDashboard } from '../../e2e/open-dashboard.ts';
import { encodePng, PATCH_PX, promoteNetwork } from '../../e2e/slides/analyser-steps.ts';
import { paintTissue } from '../../fixtures/synthetic-patches.ts';
import { type Analysed, measureAnalysis, openAnalyser } from './measure-analysis.ts';

const BATCH = 64;

const { values } = parseArgs({
  options: {
    patches: { type: 'string', default: '2000' },
    architecture: { type: 'string', default: 'deep' },
    width: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '3' },
  },
});
const [patches, rounds] = [Number(values.patches), Number(values.rounds)];
const shape = { architecture: values.architecture, width: Number(values.width), dropoutRate: 0.25 };
const executablePath = findBrowser();
if (!executablePath) throw new Error(NO_BROWSER);
const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-'));
const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  const files = await writePatches();
  const { databaseUrl, network } = await fill();
  const { page, platform, close } = await openDashboard({ executablePath, homeDir: folder, databaseUrl });
  closing.push(close);
  const opened = await openAnalyser(page, platform.webUrl);
  const seen: (Analysed & Awaited<ReturnType<typeof askWorker>>)[] = [];
  // In turns, so that what else the machine does meets both.
  for (let round = 0; round < rounds; round++)
    seen.push({ ...(await measureAnalysis(opened, files)), ...(await askWorker(network, files)) });
  console.table(seen);
  console.log(JSON.stringify({ patches, ...shape, rounds: seen }));
} finally {
  for (const close of closing.reverse()) await close();
}

async function writePatches(): Promise<string[]> {
  const dir = join(folder, 'patches');
  await mkdir(dir);
  const files: string[] = [];
  for (let seed = 0; seed < patches; seed++) {
    const file = join(dir, `patch-${String(seed).padStart(5, '0')}.png`);
    await writeFile(file, await encodePng(paintTissue(PATCH_PX, PATCH_PX, seed), PATCH_PX, PATCH_PX));
    files.push(file);
  }
  return files;
}

async function fill() {
  const postgres = await startEmbeddedPostgres({ homeDir: folder, durable: false });
  closing.push(() => postgres.stop());
  const { databaseUrl } = postgres;
  await migrateDatabase(databaseUrl);
  const store = await openStore({ databaseUrl, artifactUrl: `file:${join(folder, 'artifacts')}` });
  const network = await promoteNetwork(store, shape);
  await store.close();
  return { databaseUrl, network };
}

/** Reads the files one after another, then asks in batches as large as the page's. */
async function askWorker({ weights, ...network }: TrainedNetwork, files: readonly string[]) {
  const model = { ...network, weights: [...weights], hyperparameters: parseHyperparameters(shape) };
  const predictor = await openSavedPredictor(model, { backend: 'onnx' });
  try {
    const readMs = performance.now();
    const patchBytes = PATCH_PX * PATCH_PX * 3;
    const pixels = new Uint8Array(files.length * patchBytes);
    for (const [at, file] of files.entries()) pixels.set(await sharp(file).raw().toBuffer(), at * patchBytes);
    await predictor.predict(pixels.subarray(0, BATCH * patchBytes), Math.min(BATCH, files.length));
    const [startMs, before] = [performance.now(), process.cpuUsage()];
    for (let at = 0; at < files.length; at += BATCH) {
      const count = Math.min(BATCH, files.length - at);
      await predictor.predict(pixels.subarray(at * patchBytes, (at + count) * patchBytes), count);
    }
    const { user, system } = process.cpuUsage(before);
    return {
      workerReadSeconds: round(startMs - readMs),
      workerNetworkSeconds: round(performance.now() - startMs),
      workerNetworkCpuSeconds: round((user + system) / 1000),
    };
  } finally {
    await predictor.dispose();
  }
}

function round(ms: number): number {
  return Math.round(ms / 10) / 100;
}
