/** "Go to anything" and the sheet of keys in a browser: by keys alone, with the focus back where it was. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench, launchTestRun } from '../fixtures/run.ts';
import { findViolations } from './accessibility.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('by keys alone', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  const line = () => page.getByRole('combobox', { name: 'Search runs, data, models, pages and acts' });
  const marked = () => page.getByRole('option', { selected: true });
  const pathname = () => new URL(page.url()).pathname;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      async fill({ store }) {
        await launchTestRun(store, await createBench(store), { seed: 1 });
      },
    });
    page = dashboard.page;
    await page.goto(`${dashboard.platform.webUrl}/splits`);
    await page.getByRole('heading', { name: 'Splits' }).waitFor();
  }, 400_000);
  afterAll(() => dashboard?.close(), 120_000);

  it('a run is found on the server and gone to', async () => {
    await page.getByRole('link', { name: 'Models' }).focus();
    await page.keyboard.press('Control+k');
    await line().waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.type('seed 1');
    await page.getByRole('group', { name: 'Found' }).getByText('shallow, seed 1').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'shallow, seed 1' }).waitFor();
    expect(pathname()).toMatch(/^\/runs\/.+/);
  }, 300_000);

  it('an act is marked by arrows and done; Escape gives the focus back', async () => {
    const workers = page.getByRole('link', { name: 'Workers' });
    await workers.focus();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('theme');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => marked().textContent()).toContain('Dark theme');
    await page.keyboard.press('Enter');
    await page.locator('html.dark').waitFor({ state: 'attached' });
    await page.keyboard.press('Control+k');
    await line().waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect.poll(() => workers.evaluate((link) => link === document.activeElement)).toBe(true);
  }, 300_000);

  it('? shows the keys, but not where it is typed', async () => {
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.keyboard.type('?');
    await expect.poll(() => line().inputValue()).toBe('?');
    await expect.poll(() => marked().textContent()).toContain('Show the keys');
    await page.keyboard.press('Escape');
    expect(dashboard.complaints).toEqual([]);
  }, 300_000);
});
