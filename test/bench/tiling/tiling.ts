/**
 * A slide of 100,000 x 80,000 px that is made here becomes a dataset, next to sharp alone that reads the same regions: patches
 * a second, processor time a patch, peak memory, and whether every label is the known truth. Options: `--columns 196`,
 * `--rows 157` (blocks of 512 px), `--tile 224`, `--mpp 0.25`, `--compared 4000` (regions that sharp reads).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chooseLevel } from '@microtome/domain/tiling/tile-grid';
import { openDatabase } from '@microtome/store/database/database';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import {
  DOWNSAMPLES,
  planSeededSlide,
  type SeededSlide,
  writeGeoJson,
  writeSeededSlide,
} from '../../slides/seeded-slide.ts';
import { shareOfKind, shareOutlined } from '../../slides/seeded-truth.ts';
import type { Part, PartResult } from './tiling-part.ts';

const MICRONS = 0.25;
const SEED = 11;
const number = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    ...{ columns: number('196'), rows: number('157'), tile: number('224'), mpp: number('0.25') },
    compared: number('4000'),
  },
});
const [columns, rows, tilePx, micronsPerPixel, compared] = [
  ...[values.columns, values.rows, values.tile, values.mpp, values.compared].map(Number),
] as [number, number, number, number, number];

const homeDir = await mkdtemp(join(tmpdir(), 'microtome-bench-tiling-'));
const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
try {
  await migrateDatabase(postgres.databaseUrl);
  const folder = await mkdtemp(join(homeDir, 'slides-'));
  const path = join(folder, 'slide.tif');
  const slide = planSeededSlide({ columns, rows, seed: SEED, micronsPerPixel: MICRONS });
  await writeSeededSlide(path, slide, SEED);
  await writeFile(join(folder, 'slide.geojson'), writeGeoJson(slide, 'Tumor'));
  const { size } = await stat(path);
  console.error(`${slide.width} x ${slide.height} px in ${(size / 1e6).toFixed(0)} MB.`);
  const artifactUrl = `file:${join(homeDir, 'artifacts')}`;
  const storage = { databaseUrl: postgres.databaseUrl, artifactUrl };
  const imported = await runPart({ kind: 'IMPORT', folder, tilePx, micronsPerPixel, ...storage });
  const { wrong, patches } = await compareWithTruth(slide);
  const scale = micronsPerPixel / MICRONS;
  // Levels are the pages of the file: sharp too reads from the one that fits best.
  const levels = DOWNSAMPLES.map((of) => ({
    width: slide.width / of,
    height: slide.height / of,
    downsample: of,
  }));
  const page = chooseLevel(levels, { scale });
  const downsample = DOWNSAMPLES[page] ?? 1;
  const every = Math.max(1, Math.floor(patches.length / compared));
  const places = patches
    .filter((_, at) => at % every === 0)
    .map(({ x, y }) => ({ x: (x * scale) / downsample, y: (y * scale) / downsample }));
  const side = (tilePx * scale) / downsample;
  const alone = await runPart({ kind: 'SHARP', path, page, places, side, tilePx });
  const table = { 'import of the slide': describe(imported), 'sharp alone, same regions': describe(alone) };
  console.table(table);
  const rate = (part: PartResult) => part.patches / part.seconds;
  const ratio = { wall: rate(imported) / rate(alone), processor: perPatch(alone) / perPatch(imported) };
  const labels = { patches: patches.length, wrong };
  console.log(`Labels unlike the truth: ${wrong} of ${patches.length}.`);
  console.log(JSON.stringify({ width: slide.width, height: slide.height, ...table, ratio, labels }));
  if (wrong > 0) process.exitCode = 1;
} finally {
  await postgres.stop();
  await rm(homeDir, { recursive: true, force: true });
}

async function runPart(part: Part): Promise<PartResult> {
  const child = fork(fileURLToPath(new URL('./tiling-part.ts', import.meta.url)));
  child.send(part);
  const [result] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [null])]);
  if (!result) throw new Error(`The part ${part.kind} ended without a result.`);
  return result as PartResult;
}

function perPatch({ cpuSeconds, patches }: PartResult): number {
  return cpuSeconds / patches;
}

function describe(part: PartResult) {
  return {
    patches: part.patches,
    'patches/s': Math.round(part.patches / part.seconds),
    'CPU ms a patch': Number((1000 * perPatch(part)).toFixed(2)),
    'peak MB': Math.round(part.peakMegabytes),
  };
}

/** Every square of the slide: patches that should not be there, are missing, or are called otherwise are wrong. */
async function compareWithTruth(slide: SeededSlide) {
  const database = openDatabase({ databaseUrl: postgres.databaseUrl, poolSize: 1 });
  const { rows: patches } = await database.pool.query<{ x: number; y: number; name: string }>(
    `select x, y, name from patch join dataset_class on dataset_class.dataset_id = patch.dataset_id and position = class
     order by index`,
  );
  await database.close();
  const found = new Map(patches.map(({ x, y, name }) => [`${x},${y}`, name]));
  const scale = micronsPerPixel / MICRONS;
  const side = tilePx * scale;
  let wrong = 0;
  for (let y = 0; y * scale + side <= slide.height; y += tilePx) {
    for (let x = 0; x * scale + side <= slide.width; x += tilePx)
      wrong += Number(found.get(`${x},${y}`) !== tellTruth(slide, { x: x * scale, y: y * scale, side }));
  }
  return { wrong, patches };
}

function tellTruth(slide: SeededSlide, square: { x: number; y: number; side: number }): string | undefined {
  if (shareOfKind(slide, square, 'tissue') < 0.5 || shareOfKind(slide, square, 'ink') > 0.1) return undefined;
  const covered = shareOutlined(slide, square);
  if (covered < 1e-9) return 'negative';
  return covered >= 0.5 ? 'positive' : undefined;
}
