/** The viewer of slides in a browser: from a patient's row to the patch under the cursor, and what it says when tiles or the API are gone. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { findViolations } from '../accessibility.ts';
import { findBrowser, NO_BROWSER } from '../browser.ts';
import { openStoredDashboard, type StoredDashboard } from '../open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('the viewer', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  let webUrl: string;
  let runs: string[];

  beforeAll(async () => {
    runs = [];
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        const bench = await createBench(store, { patchSizePx: 32, patchesPerPatient: 400, patients: 12 });
        for (const [seed, skill] of [0.4, 0.7].entries()) {
          const run = await launchTestRun(store, bench, { seed });
          await finishTestRun(store, run, { seed, skill, threshold: 0.4 });
          runs.push(run.id);
        }
      },
    });
    ({ page } = dashboard);
    ({ webUrl } = dashboard.platform as { webUrl: string });
  }, 400_000);

  afterAll(() => dashboard?.close(), 120_000);

  const stage = () => page.locator('[data-stage]').first();
  const untilDrawn = async () => {
    await page.getByText('Loading tiles…').waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Probability' }).waitFor();
  };

  const slideOn = async (subset: 'TRAIN' | 'VALIDATION') => {
    const { rows } = await dashboard.test.store.database.pool.query<{ id: string }>(
      'select slide.id from slide join split_patient using (patient_id) where subset = $1 order by slide.key limit 1',
      [subset],
    );
    return rows[0]!.id;
  };

  it('is where a patient’s row leads, and tells what lies under the cursor', async () => {
    await page.goto(`${webUrl}/runs/${runs[0]}?tab=evaluation`);
    await page.getByRole('table', { name: 'Patients of VALIDATION' }).getByRole('link').first().click();
    await page.waitForURL('**/viewer?*');
    await page.getByRole('heading', { level: 1, name: /^Patient \d+/ }).waitFor();
    await untilDrawn();
    const box = (await stage().boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const readout = page.locator('[data-readout]');
    await readout.getByText('Probability').waitFor();
    await expect
      .poll(() => readout.innerText())
      .toMatch(/\d+, \d+ px[\s\S]*0\.\d+[\s\S]*(true|false) (positive|negative)/);
    await expect
      .poll(() => readout.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBe(32);
    await page.mouse.move(1, 1);
    await readout.waitFor({ state: 'detached' });
  }, 300_000);

  it('walks hot spots and errors by arrow keys, and every view has an address', async () => {
    const magnify = async () => Number.parseFloat(await page.locator('[data-magnification]').innerText());
    const whole = await magnify();
    await stage().getByRole('application').first().click();
    await page.keyboard.press('ArrowRight');
    await page.getByText(/^Hot spot 1 of \d+: /).waitFor();
    // One that takes most of the slide is not shown smaller than the whole slide is.
    await page.waitForURL(/[?&]zoom=/);
    expect(await magnify()).toBeGreaterThanOrEqual(whole);
    await page.keyboard.press('ArrowDown');
    await page.getByText(/^Error 1 of \d+: false (positive|negative), probability 0\.\d+$/).waitFor();
    await page.getByRole('checkbox', { name: 'Errors' }).check();
    await page.waitForURL(/layers=[^&]*errors/);
    const readZoom = () => Number(new URL(page.url()).searchParams.get('zoom'));
    const before = readZoom();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await expect.poll(readZoom).not.toBe(before);
    await page.getByRole('button', { name: 'Rotate' }).click();
    await page.waitForURL(/turn=90/);
    await expect.poll(() => page.url()).toMatch(/turn=90/);
    const address = page.url();
    await page.goto('about:blank');
    await page.goto(address);
    await untilDrawn();
    expect(await page.getByRole('checkbox', { name: 'Errors' }).isChecked()).toBe(true);
    expect(new URL(page.url()).search).toBe(new URL(address).search);
  }, 300_000);

  it('saves what is seen as a picture', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save a snapshot' }).click(),
    ]);
    const { width, height } = await sharp(await download.path()).metadata();
    const box = (await stage().boundingBox())!;
    expect([width, height]).toEqual([Math.round(box.width), Math.round(box.height) + 30]);
    expect(download.suggestedFilename()).toMatch(/^\d+-.*\.png$/);
  }, 120_000);

  it('fills the screen, and is as it was when that is left, by its button or otherwise', async () => {
    const toLeave = page.getByRole('button', { name: 'Leave full screen' });
    const toFill = page.getByRole('button', { name: 'Full screen', exact: true });
    const readBox = () => stage().boundingBox();
    const before = await readBox();
    const magnification = page.locator('[data-magnification]');
    await toFill.click();
    await toLeave.waitFor();
    const screen = await page.evaluate(() => ({ width: innerWidth, height: innerHeight }));
    // All but its border.
    await expect.poll(readBox).toEqual({ x: 1, y: 1, width: screen.width - 2, height: screen.height - 2 });
    await toLeave.click();
    await toFill.waitFor();
    await toFill.click();
    await toLeave.waitFor();
    // What a browser does when Esc is pressed, which no key from a test reaches.
    await page.evaluate(() => document.exitFullscreen());
    await toFill.waitFor();
    await expect.poll(readBox).toEqual(before);
    await stage().getByRole('application').first().click();
    const at = await magnification.innerText();
    await page.keyboard.press('+');
    await expect.poll(() => magnification.innerText()).not.toBe(at);
  }, 120_000);

  it('steps through the slides in the order that is asked for', async () => {
    await page.goto(`${webUrl}/viewer?run=${runs[0]}&order=auc`);
    await page.getByText(/^1 of \d+$/).waitFor();
    const title = () => page.getByRole('heading', { level: 1 }).innerText();
    const worst = await title();
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    await page.getByText(/^2 of \d+$/).waitFor();
    expect(await title()).not.toBe(worst);
    await page.goBack();
    await page.getByText(/^1 of \d+$/).waitFor();
    await expect.poll(title).toBe(worst);
  }, 120_000);

  it('shows two runs in step with what is between them, where an old link led too', async () => {
    const slideId = await slideOn('VALIDATION');
    await page.goto(`${webUrl}/compare/slide?a=${runs[0]}&b=${runs[1]}&slide=${slideId}`);
    await page.waitForURL(`**/viewer?*other=${runs[1]}*`);
    await untilDrawn();
    expect(await page.getByRole('toolbar').count()).toBe(2);
    await page.getByRole('checkbox', { name: 'Difference' }).check();
    const magnifications = () =>
      page
        .locator('[data-magnification]')
        .evaluateAll((found) => found.map(({ textContent }) => textContent));
    const before = await magnifications();
    await page.getByRole('button', { name: 'Zoom in' }).first().click();
    await expect
      .poll(async () => {
        const [first, second] = await magnifications();
        return first === second && first !== before[0];
      })
      .toBe(true);
  }, 120_000);

  it('marks slides that the model was trained on', async () => {
    const slideId = await slideOn('TRAIN');
    await page.goto(`${webUrl}/viewer?run=${runs[0]}&slide=${slideId}`);
    await page.getByText('The model was trained on this slide.').waitFor();
    await page.getByRole('checkbox', { name: 'Truth' }).waitFor();
    expect(await page.getByRole('checkbox', { name: 'Probability' }).count()).toBe(0);
  }, 120_000);

  it('has nothing that axe complains of, in light and in dark', async () => {
    await page.goto(
      `${webUrl}/viewer?run=${runs[0]}&other=${runs[1]}&order=errors&layers=probability,called,truth,errors`,
    );
    await untilDrawn();
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Switch to dark theme' }).click();
    await page.getByRole('button', { name: 'Switch to light theme' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    expect(dashboard.complaints).toEqual([]);
  }, 120_000);

  it('says in the words of the API why tiles are missing, and loads them when asked again', async () => {
    const sentence = 'The shard of these patches is missing.';
    await page.route('**/tiles/**', (route) =>
      route.fulfill({
        status: 404,
        headers: { 'access-control-allow-origin': webUrl, 'access-control-allow-credentials': 'true' },
        json: { error: { code: 'NOT_FOUND', message: sentence } },
      }),
    );
    await page.goto(`${webUrl}/viewer?run=${runs[0]}&order=errors`);
    const alert = page.getByRole('alert').filter({ hasText: 'could not be loaded' });
    await alert.getByText(sentence).waitFor();
    await page.unroute('**/tiles/**');
    await alert.getByRole('button', { name: 'Load again' }).click();
    await alert.waitFor({ state: 'detached' });
    await untilDrawn();
    await page.route('**/tiles/**', (route) => route.abort('connectionrefused'));
    await page.goto(`${webUrl}/viewer?run=${runs[0]}&order=auc`);
    await alert.getByText('The API cannot be reached.').waitFor();
    await page.unroute('**/tiles/**');
  }, 120_000);
});
