/** Acts on many runs, groups, a baseline and files of the run table. */
import { readFile } from 'node:fs/promises';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { describeOnDashboard } from '../describe-on-dashboard.ts';
import type { SetUp } from '../open-dashboard.ts';

/** Each run is changed on the server, and the list asked again. */
const PATIENT = { timeout: 60_000 };
const SET_UP: SetUp = {
  hasWorker: false,
  async fill({ store }) {
    const bench = await createBench(store, { patchSizePx: 16 });
    for (const seed of [1, 2, 3]) {
      const run = await launchTestRun(store, bench, { seed });
      await finishTestRun(store, run, { seed, auc: 0.6 + seed / 10 });
    }
    // No worker here computes on it: it stays in the queue.
    await launchRun(store, {
      experimentId: bench.experimentId,
      splitId: bench.split.id,
      hyperparameters: { seed: 4 },
      backend: 'tensorflow',
    });
  },
};

describeOnDashboard('runs of the table', SET_UP, (dashboard) => {
  let page: Page;

  beforeAll(() => {
    page = dashboard.page;
  });

  const open = async (on: Page, query = '') => on.goto(`${dashboard.platform.webUrl}/runs${query}`);
  const run = (seed: number, on = page) =>
    on.getByRole('link', { name: `shallow, seed ${seed}`, exact: true });
  const select = (seed: number) =>
    page.getByRole('checkbox', { name: `Select shallow, seed ${seed}` }).check();
  const bar = () => page.getByRole('region', { name: 'Selected runs' });
  const button = (name: string, on = page) => on.getByRole('button', { name, exact: true });
  const item = (name: string, on = page) => on.getByRole('menuitem', { name });

  it('tags all that match, cancels, archives and deletes those that are selected, and says what was left', async () => {
    await open(page);
    await run(4).waitFor();
    await page.getByRole('checkbox', { name: 'Select all that match' }).check();
    await bar().getByText('4 runs selected').waitFor();
    await button('Tag').click();
    await page.getByRole('textbox', { name: 'Tags', exact: true }).fill('final, second');
    await button('Add').click();
    await expect
      .poll(() => page.locator('tbody').getByText('final', { exact: true }).count(), PATIENT)
      .toBe(4);

    await select(4);
    await select(1);
    await button('Cancel').click();
    await button('Cancel 2 runs').click();
    await page.getByText('1 run changed, 1 run left as they were.').waitFor();
    await page.locator('tbody').getByText('Canceled').waitFor();
    await button('Close').click();
    await bar().waitFor({ state: 'detached' });

    await select(4);
    await button('Delete').click();
    await button('Delete 1 run').click();
    await run(4).waitFor({ state: 'detached' });
    await select(1);
    await button('Archive').click();
    await run(1).waitFor({ state: 'detached' });
    await page.getByRole('checkbox', { name: 'Archived' }).check();
    await run(1).waitFor();
    await select(1);
    await button('Restore').click();
    await button('Clear filters').click();
    await run(1).waitFor();
  }, 300_000);

  it('groups, compares with a baseline, renames, and saves all that match as files', async () => {
    await button('Column Network').focus();
    await page.keyboard.press('Enter');
    await item('Group by this').click();
    await page.getByText('1 group by Network').waitFor();
    await button('Runs of shallow').click();
    await run(2).waitFor();
    await button('No groups').click();

    await select(1);
    await button('Take as baseline').click();
    await page.getByTitle('Difference to the baseline').first().waitFor();
    await button('Select none').click();
    await select(2);
    await select(3);
    expect(await page.getByRole('link', { name: 'Compare 2 runs' }).getAttribute('href')).toMatch(
      /^\/compare\?runs=/,
    );
    await button('Select none').click();
    await button('No baseline').click();

    await button('Rename or tag shallow, seed 3').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('Name', { exact: true }).fill('the finalist');
    await page.keyboard.press('Enter');
    const renamed = page.getByRole('link', { name: 'the finalist', exact: true });
    await renamed.waitFor();

    for (const [title, start] of [
      ['All that match as CSV', 'id,name'],
      ['All that match as Parquet', 'PAR1'],
    ] as const) {
      await button('Save').click();
      const [file] = await Promise.all([page.waitForEvent('download'), item(title).click()]);
      const text = await readFile(await file.path(), 'latin1');
      expect(text.slice(0, start.length)).toBe(start);
      expect(text).toContain('the finalist');
    }
  }, 300_000);
});
