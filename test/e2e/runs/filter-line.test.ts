/** The filter line of the run table in a browser: completed, applied, kept in the address, and its faults named by column. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { describeOnDashboard } from '../describe-on-dashboard.ts';
import type { SetUp } from '../open-dashboard.ts';

const SET_UP: SetUp = {
  hasWorker: false,
  async fill({ store }) {
    const bench = await createBench(store, { patchSizePx: 16 });
    for (const seed of [1, 2]) await finishTestRun(store, await launchTestRun(store, bench, { seed }));
  },
};

describeOnDashboard('the filter line', SET_UP, (dashboard) => {
  let page: Page;

  beforeAll(() => {
    page = dashboard.page;
  });

  it('is completed by keys, leaves the runs that match, and is in the address', async () => {
    await page.goto(`${dashboard.platform.webUrl}/runs`);
    const link = (name: string) => page.getByRole('link', { name, exact: true });
    await link('shallow, seed 1').waitFor();
    const line = page.getByRole('combobox', { name: 'Filter line' });
    await line.pressSequentially('see');
    await page.getByRole('option', { name: /^seed/ }).waitFor();
    await line.press('ArrowDown');
    await line.press('Tab');
    await line.pressSequentially('= 2');
    await line.press('Enter');
    await link('shallow, seed 1').waitFor({ state: 'detached' });
    expect(await link('shallow, seed 2').count()).toBe(1);
    expect(new URL(page.url()).searchParams.get('query')).toBe('seed = 2');
    await page.reload();
    await link('shallow, seed 2').waitFor();
    expect(await link('shallow, seed 1').count()).toBe(0);
    expect(await page.getByRole('combobox', { name: 'Filter line' }).inputValue()).toBe('seed = 2');
  }, 300_000);

  it('says what is wrong, and where, while the table stays', async () => {
    const line = page.getByRole('combobox', { name: 'Filter line' });
    await line.fill('seed >');
    await line.press('Enter');
    await page.getByText(/^Column 7: /).waitFor();
    expect(await line.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('link', { name: 'shallow, seed 2', exact: true }).count()).toBe(1);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('link', { name: 'shallow, seed 1', exact: true }).waitFor();
    expect(await line.inputValue()).toBe('');
    expect(dashboard.complaints).toEqual([]);
  }, 300_000);
});
