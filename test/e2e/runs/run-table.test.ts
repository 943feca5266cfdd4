/** The run table as a workbench in a browser: columns, order, conditions by a click, and a narrow screen. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { findViolations } from '../accessibility.ts';
import { describeOnDashboard } from '../describe-on-dashboard.ts';
import type { SetUp } from '../open-dashboard.ts';

const SET_UP: SetUp = {
  hasWorker: false,
  async fill({ store }) {
    const bench = await createBench(store, { patchSizePx: 16 });
    for (const seed of [1, 2, 3]) {
      const run = await launchTestRun(store, bench, { seed, learningRate: seed / 1_000 });
      await finishTestRun(store, run, { seed, skill: 0.5 + seed / 10 });
    }
  },
};

describeOnDashboard('the run table', SET_UP, (dashboard) => {
  let page: Page;

  beforeAll(() => {
    page = dashboard.page;
  });

  const names = () => page.locator('tbody a[href^="/runs/"]').filter({ hasText: 'seed' }).allTextContents();
  const address = () => new URL(page.url()).searchParams;

  it('shows any field as a column, which stays in the address and in the browser', async () => {
    await page.goto(`${dashboard.platform.webUrl}/runs`);
    await page.getByRole('link', { name: 'shallow, seed 1', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Columns', exact: true }).click();
    await page.getByRole('searchbox', { name: 'Search fields' }).fill('learningRate');
    await page.getByRole('checkbox', { name: 'learningRate', exact: true }).check();
    await page.getByRole('searchbox', { name: 'Search fields' }).fill('at(train.loss, 1)');
    await page.getByRole('button', { name: 'Add at(train.loss, 1)' }).click();
    await page.getByRole('button', { name: 'Hide split' }).click();
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: '0.002', exact: true }).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Split' }).count()).toBe(0);
    const columns = address().get('columns');
    expect(columns).toContain('learningRate');
    await page.goto(`${dashboard.platform.webUrl}/runs`);
    await page.getByRole('button', { name: '0.002', exact: true }).waitFor();
    expect(address().get('columns')).toBe(columns);
  }, 300_000);

  it('is sorted by several fields, and moved and widened by keys', async () => {
    await page.getByRole('button', { name: 'learningRate', exact: true }).click();
    await expect.poll(names).toEqual(['shallow, seed 3', 'shallow, seed 2', 'shallow, seed 1']);
    await page.getByRole('button', { name: 'learningRate', exact: true }).click();
    await expect.poll(names).toEqual(['shallow, seed 1', 'shallow, seed 2', 'shallow, seed 3']);
    await page.getByRole('button', { name: 'Status', exact: true }).click({ modifiers: ['Shift'] });
    await expect.poll(() => address().get('sort')).toBe('learningRate asc, status desc');
    await page.getByRole('separator', { name: 'Width of learningRate' }).press('ArrowRight');
    await expect.poll(() => address().get('widths')).toBe('learningRate:126');
    await page.getByRole('button', { name: 'Column learningRate' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Move left' }).click();
    await expect.poll(() => address().get('columns')?.split(',').indexOf('learningRate')).toBe(7);
  }, 300_000);

  it('asks by a click on a value for runs like it', async () => {
    await page.getByRole('button', { name: '0.002', exact: true }).click();
    await page.getByRole('menuitem', { name: 'At least this' }).click();
    await expect.poll(names).toEqual(['shallow, seed 2', 'shallow, seed 3']);
    await page.getByRole('button', { name: '0.003', exact: true }).click();
    await page.getByRole('menuitem', { name: 'All but this' }).click();
    await expect.poll(names).toEqual(['shallow, seed 2']);
    expect(address().get('query')).toBe('learningRate >= 0.002 and learningRate != 0.003');
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expect.poll(async () => (await names()).length).toBe(3);
    expect(address().get('sort')).toBe('learningRate asc, status desc');
  }, 300_000);

  it('says which column is no field, and shows the others', async () => {
    await page.goto(`${dashboard.platform.webUrl}/runs?columns=name,status,colour`);
    await page.getByRole('link', { name: 'shallow, seed 1', exact: true }).waitFor();
    await page.getByText("'colour' is no field of runs").waitFor();
  }, 300_000);

  it('shows its first columns at once on a desk', async () => {
    await page.evaluate(() => localStorage.clear());
    await page.goto(`${dashboard.platform.webUrl}/runs`);
    await page.getByRole('link', { name: 'shallow, seed 1', exact: true }).waitFor();
    const beyond = await page.getByRole('table', { name: 'Runs' }).evaluate((table) => {
      const box = table.parentElement!;
      return box.scrollWidth - box.clientWidth;
    });
    expect(beyond).toBe(0);
  }, 300_000);

  it('has name, status and main figure in sight on a phone', async () => {
    const complaints = dashboard.complaints.filter((one) => !one.includes('400'));
    expect(complaints).toEqual([]);
    await page.evaluate(() => localStorage.clear());
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(`${dashboard.platform.webUrl}/runs`);
    await page.getByRole('link', { name: 'shallow, seed 1', exact: true }).waitFor();
    for (const title of ['Name', 'Status', 'VAL AUC']) {
      const box = await page.getByRole('columnheader', { name: title }).first().boundingBox();
      expect(box!.x + box!.width).toBeLessThanOrEqual(390);
    }
    expect(await findViolations(page)).toEqual([]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
  }, 300_000);

  it('keeps its filters behind one button on a phone, which says how many are chosen', async () => {
    const filters = page.getByRole('search', { name: 'Filter runs' });
    const rows = page.getByRole('table', { name: 'Runs' });
    await expect.poll(() => filters.isVisible()).toBe(false);
    // The upper half is the head of the page and two lines of it.
    expect((await rows.boundingBox())!.y).toBeLessThan(400);
    await page.getByRole('button', { name: 'Filters', exact: true }).click();
    await filters.getByRole('button', { name: 'Succeeded' }).click();
    await filters.getByRole('combobox', { name: 'Architecture' }).selectOption('shallow');
    const button = page.getByRole('button', { name: 'Filters (2)', exact: true });
    await button.waitFor();
    expect(await findViolations(page)).toEqual([]);
    await button.click();
    await expect.poll(() => filters.isVisible()).toBe(false);
    await page.setViewportSize({ width: 1440, height: 800 });
    await filters.waitFor();
    expect(await button.isVisible()).toBe(false);
  }, 300_000);
});
