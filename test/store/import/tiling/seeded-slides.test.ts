/** A slide whose truth is known is cut: every patch is where it should be, is called what it should be, and has its pixels. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSlide } from '@microtome/slides/open-slide';
import { type ImportRequest, importDataset } from '@microtome/store/import/import-dataset';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  planSeededSlide,
  type SeededSlide,
  writeGeoJson,
  writeSeededSlide,
} from '../../../slides/seeded-slide.ts';
import { shareOfKind, shareOutlined } from '../../../slides/seeded-truth.ts';
import { useFolder } from '../../../slides/slide-inputs.ts';
import { useImportStore } from '../import-store.ts';

const storage = useImportStore();
const folder = useFolder();
const MICRONS = 0.25;
let slide: SeededSlide;

const run = (request: Omit<ImportRequest, 'database' | 'artifacts' | 'path'>) =>
  importDataset({ ...storage.get(), path: folder.path, ...request });

beforeAll(async () => {
  slide = planSeededSlide({ columns: 24, rows: 16, seed: 5, micronsPerPixel: MICRONS });
  await writeSeededSlide(join(folder.path, 'one.tif'), slide, 5);
  await folder.put('one.geojson', Buffer.from(writeGeoJson(slide, 'Tumor')));
});

/** Every square of the grid, and what becomes of it. */
function listTruth({ tilePx, stridePx, scale }: { tilePx: number; stridePx: number; scale: number }) {
  const truth = new Map<string, string>();
  const side = tilePx * scale;
  for (let y = 0; y * scale + side <= slide.height; y += stridePx) {
    for (let x = 0; x * scale + side <= slide.width; x += stridePx) {
      const square = { x: x * scale, y: y * scale, side };
      if (shareOfKind(slide, square, 'tissue') < 0.5 || shareOfKind(slide, square, 'ink') > 0.1) continue;
      const covered = shareOutlined(slide, square);
      if (covered < 1e-9) truth.set(`${x},${y}`, 'negative');
      else if (covered >= 0.5) truth.set(`${x},${y}`, 'positive');
    }
  }
  return truth;
}

async function listPatches(datasetId: string) {
  const { rows } = await storage
    .get()
    .database.pool.query<{ x: number; y: number; name: string; hash: string }>(
      `select x, y, name, encode(pixel_hash, 'hex') as hash from patch join dataset_class on dataset_class.dataset_id = patch.dataset_id
       and position = class where patch.dataset_id = $1 order by index`,
      [datasetId],
    );
  return rows;
}

describe('a slide with outlines', () => {
  it.each([
    [224, 0.5, 224],
    [96, 1, 48],
    [300, 0.3, 300],
  ])(
    'becomes patches of %i px at %d µm, %i px apart, each as it truly is',
    async (tilePx, microns, stridePx) => {
      const tiling = { tilePx, micronsPerPixel: microns, stridePx, annotations: folder.path };
      const { datasetId, report } = await run({ tiling });
      const truth = listTruth({ tilePx, stridePx, scale: microns / MICRONS });
      const found = new Map((await listPatches(datasetId)).map(({ x, y, name }) => [`${x},${y}`, name]));
      expect(found).toEqual(truth);
      expect(new Set(truth.values()).size).toBe(2);
      expect(report).toMatchObject({
        patchSizePx: tilePx,
        refusedCount: 0,
        unit: 'SLIDE',
        task: { positiveName: 'positive' },
      });
    },
  );

  it('has patches with the pixels of its own levels, resampled once, and remembers its file', async () => {
    const { datasetId } = await run({
      tiling: { tilePx: 100, micronsPerPixel: 1.5, annotations: folder.path },
    });
    const { database } = storage.get();
    const patches = await listPatches(datasetId);
    const wanted = patches.filter((_, at) => at % 40 === 0);
    const opened = await openSlide(join(folder.path, 'one.tif'));
    for (const { x, y, hash } of wanted) {
      // 600 px of level 0 are 150 px of the level that is four times as coarse.
      const region = await opened.readRegion(1, Math.round(x * 1.5), Math.round(y * 1.5), 150, 150);
      const pixels = await sharp(region, { raw: { width: 150, height: 150, channels: 3 } })
        .resize(100, 100, { fit: 'fill', kernel: 'lanczos3' })
        .raw()
        .toBuffer();
      expect(createHash('sha256').update(pixels).digest('hex')).toBe(hash);
    }
    await opened.close();
    const row = await database.prisma.slide.findFirstOrThrow({ where: { datasetId } });
    const path = join(folder.path, 'one.tif');
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    expect(row).toMatchObject({
      ...{ key: 'one', micronsPerPixel: 1.5, filePath: path, fileDigest: digest },
      ...{ fileWidthPx: slide.width, fileHeightPx: slide.height, fileMicronsPerPixel: MICRONS },
    });
  });

  it('is the same dataset when it is cut the same way, and another when it is cut otherwise', async () => {
    const tiling = { tilePx: 224, micronsPerPixel: 1, annotations: folder.path };
    const first = await run({ tiling });
    expect(await run({ tiling })).toMatchObject({ reused: true, datasetId: first.datasetId });
    const other = await run({ tiling: { ...tiling, tilePx: 225 }, name: 'another' });
    expect(other.reused).toBe(false);
  });

  it('keeps by the middle third what touches an outline, and calls nothing in between', async () => {
    const tiling = {
      tilePx: 224,
      micronsPerPixel: 1,
      annotations: folder.path,
      outlineRule: 'CENTRE' as const,
    };
    const { datasetId, report } = await run({ tiling });
    const side = 896 / 3;
    for (const { x, y, name } of await listPatches(datasetId)) {
      const centre = { x: x * 4 + side, y: y * 4 + side, side };
      expect([x, y, name]).toEqual([x, y, shareOutlined(slide, centre) > 1e-9 ? 'positive' : 'negative']);
    }
    expect(report.patchCount).toBeGreaterThan(20);
  });

  it('is called by one label a slide, from a table, where no outlines are used', async () => {
    await writeFile(join(folder.path, 'labels.csv'), 'slide,label\none,carcinoma\n');
    const tiling = { tilePx: 224, micronsPerPixel: 1, labels: 'labels.csv' };
    const { report } = await run({ tiling });
    expect(report.classes.map(({ name }) => name)).toEqual(['carcinoma']);
  });
});
