/**
 * A slide of 100,000 x 80,000 px that is made here, analysed by a small model that is trained here: its worker is killed in the middle, the
 * next one goes on, and a third time nothing is killed; both grids are the same bit for bit. Squares a second, next to ONNX Runtime
 * alone on the same squares, and memory. Options: `--columns 196`, `--rows 157` (blocks of 512 px), `--tile 64`, `--mpp 1`,
 * `--compared 8192` (squares that ONNX Runtime alone is given).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import type { SlideAnalysis } from '@microtome/store/generated/prisma/client';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { requestSlideAnalyses } from '@microtome/store/slide-analysis/request-analyses';
import { openStore, type Store } from '@microtome/store/store';
import { createBench, launchTestRun } from '../../fixtures/run.ts';
import { planSeededSlide, writeSeededSlide } from '../../slides/seeded-slide.ts';
import { startAnalysingWorker, type Watched, watchWorker } from './analysing-worker.ts';
import type { AloneRequest, AloneResult } from './runtime-alone.ts';

const SLIDE_MICRONS = 0.25;
const SEED = 11;
/** As many as a block of the worker has. */
const BATCH = 256;
const number = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    ...{ columns: number('196'), rows: number('157'), tile: number('64'), mpp: number('1') },
    compared: number('8192'),
  },
});
const [columns, rows, tilePx, micronsPerPixel, compared] = [
  ...[values.columns, values.rows, values.tile, values.mpp, values.compared].map(Number),
] as [number, number, number, number, number];

const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-analyses-'));
const postgres = await startEmbeddedPostgres({ homeDir: folder, durable: false });
const place = { databaseUrl: postgres.databaseUrl, artifactUrl: `file:${join(folder, 'artifacts')}` };
await migrateDatabase(postgres.databaseUrl);
const store = await openStore(place);
try {
  const path = join(folder, 'slide.tif');
  const slide = planSeededSlide({ columns, rows, seed: SEED, micronsPerPixel: SLIDE_MICRONS });
  await writeSeededSlide(path, slide, SEED);
  const { versionId, modelPath } = await trainModel(store);
  const ask = async () =>
    (await requestSlideAnalyses(store, { versionId, path, micronsPerPixel })).analyses[0]!.id;

  const first = await ask();
  const killed = startAnalysingWorker(place);
  await watchWorker(killed, async () => {
    const { patchesDone, patchesTotal } = await read(first);
    return patchesTotal > 0 && patchesDone >= patchesTotal / 2;
  });
  await killed.end('SIGKILL');
  const { patchesDone: keptPatches } = await read(first);
  const worker = startAnalysingWorker(place);
  await watchWorker(worker, async () => isEnded(await read(first)));
  const resumed = await read(first);

  const second = await ask();
  await watchWorker(worker, async () => (await read(second)).patchesDone > 0 || isEnded(await read(second)));
  const { patchesDone: begun } = await read(second);
  const watched = await watchWorker(worker, async () => isEnded(await read(second)));
  const straight = await read(second);
  await worker.end('SIGTERM');
  const alone = await runAlone({
    modelPath,
    slide: { path, tilePx, micronsPerPixel },
    squares: compared,
    batch: BATCH,
  });
  report({ slide, keptPatches, resumed, straight, watched, squares: straight.patchesTotal - begun, alone });
} finally {
  await store.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

/** By a worker, for one epoch: what it says means nothing, and costs what any network of its shape does. */
async function trainModel(store: Store): Promise<{ versionId: string; modelPath: string }> {
  const bench = await createBench(store, { patients: 9, patchesPerPatient: 16, patchSizePx: tilePx });
  const { id: runId } = await launchTestRun(store, bench, { epochs: 1, batchSize: 16 });
  const trainer = startAnalysingWorker(place);
  const readRun = () => store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  await watchWorker(trainer, async () => isEnded(await readRun()));
  await trainer.end('SIGTERM');
  const { status, error } = await readRun();
  if (status !== 'SUCCEEDED') throw new Error(`The model was not trained: ${error}`);
  const { id: modelId } = await createModel(store, { name: 'on-slides' });
  const { id: versionId } = await registerModelVersion(store, { modelId, runId });
  const { artifactHash } = await getRunArtifact(store, { runId, role: 'MODEL_ONNX' });
  const modelPath = join(folder, 'model.onnx');
  await writeFile(modelPath, await store.artifacts.read(artifactHash));
  return { versionId, modelPath };
}

function read(id: string): Promise<SlideAnalysis> {
  return store.database.prisma.slideAnalysis.findUniqueOrThrow({ where: { id } });
}

function isEnded({ status }: { status: string }): boolean {
  return ['SUCCEEDED', 'FAILED', 'CANCELED'].includes(status);
}

async function runAlone(request: AloneRequest): Promise<AloneResult> {
  const child = fork(fileURLToPath(new URL('./runtime-alone.ts', import.meta.url)));
  child.send(request);
  const [result] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])]);
  if (!result) throw new Error('ONNX Runtime alone ended without a result.');
  return result as AloneResult;
}

type Outcome = {
  slide: { width: number; height: number };
  keptPatches: number;
  resumed: SlideAnalysis;
  straight: SlideAnalysis;
  watched: Watched;
  squares: number;
  alone: AloneResult;
};

function report({ slide, keptPatches, resumed, straight, watched, squares, alone }: Outcome): void {
  const isSame = straight.artifactHash !== null && resumed.artifactHash === straight.artifactHash;
  const describe = (done: { squares: number; seconds: number; cpuSeconds: number }) => ({
    squares: done.squares,
    'squares/s': Math.round(done.squares / done.seconds),
    'CPU ms a square': Number(((1000 * done.cpuSeconds) / done.squares).toFixed(2)),
  });
  const table = {
    'worker, slide to grid': {
      ...describe({ ...watched, squares }),
      'peak MB': Math.round(watched.peakMegabytes),
    },
    'ONNX Runtime alone': describe(alone),
  };
  console.table(table);
  const kill = { keptPatches, patchesTotal: resumed.patchesTotal, attempts: resumed.attempt, isSame };
  console.log(
    `Killed after ${keptPatches} of ${resumed.patchesTotal} squares: the grid is ${isSame ? 'the same' : 'ANOTHER ONE'}.`,
  );
  console.log(JSON.stringify({ width: slide.width, height: slide.height, tilePx, ...table, kill }));
  if (!isSame) process.exitCode = 1;
}
