/** The whole way in a browser: scanner's files with outlines become a dataset, a model and its champion, and the champion's word lies over a slide. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { planSeededSlide, writeGeoJson, writeSeededSlide } from '../../slides/seeded-slide.ts';
import { describeOnDashboard } from '../describe-on-dashboard.ts';
import type { SetUp } from '../open-dashboard.ts';
import { createSplit, openTest, registerAndPromote } from '../promotion-steps.ts';

/** On a machine that is busy with other things. */
const DRAWN_WITHIN_MS = 60_000;
const PATIENTS = [1, 2, 3, 4, 5, 6];
const SET_UP: SetUp = {
  async fill({ homeDir }) {
    const folder = join(homeDir, 'slides');
    await mkdir(join(folder, 'drawn'), { recursive: true });
    for (const patient of PATIENTS) {
      // A slide's tiles take the seeds that follow its own: near ones would put the same patches into two patients.
      const seed = patient * 100;
      const slide = planSeededSlide({ columns: 12, rows: 10, seed, micronsPerPixel: 0.25 });
      await writeSeededSlide(join(folder, `P${patient}-1.svs`), slide, seed, { asAperio: true });
      await writeFile(join(folder, 'drawn', `P${patient}-1.geojson`), writeGeoJson(slide, 'Tumor'));
    }
  },
};

describeOnDashboard('from slides to a heatmap', SET_UP, (dashboard) => {
  let page: Page;
  let webUrl: string;

  beforeAll(() => {
    page = dashboard.page;
    webUrl = dashboard.platform.webUrl!;
  });

  it('imports, splits, trains, promotes, analyses a slide, and shows the model’s word over it', async () => {
    await importSlides(page, webUrl);
    await createSplit(page, webUrl);
    await trainOne(page, webUrl);
    await openTest(page, page.url());
    await registerAndPromote(page);
    await analyse(page, webUrl, join(dashboard.homeDir, 'slides', 'P1-1.svs'));
    await seeHeatmap(page);
    expect(dashboard.complaints).toEqual([]);
  }, 600_000);
});

async function importSlides(page: Page, webUrl: string): Promise<void> {
  await page.goto(`${webUrl}/datasets/import/slides`);
  const form = page.getByRole('form', { name: 'Import slides' });
  await form.getByRole('button', { name: `slides ${PATIENTS.length} slide files`, exact: true }).click();
  await form
    .getByText(/^Aperio SVS · /)
    .first()
    .waitFor();
  await form.getByRole('button', { name: 'Choose this folder' }).click();
  await form.getByLabel('Folder of outlines').fill('drawn');
  await form.getByLabel('Patient', { exact: true }).selectOption('REGEX');
  await form.getByLabel('Expression').fill('^(?P<patient>P\\d)');
  await form.getByLabel('Side of a patch').fill('32');
  await form.getByLabel('µm per pixel', { exact: true }).fill('2');
  await form.getByRole('button', { name: 'Look at the slides' }).click();
  await form.getByRole('img', { name: 'Slide P1-1.svs' }).waitFor();
  await form.getByRole('button', { name: 'Start import' }).click();
  await page.getByRole('link', { name: 'Open slides' }).waitFor();
}

/** As small as a run can be. Leads to its page. */
async function trainOne(page: Page, webUrl: string): Promise<void> {
  await page.goto(`${webUrl}/launch`);
  await page.getByLabel('Epochs', { exact: true }).fill('1');
  await page.getByLabel('Batch size', { exact: true }).fill('32');
  await page.getByRole('button', { name: 'Launch run' }).click();
  await page.waitForURL('**/runs/*');
  await page.getByText('Succeeded').first().waitFor();
}

async function analyse(page: Page, webUrl: string, path: string): Promise<void> {
  await page.goto(`${webUrl}/slide-analyses`);
  await page.getByRole('button', { name: 'Analyse slides' }).first().click();
  const form = page.getByRole('form', { name: 'Analyse slides' });
  await form.getByText('small-model v1 (champion)').waitFor({ state: 'attached' });
  await form.getByLabel('Slide or folder').fill(path);
  await form.getByRole('button', { name: 'Analyse', exact: true }).click();
  await form.getByText('1 slide in the queue').waitFor();
  await page.keyboard.press('Escape');
  const table = page.getByRole('table', { name: 'Analysed slides' });
  await table.getByText('Succeeded').waitFor();
  await table.getByRole('link', { name: 'P1-1', exact: true }).click();
  await page.waitForURL('**/viewer?analysis=*');
}

async function seeHeatmap(page: Page): Promise<void> {
  await page.getByText('Loading tiles…').waitFor({ state: 'detached' });
  const probability = page.getByRole('checkbox', { name: 'Probability' });
  await probability.waitFor();
  const drawnPixels = () =>
    page.locator('[data-stage] canvas[aria-hidden]').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return data.filter((value, at) => at % 4 === 3 && value > 0).length;
    });
  await expect.poll(drawnPixels, { timeout: DRAWN_WITHIN_MS }).toBeGreaterThan(5000);
  const box = (await page.locator('[data-stage]').boundingBox())!;
  // Over its tissue, wherever that is.
  for (const share of [0.3, 0.4, 0.5, 0.6]) {
    await page.mouse.move(box.x + box.width / 2, box.y + box.height * share);
    if (await page.locator('[data-readout]').getByText('Probability').count()) return;
  }
  expect.fail('No square of tissue was found under the cursor.');
}
