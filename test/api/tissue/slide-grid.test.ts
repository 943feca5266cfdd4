/** What a viewer asks for: the tiles of a slide, and what a run says of it place by place, through the seal. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '@microtome/store/generated/prisma/client';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTiff, plainTile, rgbFields } from '../../slides/make-tiff.ts';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type Grid = {
  threshold: number;
  cellPx: number;
  columns: number;
  rows: number;
  indexes: number[];
  x: number[];
  y: number[];
  labels: number[];
  probabilities: (number | null)[];
  errors: number[];
  hotSpots: { patches: number; weight: number }[];
  calledContour: number[][];
  truthContour: number[][];
  called: number;
  truePositive: number;
  falsePositive: number;
  falseNegative: number;
};

const GRID = `threshold cellPx columns rows indexes x y labels probabilities errors hotSpots { patches weight }
  calledContour truthContour called truePositive falsePositive falseNegative`;

let api: TestApi;
let bench: Bench;
let run: Run;

const slideOn = async (subset: string) => {
  const { rows } = await api.store.database.pool.query<{ id: string }>(
    `select slide.id from slide join split_patient using (patient_id) where split_id = $1 and subset = $2 limit 1`,
    [bench.split.id, subset],
  );
  return rows[0]!.id;
};

const askGrid = async (slideId: string) =>
  (
    await api.ask<{ run: { slideGrid: Grid | null } }>(
      `query ($id: ID!, $slideId: ID!) { run(id: $id) { slideGrid(slideId: $slideId) { ${GRID} } } }`,
      { id: run.id, slideId },
    )
  ).run.slideGrid;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store, { dataset: { patchesPerPatient: 400 } });
  run = await finishRun(api.store, bench, { skill: 1 });
});
afterAll(() => api.close());

describe('the grid of a slide', () => {
  it('has every patch with its place, label and probability, and counts what the run list counts', async () => {
    const slideId = await slideOn('VALIDATION');
    const grid = (await askGrid(slideId))!;
    const stored = await api.store.database.prisma.patch.findMany({
      where: { slideId },
      orderBy: { index: 'asc' },
    });
    expect(grid.indexes).toEqual(stored.map(({ index }) => index));
    expect(grid.x).toEqual(stored.map(({ x }) => x));
    expect(grid.y).toEqual(stored.map(({ y }) => y));
    expect(grid.labels).toEqual(stored.map(({ classPosition }) => classPosition));
    // Strips are not predicted.
    expect(grid.probabilities.map((value) => value !== null)).toEqual(
      stored.map(({ widthPx, heightPx }) => widthPx === 16 && heightPx === 16),
    );
    const { run: listed } = await api.ask<{
      run: { slides: { called: number; errors: number; slide: { id: string } }[] };
    }>('query ($id: ID!) { run(id: $id) { slides { called errors slide { id } } } }', { id: run.id });
    const one = listed.slides.find(({ slide }) => slide.id === slideId)!;
    expect([grid.called, grid.errors.length]).toEqual([one.called, one.errors]);
    expect(grid.called).toBe(grid.truePositive + grid.falsePositive);
    expect(grid.errors).toHaveLength(grid.falsePositive + grid.falseNegative);
    expect(grid.hotSpots.reduce((sum, { patches }) => sum + patches, 0)).toBe(grid.called);
    expect(grid.calledContour.length).toBeGreaterThan(0);
    expect(grid.truthContour.length).toBeGreaterThan(0);
  });

  it('of a patient in TRAIN has labels without probabilities, and of a sealed one is nothing at all', async () => {
    const trained = (await askGrid(await slideOn('TRAIN')))!;
    expect(new Set(trained.probabilities)).toEqual(new Set([null]));
    expect(trained.labels.includes(1)).toBe(true);
    expect([trained.called, trained.errors.length]).toEqual([0, 0]);
    expect(await askGrid(await slideOn('TEST'))).toBeNull();
  });

  it('is refused in words for a slide of another dataset', async () => {
    const other = await createBench(api.store, { seed: 2 });
    const { id } = await api.store.database.prisma.slide.findFirstOrThrow({
      where: { datasetId: other.dataset.datasetId },
    });
    const { code, message } = await api.fail(
      `query ($id: ID!, $slideId: ID!) { run(id: $id) { slideGrid(slideId: $slideId) { threshold } } }`,
      { id: run.id, slideId: id },
    );
    expect(code).toBe('NOT_FOUND');
    expect(message).toContain(`has no slide '${id}'`);
  });
});

describe('the tiles of a slide', () => {
  it('show its patches and are kept by browsers for good', async () => {
    const id = await slideOn('VALIDATION');
    const { slide } = await api.ask<{
      slide: {
        tiles: {
          widthPx: number;
          heightPx: number;
          sidePx: number;
          levels: number;
          scale: number;
          url: string;
        };
      };
    }>('query ($id: ID!) { slide(id: $id) { tiles { widthPx heightPx sidePx levels scale url } } }', { id });
    const { tiles } = slide;
    expect(tiles).toMatchObject({ widthPx: 328, heightPx: 320, sidePx: 512, levels: 1, scale: 1 });
    const at = (level: number, column: number, row: number) =>
      tiles.url.replace('{level}', `${level}`).replace('{column}', `${column}`).replace('{row}', `${row}`);
    const response = await api.get(at(0, 0, 0));
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
    expect(response.headers.get('cache-control')).toContain('immutable');
    const tile = sharp(Buffer.from(await response.arrayBuffer()));
    const { data, info } = await tile.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([328, 320]);
    const patch = bench.dataset.patches.find(
      ({ x, y, index }) => x === 256 && y === 256 && ownedBy(index) === id,
    );
    const mean = (pixels: Uint8Array, channels: number, width: number) => {
      let sum = 0;
      for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) sum += pixels[(y * width + x) * channels]!;
      return sum / 256;
    };
    const there = data.subarray((256 * info.width + 256) * 4);
    expect(Math.abs(mean(there, 4, info.width) - mean(patch!.pixels, 3, 16))).toBeLessThan(4);
    const again = await api.get(at(0, 0, 0), {
      'if-none-match': response.headers.get('etag')!,
      'cache-control': 'max-age=0',
    });
    expect(again.status).toBe(304);
  });

  it.each([
    ['0/9_0.webp', 'Level 0 of the slide has no tile 9_0: it has 1 columns and 1 rows.'],
    ['2/0_0.webp', 'The slide has no level 2: its levels are 0 to 0.'],
    ['0/0_0.png', "There is no tile '0/0_0.png': tiles are <level>/<column>_<row>.webp."],
    ['-1/0_0.webp', "There is no tile '-1/0_0.webp': tiles are <level>/<column>_<row>.webp."],
  ])('that are not there are told as such: %s', async (place, sentence) => {
    const response = await api.get(`/slides/${await slideOn('VALIDATION')}/tiles/${place}`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(sentence);
  });

  it('of an unknown slide are not found', async () => {
    const response = await api.get('/slides/00000000-0000-4000-8000-000000000000/tiles/0/0_0.webp');
    expect(response.status).toBe(404);
  });
});

describe('the tiles of a slide that remembers its file', () => {
  it('come from the file, at its own scale, and from patches once it is gone', async () => {
    const id = await slideOn('TEST');
    const path = join(api.importRoot, 'scanned.tif');
    const tiles = Array.from({ length: 144 }, (_, at) => plainTile([at, 255 - at, 40]));
    await writeFile(path, makeTiff({ directories: [{ fields: rgbFields(760, 740), tiles }] }));
    await api.store.database.pool.query(
      `update slide set microns_per_pixel = 0.5, file_path = $2, file_digest = repeat('a', 64), file_width_px = 760,
       file_height_px = 740, file_microns_per_pixel = 0.25 where id = $1`,
      [id, path],
    );
    const describe = async () =>
      (
        await api.ask<{ slide: { tiles: Record<string, unknown> } }>(
          'query ($id: ID!) { slide(id: $id) { tiles { widthPx heightPx levels scale isFile url } } }',
          { id },
        )
      ).slide.tiles;
    const told = await describe();
    expect(told).toMatchObject({ widthPx: 760, heightPx: 740, levels: 2, scale: 2, isFile: true });
    const readPixel = async (level: number, column: number, row: number, at: [number, number]) => {
      const address = `${told.url}`.replace('{level}', `${level}`).replace('{column}', `${column}`);
      const response = await api.get(address.replace('{row}', `${row}`));
      const picture = sharp(Buffer.from(await response.arrayBuffer()));
      const { data, info } = await picture.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      return [...data.subarray((at[1] * info.width + at[0]) * 4, (at[1] * info.width + at[0]) * 4 + 3)];
    };
    // 12 tiles of 64 px a row: pixel (300, 100) lies in the fifth of the second row.
    const near = (pixel: number[], [red, green, blue]: [number, number, number]) =>
      expect(Math.max(...[red, green, blue].map((value, at) => Math.abs(value - pixel[at]!)))).toBeLessThan(
        6,
      );
    near(await readPixel(0, 0, 0, [300, 100]), [16, 239, 40]);
    near(await readPixel(1, 0, 0, [150, 50]), [16, 239, 40]);
    await rm(path);
    expect(await describe()).toMatchObject({ widthPx: 328, scale: 1, isFile: false });
    const gone = await api.get(`/slides/${id}/tiles/0/1_1.webp?of=file`);
    expect(gone.status).toBeGreaterThanOrEqual(400);
    expect(await gone.text()).toContain('scanned.tif');
    const never = await api.get(`/slides/${await slideOn('TRAIN')}/tiles/0/0_0.webp?of=file`);
    expect([never.status, await never.text()]).toEqual([
      404,
      expect.stringContaining('remembers no scanner'),
    ]);
  });
});

const owners = new Map<number, string>();
const ownedBy = (index: number) => owners.get(index);

beforeAll(async () => {
  const rows = await api.store.database.prisma.patch.findMany({
    where: { datasetId: bench.dataset.datasetId },
    select: { index: true, slideId: true },
  });
  for (const { index, slideId } of rows) owners.set(index, slideId);
});
