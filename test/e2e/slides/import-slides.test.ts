/** A folder of slides by hand: a person says how they are cut, sees the mask over each slide, and imports what was shown. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { planSeededSlide, writeGeoJson, writeSeededSlide } from '../../slides/seeded-slide.ts';
import { describeOnDashboard } from '../describe-on-dashboard.ts';
import type { SetUp } from '../open-dashboard.ts';

/** On a machine that is busy with other things. */
const DRAWN_WITHIN_MS = 60_000;

const SET_UP: SetUp = {
  hasWorker: false,
  async fill({ homeDir }) {
    await mkdir(join(homeDir, 'slides', 'drawn'), { recursive: true });
    for (const seed of [3, 4]) {
      const slide = planSeededSlide({ columns: 12, rows: 10, seed, micronsPerPixel: 0.25 });
      await writeSeededSlide(join(homeDir, 'slides', `P${seed}-1.tif`), slide, seed);
      await writeFile(join(homeDir, 'slides', 'drawn', `P${seed}-1.geojson`), writeGeoJson(slide, 'Tumor'));
    }
    await writeFile(join(homeDir, 'slides', 'broken.svs'), 'not a slide');
    // A point among the outlines of one slide, as QuPath exports them where somebody counted cells.
    const drawn = JSON.parse(await readFile(join(homeDir, 'slides', 'drawn', 'P3-1.geojson'), 'utf8'));
    drawn.features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [9, 9] },
      properties: {},
    });
    await writeFile(join(homeDir, 'slides', 'drawn', 'P3-1.geojson'), JSON.stringify(drawn));
  },
};

describeOnDashboard('slides with outlines', SET_UP, (dashboard) => {
  let page: Page;
  let form: Locator;

  beforeAll(() => {
    page = dashboard.page;
    form = page.getByRole('form', { name: 'Import slides' });
  });

  it('are looked at with their masks, what is wrong is said, and what was shown is imported', async () => {
    await page.goto(`${dashboard.platform.webUrl}/datasets/import/slides`);
    await form.getByRole('button', { name: 'slides 3 slide files', exact: true }).click();
    await form
      .getByText(/^TIFF · [\d.]+ (KiB|MiB)$/)
      .first()
      .waitFor();
    await form.getByText('Aperio SVS · 11 B').waitFor();
    await form.getByRole('button', { name: 'Choose this folder' }).click();
    const look = form.getByRole('button', { name: 'Look at the slides' });
    expect(await look.isDisabled()).toBe(true);
    await form.getByLabel('Folder of outlines').fill('nowhere');
    await look.click();
    await form.getByText('There is no file or folder').first().waitFor();
    await form.getByLabel('Folder of outlines').fill('drawn');
    await form.getByLabel('Patient', { exact: true }).selectOption('REGEX');
    await form.getByLabel('Expression').fill('^(P\\d)');
    await look.click();
    await form.getByText('is of the type "Point", which has no area').waitFor();
    await form.getByLabel('An outline that cannot be taken').selectOption('LEAVE_OUT');
    await look.click();
    await form.getByRole('img', { name: 'Slide P3-1.tif' }).waitFor();
    expect(await form.getByRole('img', { name: 'Tissue and ink' }).count()).toBe(2);
    await form.getByLabel(/^Show what was taken for tissue/).uncheck();
    expect(await form.getByRole('img', { name: 'Tissue and ink' }).count()).toBe(0);
    await form.getByText('The rule reads no patient').waitFor();
    const shown = (await form.getByText(/^\d+ negative, \d+ positive$/).allInnerTexts()).flatMap((text) =>
      [...text.matchAll(/\d+/g)].map(([count]) => Number(count)),
    );
    await form.getByRole('button', { name: 'Start import' }).click();
    await page.getByRole('link', { name: 'Open slides' }).waitFor();
    const { pool } = dashboard.test.store.database;
    const { rows } = await pool.query('select patch_count, patient_count from dataset');
    const patches = shown.reduce((sum, count) => sum + count, 0);
    expect(dashboard.complaints).toEqual([]);
    expect(rows).toEqual([{ patch_count: patches, patient_count: 2 }]);
  }, 300_000);

  it('show over the slide what was drawn on it', async () => {
    const { pool } = dashboard.test.store.database;
    const { rows } = await pool.query<{ id: string }>('select id from slide order by key limit 1');
    await page.goto(`${dashboard.platform.webUrl}/viewer?slide=${rows[0]!.id}`);
    const layer = page.getByRole('checkbox', { name: 'Outlines' });
    await layer.waitFor();
    await page.getByText('drawn: Tumor').waitFor();
    await page.getByText('Loading tiles…').waitFor({ state: 'detached' });
    const drawnPixels = () =>
      page.locator('[data-stage] canvas[aria-hidden]').evaluate((canvas: HTMLCanvasElement) => {
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, at) => at % 4 === 3 && value > 0).length;
      });
    await expect.poll(drawnPixels, { timeout: DRAWN_WITHIN_MS }).toBeGreaterThan(500);
    await layer.uncheck();
    await expect.poll(drawnPixels, { timeout: DRAWN_WITHIN_MS }).toBe(0);
    await page.waitForURL(/[?&]layers=probability,called(&|$)/);
  }, 120_000);
});
