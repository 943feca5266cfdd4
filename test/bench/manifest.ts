/**
 * A set of JPEG patches told by a manifest: its import, next to sharp alone that reads the same files from the same
 * folder (`sharp(path).raw().toBuffer()`, aim: 0.9 by processor time, below 600 MB), and a manifest of the published
 * set's length read and joined to its files (aim: below 5 s). Options:
 * `--patches N`, `--size PX`, `--rows N`. The patches are drawn first, which takes some minutes.
 */
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createRandom, deriveSeed } from '@microtome/domain/seeded-random';
import { readManifest } from '@microtome/store/import/facts/read-manifest';
import type { SourceFile } from '@microtome/store/import/source/patch-source';
import { openTableAt } from '@microtome/store/import/table/open-table';
import sharp from 'sharp';
import { choosePatientStyle, drawTissue } from '../../apps/cli/src/demo/sample-tissue.ts';
import { measureBesideSharp, printImportRate } from './import-rate.ts';

/** Drawn once each; files of one picture differ by a comment in their bytes. */
const PICTURES = 64;
const PATCHES_PER_SLIDE = 500;
const QUALITY = 90;
const HEAD = 'tile,case_id,slide_id,tumor,x,y,centre\n';
const START_OF_IMAGE_BYTES = 2;

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { patches: text, size: text, rows: text } });
const plan = {
  patches: Number(values.patches ?? 100_000),
  sizePx: Number(values.size ?? 224),
  rows: Number(values.rows ?? 277_524),
};

const homeDir = await mkdtemp(join(tmpdir(), 'microtome-bench-manifest-'));
try {
  const { folder, manifest } = await drawSet(homeDir);
  const wanted = { path: folder, manifest, map: ['path=tile'] };
  const figures = printImportRate(await measureBesideSharp(wanted, homeDir));
  // After the import, whose peak of memory is its own.
  const joined = await measureJoin(homeDir, plan.rows);
  console.table({
    'rows read and joined': joined.rows,
    'seconds (aim: 5)': joined.seconds.toFixed(2),
    'processor seconds': joined.cpuSeconds.toFixed(2),
  });
  console.log(JSON.stringify({ plan, joined, ...figures }));
} finally {
  await rm(homeDir, { recursive: true, force: true });
}

async function measureJoin(
  folder: string,
  rows: number,
): Promise<{ rows: number; seconds: number; cpuSeconds: number }> {
  const manifest = join(folder, 'long.csv');
  await writeManifest(manifest, rows);
  const files = Array.from({ length: rows }, (_, at): SourceFile => {
    return { path: namePatch(at), read: async () => ({ ok: true, value: new Uint8Array() }) };
  });
  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const table = await openTableAt(manifest);
  const { counts } = await readManifest({
    files,
    table,
    wishes: [],
    refuse: () => {},
    signal: new AbortController().signal,
  });
  await table.close();
  if (counts.rowsWithoutFile > 0 || counts.filesWithoutRow > 0) throw new Error('Rows were not joined.');
  const cpu = process.cpuUsage(cpuBefore);
  return {
    rows: counts.rowCount,
    seconds: (performance.now() - startedAtMs) / 1000,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
  };
}

async function drawSet(home: string): Promise<{ folder: string; manifest: string }> {
  const folder = join(home, 'patches');
  const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, at) => drawJpeg(at)));
  for (let slide = 0; slide * PATCHES_PER_SLIDE < plan.patches; slide++) {
    await mkdir(join(folder, nameSlide(slide)), { recursive: true });
  }
  for (let at = 0; at < plan.patches; at++) {
    await writeFile(join(folder, namePatch(at)), addComment(pictures[at % PICTURES]!, `patch ${at}`));
  }
  const manifest = join(home, 'cases.csv');
  await writeManifest(manifest, plan.patches);
  return { folder, manifest };
}

async function drawJpeg(at: number): Promise<Buffer> {
  const random = createRandom(deriveSeed(1, 'manifest', at));
  const size = { widthPx: plan.sizePx, heightPx: plan.sizePx };
  const pixels = drawTissue({ random, style: choosePatientStyle(random), isTumor: at % 2 === 0, ...size });
  return sharp(pixels, { raw: { width: plan.sizePx, height: plan.sizePx, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/** A comment segment behind the first marker, so that no two files have the same bytes. */
function addComment(jpeg: Buffer, comment: string): Buffer {
  const head = Buffer.from([0xff, 0xfe, 0, comment.length + 2]);
  return Buffer.concat([
    jpeg.subarray(0, START_OF_IMAGE_BYTES),
    head,
    Buffer.from(comment),
    jpeg.subarray(START_OF_IMAGE_BYTES),
  ]);
}

async function writeManifest(file: string, rows: number): Promise<void> {
  const stream = createWriteStream(file);
  stream.write(HEAD);
  for (let at = 0; at < rows; at++) {
    const slide = Math.floor(at / PATCHES_PER_SLIDE);
    const within = at % PATCHES_PER_SLIDE;
    const place = `${(within % 25) * plan.sizePx},${Math.floor(within / 25) * plan.sizePx}`;
    stream.write(`${namePatch(at)},case ${slide >> 1},${nameSlide(slide)},${at % 2},${place},${slide % 5}\n`);
  }
  stream.end();
  await finished(stream);
}

function nameSlide(slide: number): string {
  return `slide_${String(slide).padStart(5, '0')}`;
}

function namePatch(at: number): string {
  return `${nameSlide(Math.floor(at / PATCHES_PER_SLIDE))}/tile_${at}.jpg`;
}
