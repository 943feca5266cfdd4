/** What is asked of a model about slides, through the API: requests and refusals, progress, and all that can be saved of the end. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readQupathGeoJson } from '@microtome/domain/outline/read-qupath-geojson';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import {
  claimSlideAnalysis,
  finishSlideAnalysis,
  saveBlock,
  savePlan,
} from '@microtome/store/slide-analysis/analysis-lease';
import { openTissue } from '@microtome/store/slide-analysis/tissue-tiles';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSlide } from '../../store/import/tiling/slide-files.ts';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

/** 256 px of 0.5 µm: 8 x 8 squares of 16 px at 1 µm, all of them tissue. */
const SIDE = 8;
const ASK = `mutation ($input: AnalyseSlideInput!) { analyseSlide(input: $input) {
  analyses { id name status patchesTotal } refused { path reason } } }`;
const SHOWN = `id name status error patchesDone patchesTotal called calledMm2 tissueMm2 positiveName threshold
  file { name widthPx micronsPerPixel } tiles { widthPx scale url isFile } heatmapUrl squaresUrl spotsUrl geoJsonUrl
  version { number } slideGrid { columns rows patchSizePx indexes probabilities hasLabels called hotSpots { patches } patchUrl }
  ownGrid: slideGrid(own: true) { called }`;

type Asked = {
  analyseSlide: { analyses: { id: string; name: string }[]; refused: { path: string; reason: string }[] };
};

let api: TestApi;
let folder: string;
let versionId: string;

beforeAll(async () => {
  api = await startTestApi();
  folder = join(api.importRoot, 'slides');
  await mkdir(folder);
  const bench = await createBench(api.store);
  const run = await finishRun(api.store, bench);
  // The mean of what lies around a square, so that what is called is worked by hand.
  const step = { radius: 1, weight: 1, temperature: 1, threshold: 0.87 };
  await api.store.database.prisma.runContext.create({ data: { runId: run.id, ...step } });
  const model = await createModel(api.store, { name: 'asked' });
  versionId = (await registerModelVersion(api.store, { modelId: model.id, runId: run.id })).id;
  await writeFile(join(folder, 'a.tif'), makeSlide());
  await writeFile(join(folder, 'b.tif'), makeSlide());
  await writeFile(join(folder, 'coarse.tif'), makeSlide({ 282: 5_000, 283: 5_000 }));
  await writeFile(join(folder, 'unscaled.tif'), makeSlide({ 282: 0, 283: 0, 296: 1 }));
  await writeFile(join(folder, 'broken.svs'), 'nothing');
});
afterAll(() => api.close());

const ask = (input: Record<string, unknown>) =>
  api.ask<Asked>(ASK, { input: { versionId, path: folder, ...input } });

describe('asking a model about slides', () => {
  it('tells what is missing or does not fit, and leaves nothing behind', async () => {
    await expect(ask({})).rejects.toThrow('does not tell how many µm its pixels have: say them.');
    await expect(ask({ path: '/etc', micronsPerPixel: 1 })).rejects.toThrow('not below an import root');
    await expect(ask({ path: join(folder, 'coarse.tif'), micronsPerPixel: 1 })).rejects.toThrow(
      'coarse.tif has 2 µm per pixel at its finest; 1 would be made up.',
    );
    await expect(ask({ path: join(folder, 'unscaled.tif'), micronsPerPixel: 1 })).rejects.toThrow(
      'unscaled.tif tells no µm per pixel',
    );
    expect(await api.store.database.prisma.slideAnalysis.count()).toBe(0);
  });

  it('takes the slides of a folder that fit, names the others, and each once', async () => {
    const { analyseSlide } = await ask({ micronsPerPixel: 1 });
    expect(analyseSlide.analyses).toMatchObject([{ name: 'a', status: 'QUEUED' }, { name: 'b' }]);
    expect(analyseSlide.refused.map(({ path }) => path)).toEqual([
      'broken.svs',
      'coarse.tif',
      'unscaled.tif',
    ]);
    const again = await ask({ path: join(folder, 'a.tif'), micronsPerPixel: 1 });
    expect(again.analyseSlide.analyses[0]!.id).toBe(analyseSlide.analyses[0]!.id);
    const { slideAnalyses } = await api.ask<{
      slideAnalyses: { totalCount: number; edges: { node: { name: string } }[] };
    }>(
      'query ($versionId: ID) { slideAnalyses(versionId: $versionId, first: 1) { totalCount edges { node { name } } } }',
      { versionId },
    );
    expect(slideAnalyses).toMatchObject({ totalCount: 2, edges: [{ node: { name: 'b' } }] });
  });
});

describe('an analysis', () => {
  let id: string;

  it('shows how far it is, and is canceled once', async () => {
    const { store } = api;
    const row = await claimSlideAnalysis(store, { workerId: 'w' });
    id = row!.id;
    const key = { id, attempt: row!.attempt };
    const slide = await openTissue(row!);
    const plan = await slide.plan();
    await slide.close();
    expect([plan.columns, plan.rows, plan.places.length]).toEqual([SIDE, SIDE, SIDE * SIDE]);
    await savePlan(store, { ...key, plan });
    const probabilityOf = (place: number) => (place % SIDE < 2 ? 0.9 : 0.1);
    for (const first of [0, SIDE * 4]) {
      const probabilities = Float64Array.from(plan.places.subarray(first, first + SIDE * 4), probabilityOf);
      await saveBlock(store, { ...key, block: { first, probabilities }, patchesPerSecond: 16 });
      if (first === 0) {
        const { slideAnalysis } = await api.ask<{ slideAnalysis: object }>(
          'query ($id: ID!) { slideAnalysis(id: $id) { status patchesDone patchesTotal secondsLeft slideGrid { called } squaresUrl } }',
          { id },
        );
        expect(slideAnalysis).toEqual({
          status: 'RUNNING',
          patchesDone: 32,
          patchesTotal: 64,
          secondsLeft: 2,
          slideGrid: null,
          squaresUrl: null,
        });
      }
    }
    // Another attempt's word counts for nothing.
    expect(await finishSlideAnalysis(store, { ...key, attempt: 7, backend: 'onnx' })).toBe(false);
    expect(await finishSlideAnalysis(store, { ...key, backend: 'onnx' })).toBe(true);
    await expect(
      api.ask('mutation ($id: ID!) { cancelSlideAnalysis(id: $id) { id } }', { id }),
    ).rejects.toThrow('The slide analysis cannot be canceled: it has SUCCEEDED already.');
    const other = await store.database.prisma.slideAnalysis.findFirstOrThrow({ where: { status: 'QUEUED' } });
    expect(
      await api.ask('mutation ($id: ID!) { cancelSlideAnalysis(id: $id) { status } }', { id: other.id }),
    ).toEqual({ cancelSlideAnalysis: { status: 'CANCELED' } });
  });

  it('tells area, hot spots and grid, on the scale of the slide', async () => {
    const { slideAnalysis } = await api.ask<{ slideAnalysis: Record<string, never> }>(
      `query ($id: ID!) { slideAnalysis(id: $id) { ${SHOWN} } }`,
      { id },
    );
    // 16 squares of 16 µm a side.
    expect(slideAnalysis).toMatchObject({
      ...{ status: 'SUCCEEDED', called: 8, positiveName: 'IDC', version: { number: 1 } },
      ...{
        file: { name: 'a.tif', widthPx: 256, micronsPerPixel: 0.5 },
        tiles: { widthPx: 256, scale: 2, isFile: true },
      },
      slideGrid: {
        columns: SIDE,
        rows: SIDE,
        patchSizePx: 16,
        hasLabels: false,
        // Of two columns at 0.9 the right one has neighbours of 0.1: 0.85, below the threshold in context.
        called: 8,
        hotSpots: [{ patches: 8 }],
      },
      ownGrid: { called: 16 },
    });
    expect(slideAnalysis.calledMm2).toBeCloseTo(8 * 0.016 ** 2, 12);
    expect(slideAnalysis.tissueMm2).toBeCloseTo(64 * 0.016 ** 2, 12);
  });

  it('from before squares were counted in context is counted when it is read', async () => {
    const question = 'query ($id: ID!) { slideAnalysis(id: $id) { called calledMm2 } }';
    const counted = await api.ask(question, { id });
    const { pool } = api.store.database;
    const file = new URL('../../../prisma/migrations/0058_called-in-context/migration.sql', import.meta.url);
    // As it was counted then.
    await pool.query(`alter table slide_analysis disable trigger slide_analysis_guard;
      update slide_analysis set called_patches = 16 where called_patches is not null;
      alter table slide_analysis enable trigger slide_analysis_guard`);
    expect(await api.ask(question, { id })).toMatchObject({ slideAnalysis: { called: 16 } });
    await pool.query(await readFile(file, 'utf8'));
    expect(await api.ask(question, { id })).toEqual(counted);
    await expect(pool.query('update slide_analysis set called_patches = 1')).rejects.toThrow('never changes');
  });

  it('is saved as tables, outlines and a picture', async () => {
    const read = async (file: string) => {
      const response = await api.get(`/slide-analyses/${id}/${file}`);
      expect([file, response.status]).toEqual([file, 200]);
      return Buffer.from(await response.arrayBuffer());
    };
    const squares = (await read('squares.csv')).toString().trim().split(/\r?\n/);
    const [names, first, second] = squares;
    expect(names).toBe('x,y,side,probability,called,contextProbability,contextCalled');
    expect(first).toMatch(/^0,0,32,0\.9,1,0\.(9|89)\d*,1$/);
    expect(second).toMatch(/^32,0,32,0\.9,1,0\.8[45]\d*,0$/);
    expect(squares).toHaveLength(1 + SIDE * SIDE);
    const [head, spot, ...more] = (await read('hot-spots.csv?of=own')).toString().trim().split(/\r?\n/);
    expect(head).toBe('rank,x,y,width,height,squares,areaMm2,peak,weight');
    expect(spot).toMatch(/^1,0,0,64,256,16,0\.0040\d+,0\.9,/);
    expect(more).toEqual([]);
    expect((await read('hot-spots.csv')).toString()).toMatch(/\n1,0,0,32,256,8,0\.0020/);
    const { outlines, refused } = readQupathGeoJson((await read('hot-spots.geojson')).toString(), 'spots');
    expect(refused).toEqual([]);
    expect(outlines).toMatchObject([{ className: 'IDC', name: 'Hot spot 1' }]);
    const { data, info } = await sharp(await read('heatmap.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([SIDE, SIDE]);
    expect(data.subarray(0, 3)).not.toEqual(data.subarray(2 * info.channels, 2 * info.channels + 3));
    const square = await sharp(await read('patches/9.png')).stats();
    expect(square.channels.map(({ mean }) => mean)).toEqual([200, 110, 170]);
    expect((await sharp(await read('tiles/0/0_0.webp')).metadata()).width).toBe(256);
    const parquet = await read('squares.parquet');
    expect(parquet.subarray(0, 4).toString()).toBe('PAR1');
    expect((await api.get(`/slide-analyses/${id}/patches/64.png`)).status).toBe(404);
    expect((await api.get(`/slide-analyses/${crypto.randomUUID()}/squares.csv`)).status).toBe(404);
  });
});
