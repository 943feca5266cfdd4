/** What a run got wrong, as pictures that lead to their places; and what people say of experiments and models. */
import { createModel } from '@microtome/store/model/models';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { findViolations } from '../accessibility.ts';
import { findBrowser, NO_BROWSER } from '../browser.ts';
import { openStoredDashboard, type StoredDashboard } from '../open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('around a run', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  let ids: { run: string; experiment: string; model: string };

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        const bench = await createBench(store, { patchSizePx: 16 });
        const run = await launchTestRun(store, bench, { seed: 1 });
        await finishTestRun(store, run, { seed: 1, skill: 0.3 });
        const model = await createModel(store, { name: 'small-model' });
        ids = { run: run.id, experiment: bench.experimentId, model: model.id };
      },
    });
    page = dashboard.page;
  }, 600_000);

  afterAll(() => dashboard?.close(), 120_000);

  const open = (path: string, on = page) => on.goto(dashboard.platform.webUrl + path);

  it('patches that it got wrong are shown and lead to their place, those of a sealed TEST are not', async () => {
    await open(`/runs/${ids.run}?tab=evaluation`);
    const wrong = page.getByRole('region', { name: 'Most certain and wrong' });
    const first = wrong.getByRole('link').first();
    await first.waitFor();
    // TEST is sealed: there is one evaluation.
    expect(await wrong.count()).toBe(1);
    const picture = wrong.getByRole('img').first();
    const width = () => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(width, { timeout: 120_000 }).toBe(16);
    expect(
      await page.getByRole('region', { name: 'Nearest to the threshold' }).getByRole('link').count(),
    ).toBe(12);
    expect(await findViolations(page)).toEqual([]);
    const wanted = new URL((await first.getAttribute('href'))!, dashboard.platform.webUrl).searchParams;
    expect(Number(wanted.get('x'))).toBeGreaterThan(0);
    await first.click();
    await page.getByRole('toolbar', { name: /^Tools/ }).waitFor();
    expect(new URL(page.url()).searchParams.get('slide')).toBe(wanted.get('slide'));
    await page.locator('[data-stage] canvas').first().waitFor();
  }, 300_000);

  it.each(['experiment', 'model'] as const)(
    'something is said of it: %s',
    async (noun) => {
      await open(`/${noun}s/${ids[noun]}`);
      await page.getByRole('textbox', { name: 'Comment' }).fill('Looks *odd*.');
      await page.getByLabel('Your name').fill('Ada');
      await page.getByRole('button', { name: 'Comment', exact: true }).click();
      const said = page.getByRole('list', { name: 'Comments' });
      await said.getByText('odd', { exact: true }).waitFor();
      expect(await findViolations(page)).toEqual([]);
      await said.getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText(`Nothing was said of this ${noun} yet.`).waitFor();
      expect(dashboard.complaints).toEqual([]);
    },
    300_000,
  );
});
