/** Slides over GraphQL: a look with pictures, an import, what a slide remembers, and paths that may not be read. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planSeededSlide, writeGeoJson, writeSeededSlide } from '../../slides/seeded-slide.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
let folder: string;

const PREVIEW = `query ($input: ImportDatasetInput!, $first: Int! = 6) { previewTiling(input: $input, first: $first) {
  slideCount refusedCount refusals { path code reason }
  slides { path slide widthPx micronsPerPixel squares glass pen between classes { name patches } picture overlay } } }`;
type Preview = {
  slideCount: number;
  refusedCount: number;
  refusals: { path: string; code: string }[];
  slides: {
    path: string;
    squares: number;
    pen: number;
    classes: { patches: number }[];
    picture: string;
    overlay: string;
  }[];
};

beforeAll(async () => {
  api = await startTestApi();
  folder = join(api.importRoot, 'slides');
  await mkdir(join(folder, 'drawn'), { recursive: true });
  const slide = planSeededSlide({ columns: 12, rows: 10, seed: 3, micronsPerPixel: 0.25 });
  await writeSeededSlide(join(folder, 'one.tif'), slide, 3);
  await writeFile(join(folder, 'drawn', 'one.geojson'), writeGeoJson(slide, 'Tumor'));
  await writeFile(join(folder, 'zwei.svs'), '');
});
afterAll(() => api.close());

const input = (tiling: object = {}, more: object = {}) => ({
  path: folder,
  ...more,
  tiling: { tilePx: 224, micronsPerPixel: 0.5, annotations: 'drawn', ...tiling },
});
const sizeOf = async (url: string) => {
  const { width, height } = await sharp(Buffer.from(url.split(',')[1] ?? '', 'base64')).metadata();
  return [width, height];
};

describe('slides over GraphQL', () => {
  it('are looked at before they are cut: counts, pictures with their masks, and reasons', async () => {
    const { previewTiling } = await api.ask<{ previewTiling: Preview }>(PREVIEW, { input: input() });
    expect(previewTiling).toMatchObject({
      ...{ slideCount: 2, refusedCount: 1, refusals: [{ path: 'zwei.svs', code: 'NOT_A_SLIDE' }] },
      slides: [{ path: 'one.tif', widthPx: 6144, micronsPerPixel: 0.25, squares: 13 * 11 }],
    });
    const [slide] = previewTiling.slides;
    expect(slide?.pen).toBeGreaterThan(0);
    expect(slide?.classes.length).toBeGreaterThan(0);
    expect(slide?.picture).toMatch(/^data:image\/webp;base64,/);
    expect(slide?.overlay).toMatch(/^data:image\/png;base64,/);
    expect(await sizeOf(slide?.picture ?? '')).toEqual(await sizeOf(slide?.overlay ?? ''));
    const none = await api.ask<{ previewTiling: Preview }>(PREVIEW, { input: input(), first: 0 });
    expect(none.previewTiling).toMatchObject({ slideCount: 2, slides: [], refusedCount: 0 });
  });

  it('become the dataset that was shown, whose slide remembers its file', async () => {
    const { previewTiling } = await api.ask<{ previewTiling: Preview }>(PREVIEW, { input: input() });
    const shown = previewTiling.slides[0]?.classes.reduce((sum, { patches }) => sum + patches, 0);
    const { importDataset } = await api.ask<{ importDataset: { id: string } }>(
      'mutation ($input: ImportDatasetInput!) { importDataset(input: $input) { id } }',
      { input: input() },
    );
    let last: unknown;
    const states = api.follow<{ datasetImport: unknown }>(
      `subscription ($id: ID!) { datasetImport(id: $id) { status error dataset { patchCount } } }`,
      { id: importDataset.id },
    );
    for await (const { datasetImport } of states) last = datasetImport;
    expect(last).toEqual({ status: 'SUCCEEDED', error: null, dataset: { patchCount: shown } });
    const { datasets } = await api.ask<{ datasets: unknown }>(
      `{ datasets(first: 1) { edges { node { patients(first: 1) { edges { node { slides {
         key micronsPerPixel file { name digest widthPx heightPx micronsPerPixel }
         outlines { className role rings } } } } } } } } }`,
    );
    expect(JSON.stringify(datasets)).toContain(
      '"key":"one","micronsPerPixel":0.5,"file":{"name":"one.tif","digest":"',
    );
    expect(JSON.stringify(datasets)).toMatch(
      /"outlines":\[\{"className":"Tumor","role":"POSITIVE","rings":\[\[\d/,
    );
  });

  it('are refused for a path outside the import roots, sizes that cannot be, and the look for patches', async () => {
    const fail = (wanted: object) => api.fail(PREVIEW, { input: wanted });
    expect(await fail(input({ annotations: '/etc' }))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await fail(input({ annotations: 'nowhere' }))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await fail(input({ tilePx: 8 }))).toEqual({
      code: 'BAD_INPUT',
      message: 'The import cannot start: tiling.tilePx must be at least 16.',
    });
    expect(await fail({ path: folder })).toEqual({
      code: 'BAD_INPUT',
      message: 'The size of the patches that are to be cut is missing.',
    });
    const plain = 'query ($input: ImportDatasetInput!) { previewImport(input: $input) { fileCount } }';
    expect(await api.fail(plain, { input: input() })).toMatchObject({ code: 'BAD_INPUT' });
  });
});
