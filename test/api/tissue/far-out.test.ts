/** The pictures of a slide with one patch far out, as a damaged name left it there before names were checked. */
import type { Run } from '@microtome/store/generated/prisma/client';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const FAR_PX = 9_999_950;

let api: TestApi;
let run: Run;
let slideId: string;

beforeAll(async () => {
  api = await startTestApi();
  const bench = await createBench(api.store);
  run = await finishRun(api.store, bench);
  const { pool } = api.store.database;
  const { rows } = await pool.query<{ id: string }>(
    `select slide.id from slide join split_patient using (patient_id)
     where split_id = $1 and subset = 'VALIDATION' limit 1`,
    [bench.split.id],
  );
  slideId = rows[0]!.id;
  await pool.query('alter table patch disable trigger patch_no_update');
  await pool.query(
    'update patch set x = $2, y = $2 where (dataset_id, index) in (select dataset_id, index from patch where slide_id = $1 limit 1)',
    [slideId, FAR_PX],
  );
  await pool.query('alter table patch enable trigger patch_no_update');
  await pool.query('update slide set width_px = $2 + 16, height_px = $2 + 16 where id = $1', [
    slideId,
    FAR_PX,
  ]);
});
afterAll(() => api.close());

describe('a slide with a patch far out', () => {
  it.each(['probability', 'label', 'error'])(
    'has a heatmap of %s of a million cells at most',
    async (layer) => {
      const response = await api.get(`/runs/${run.id}/slides/${slideId}/heatmap.png?layer=${layer}`);
      expect(response.status).toBe(200);
      const { data, info } = await sharp(Buffer.from(await response.arrayBuffer()))
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info.width * info.height).toBeLessThanOrEqual(2 ** 20);
      // Its last pixel is the far patch.
      expect(data.at(-1)).toBe(255);
    },
  );

  it('says how large a cell is, so that the page lays the heatmap where it belongs', async () => {
    const { run: found } = await api.ask<{
      run: { slides: { slide: { id: string; widthPx: number }; heatmapCellPx: number }[] };
    }>('query ($id: ID!) { run(id: $id) { slides { heatmapCellPx slide { id widthPx } } } }', { id: run.id });
    const cells = found.slides.map(({ slide, heatmapCellPx }) => [slide.id === slideId, heatmapCellPx]);
    expect(new Set(cells.filter(([isFar]) => !isFar).map(([, cellPx]) => cellPx))).toEqual(new Set([16]));
    const [, cellPx] = cells.find(([isFar]) => isFar)!;
    const { width } = await sharp(
      Buffer.from(await (await api.get(`/runs/${run.id}/slides/${slideId}/heatmap.png`)).arrayBuffer()),
    ).metadata();
    expect(width).toBe(Math.ceil((FAR_PX + 16) / Number(cellPx)));
  });

  it('has a picture of its tissue, large and small', async () => {
    for (const query of ['', '?maxSidePx=320']) {
      const response = await api.get(`/slides/${slideId}/tissue.png${query}`);
      expect(response.status).toBe(200);
      const { width, height } = await sharp(Buffer.from(await response.arrayBuffer())).metadata();
      expect(width * height).toBeLessThanOrEqual(2 ** 20);
    }
  });
});
