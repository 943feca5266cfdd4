/** Saved views of the run table, in two browsers at once. */
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
      const run = await launchTestRun(store, bench, { seed });
      await finishTestRun(store, run, { seed, auc: 0.6 + seed / 10 });
    }
  },
};

describeOnDashboard('what the run table shows', SET_UP, (dashboard) => {
  let page: Page;

  beforeAll(() => {
    page = dashboard.page;
  });

  const open = async (on: Page, query = '') => on.goto(`${dashboard.platform.webUrl}/runs${query}`);
  const run = (seed: number, on = page) =>
    on.getByRole('link', { name: `shallow, seed ${seed}`, exact: true });
  const button = (name: string, on = page) => on.getByRole('button', { name, exact: true });
  const item = (name: string, on = page) => on.getByRole('menuitem', { name });
  const address = (on = page) => new URL(on.url()).searchParams;

  it('is saved as a view, which is the default in another browser, changed there, and missed when it is gone', async () => {
    await open(page, '?query=seed+%3C+3&columns=name,seed,status');
    await run(2).waitFor();
    await button('Views').click();
    await item('Save as a new view').click();
    await page.getByLabel('Name', { exact: true }).fill('first seeds');
    await page.getByLabel('The default').check();
    expect(await findViolations(page)).toEqual([]);
    await button('Save the view').click();
    await button('View first seeds').waitFor();
    const viewId = address().get('view');

    const context = await page.context().browser()!.newContext();
    const other = await context.newPage();
    other.setDefaultTimeout(120_000);
    // Columns of its own, which give way to the view.
    await other.addInitScript(() =>
      localStorage.setItem('microtome.run-columns', JSON.stringify({ columns: ['name', 'notes'] })),
    );
    await open(other);
    await button('View first seeds', other).waitFor();
    await run(2, other).waitFor();
    expect(address(other).get('columns')).toBe('name,seed,status');
    expect(await run(3, other).count()).toBe(0);
    await other.getByRole('button', { name: '2', exact: true }).click();
    await item('All but this', other).click();
    await other.getByText('changed', { exact: true }).waitFor();
    await button('View first seeds', other).click();
    await item('Overwrite first seeds', other).click();
    await other.getByText('changed', { exact: true }).waitFor({ state: 'detached' });
    await button('View first seeds', other).click();
    await item('Rename', other).click();
    await other.getByLabel('Name', { exact: true }).fill('only the first');
    await button('Rename', other).click();
    await button('View only the first', other).waitFor();

    await open(page, `?view=${viewId}`);
    await button('View only the first').waitFor();
    await run(1).waitFor();
    expect(await run(2).count()).toBe(0);
    await button('View only the first').click();
    await item('Delete').click();
    await button('Delete the view').click();
    await button('Views').waitFor();
    expect(address().get('view')).toBeNull();
    await open(other, `?view=${viewId}`);
    await other.getByText('The view of this address was deleted').waitFor();
    await context.close();
    expect(dashboard.complaints).toEqual([]);
  }, 300_000);
});
