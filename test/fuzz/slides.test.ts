/**
 * Slides mutated from valid ones, opened and read on every level: each ends as pixels or as a sentence, and keeps no memory.
 * MICROTOME_FUZZ_RUNS and MICROTOME_FUZZ_SEED ask for more or for others.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { openSlide } from '@microtome/slides/open-slide';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFuzzing } from '../env.ts';
import { makeDicom } from '../slides/make-dicom.ts';
import { makeTiff, plainTile, rgbFields } from '../slides/make-tiff.ts';
import { seededPicture } from '../slides/seeded-picture.ts';
import { HAS_SLIDE_INPUTS, slideInput } from '../slides/slide-inputs.ts';
import { recordInputs, recordMemory } from './fuzz-record.ts';
import { measureKeptBytes } from './kept-bytes.ts';
import { mutate, mutations } from './mutate-bytes.ts';

const { runs, seed } = readFuzzing();
const TIMEOUT_MS = 120_000 + 500 * runs;
const REGION_PX = 300;
const KEPT_BYTES_MAX = 64 * 1024 * 1024;
/** Tags of a directory as they stand in a file, sequences and items of DICOM, markers of JPEG and JPEG 2000. */
const MARKS = [
  ...['II', '\x00\x01', '\x01\x01', '\x02\x01', '\x03\x01', '\x06\x01', '\x15\x01', '\x1c\x01'],
  ...[
    '\x42\x01',
    '\x43\x01',
    '\x44\x01',
    '\x45\x01',
    '\x4a\x01',
    '\x5b\x01',
    '\xff\xc0',
    '\xff\xda',
    '\xff\x51',
  ],
  ...['DICM', '\x28\x00', '\x48\x00', '\x20\x00', '\xfe\xff\x00\xe0', '\xe0\x7f\x10\x00'],
];

/** Found before: a value of a DICOM header that goes on beyond its end. */
const FOUND: [index: number, applied: Parameters<typeof mutate>[1][number][]][] = [
  [
    6,
    [
      { kind: 'swapFields', mark: 5, offset: 20, other: 0 },
      { kind: 'swapFields', mark: 0, offset: 0, other: 0 },
    ],
  ],
];

const valid: { what: string; bytes: Buffer }[] = [];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'microtome-fuzz-slides-'));
  valid.push(...(await makeValidSlides()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a slide that is mutated', () => {
  it('that is not, is read whole', async () => {
    for (const { what, bytes } of valid) expect([what, await tryToRead(bytes)]).toEqual([what, 'read']);
  });

  it(
    'ends as its pixels or as one sentence that begins with its name',
    async ({ task }) => {
      recordInputs(task, runs);
      const property = fc.asyncProperty(fc.nat(valid.length - 1), mutations, async (index, applied) => {
        const outcome = await tryToRead(mutate(valid[index]!.bytes, applied, MARKS));
        expect(['read', 'refused']).toContain(outcome);
      });
      await fc.assert(property, { numRuns: runs, seed, examples: FOUND });
    },
    TIMEOUT_MS,
  );

  it(
    'keeps no memory',
    async ({ task }) => {
      const drawn = fc.sample(fc.tuple(fc.nat(valid.length - 1), mutations), {
        numRuns: runs,
        seed: seed + 1,
      });
      const read = async () => {
        for (const [index, applied] of drawn) await tryToRead(mutate(valid[index]!.bytes, applied, MARKS));
      };
      await read();
      const before = measureKeptBytes();
      await read();
      const after = measureKeptBytes();
      recordMemory(task, { before, after });
      expect(after - before).toBeLessThan(KEPT_BYTES_MAX);
    },
    TIMEOUT_MS,
  );
});

/** Anything else than an AppError with the file's name passes through, and fails the test. */
async function tryToRead(bytes: Buffer): Promise<'read' | 'refused'> {
  const path = join(folder, 'slide.bin');
  await writeFile(path, bytes);
  try {
    const slide = await openSlide(path);
    try {
      for (const level of slide.levels.keys()) {
        const pixels = await slide.readRegion(level, 0, 0, REGION_PX, REGION_PX);
        expect(pixels).toHaveLength(REGION_PX * REGION_PX * 3);
      }
      for (const { name } of slide.associatedImages) await slide.readAssociatedImage(name);
    } finally {
      await slide.close();
    }
    return 'read';
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'BAD_INPUT') throw error;
    expect(error.message).toMatch(/^"slide\.bin"[^\n]*\.$/);
    return 'refused';
  }
}

async function makeValidSlides(): Promise<typeof valid> {
  const tiled = { tile: true, tileWidth: 64, tileHeight: 64, pyramid: true } as const;
  const codings = [
    { compression: 'jpeg' as const },
    { compression: 'lzw' as const, predictor: 'horizontal' as const },
    { compression: 'deflate' as const, bigtiff: true },
  ];
  const pyramids = codings.map(async (coding) => ({
    what: coding.compression,
    bytes: await seededPicture(200, 150, 5)
      .tiff({ ...tiled, ...coding })
      .toBuffer(),
  }));
  const ome =
    '<?xml version="1.0"?><OME><Image Name="a"><Pixels SizeC="3" PhysicalSizeX="0.5" PhysicalSizeY="0.5"><Channel SamplesPerPixel="3"/></Pixels></Image></OME>';
  const tile = plainTile([200, 1, 1]);
  const below = [{ fields: rgbFields(64, 64), tiles: [tile] }];
  const first = {
    fields: rgbFields(128, 64, { 270: ome, 282: 20_000, 283: 20_000 }),
    tiles: [tile, tile],
    below,
  };
  const small = plainTile([9, 9, 9], 8);
  const dicom = { width: 16, height: 16, side: 8, frames: [small, small, small, small] };
  const jpeg = await seededPicture(8, 8, 3).jpeg().toBuffer();
  const frames = { ...dicom, frames: [jpeg, jpeg, jpeg, jpeg], transferSyntax: '1.2.840.10008.1.2.4.50' };
  const corners = [
    [1, 1],
    [9, 9],
  ] as const;
  return [
    ...(await Promise.all(pyramids)),
    { what: 'OME', bytes: makeTiff({ directories: [first] }) },
    { what: 'DICOM', bytes: makeDicom({ ...dicom, spacing: '0.0005\\0.0005' }) },
    { what: 'DICOM of JPEG', bytes: makeDicom({ ...frames, table: 'offsets', photometric: 'YBR_FULL_422' }) },
    { what: 'sparse DICOM', bytes: makeDicom({ ...dicom, frames: [small, small], corners }) },
    ...(HAS_SLIDE_INPUTS ? [{ what: 'JPEG 2000', bytes: await takeJpeg2000() }] : []),
  ];
}

/** One tile of a real slide, as a slide of its own. */
async function takeJpeg2000(): Promise<Buffer> {
  const file = await readFile(slideInput('layouts/wsi-tcga-svs-jpeg2000/TCGA-CR-7395-01A-01-TS1.svs'));
  const start = file.indexOf(Buffer.from([0xff, 0x4f, 0xff, 0x51]));
  const end = file.indexOf(Buffer.from([0xff, 0xd9]), start) + 2;
  const fields = rgbFields(256, 256, { 259: 33_005, 322: 256, 323: 256 });
  return makeTiff({ directories: [{ fields, tiles: [file.subarray(start, end)] }] });
}
