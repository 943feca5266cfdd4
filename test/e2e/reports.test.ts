/** A report from its first line to the file that opens without a network: written, frozen, thawed, and written by two at once. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishTestRun, launchTestRun } from '../fixtures/run.ts';
import { findViolations } from './accessibility.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('a report', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  let bench: Bench;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        bench = await createBench(store, { patchSizePx: 16 });
        for (const [seed, architecture] of ['shallow', 'deep'].entries()) {
          const run = await launchTestRun(store, bench, { architecture, seed });
          await finishTestRun(store, run, { seed, skill: 0.6 + seed / 5 });
          await openTest(store, { runId: run.id, reason: 'The finalists' });
        }
      },
    });
    page = dashboard.page;
  }, 600_000);

  afterAll(() => dashboard?.close(), 120_000);

  const button = (name: string, on = page) => on.getByRole('button', { name, exact: true });
  const text = (on = page) => on.getByLabel('Text', { exact: true });
  const rows = () =>
    page.getByRole('article', { name: 'Report' }).getByRole('table').first().locator('tbody tr');

  /** No worker of the platform takes it. */
  const launchWaiting = (seed: number) =>
    launchRun(dashboard.test.store, {
      ...{ experimentId: bench.experimentId, splitId: bench.split.id, hyperparameters: { seed } },
      backend: 'tensorflow',
    });

  async function insert(kind: string): Promise<void> {
    await button('Insert panel').click();
    await page.getByRole('menuitem', { name: new RegExp(`^${kind}`) }).click();
  }

  it('is written with a menu and a preview', async () => {
    await page.goto(`${dashboard.platform.webUrl}/reports`);
    await button('Create report').click();
    await page.getByLabel('Name', { exact: true }).fill('Deep against shallow');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('form', { name: 'Create report' }).getByRole('button').click();
    await text().fill('# What we know\n\nBoth on the *same* patients.');
    await text().press('Control+End');
    for (const kind of ['Runs', 'Curves', 'Comparison']) await insert(kind);
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText('What we know').waitFor();
    await preview.getByRole('slider').first().waitFor();
    await preview
      .getByText(/told apart|better|leads/)
      .first()
      .waitFor();
    // What does not fit is told with its place, and the rest stays.
    const written = await text().inputValue();
    await text().fill(written.replace('columns: architecture', 'columns: nothing'));
    await preview.getByText(/line 7, column 10: 'nothing' is no field of runs/).waitFor();
    await text().fill(written.replace('runs: status = SUCCEEDED\ncolumns: arch', 'columns: seed, arch'));
    await preview.getByRole('link', { name: 'deep, seed 1' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await button('Save').click();
    await page.getByRole('heading', { name: 'Deep against shallow', level: 1 }).waitFor();
    await rows().nth(1).waitFor();
    await expect.poll(() => rows().count()).toBe(2);
    expect(await findViolations(page)).toEqual([]);
  }, 400_000);

  it('shows a new run at once while it is live, and none once it is frozen', async () => {
    await launchWaiting(7);
    await rows().nth(2).waitFor();
    await button('Freeze').click();
    await button('Freeze now').click();
    await page.getByText('Frozen by Ada').waitFor();
    expect(await button('Edit').count()).toBe(0);
    await launchWaiting(8);
    await page.reload();
    await rows().nth(2).waitFor();
    expect(await rows().count()).toBe(3);
    expect(await findViolations(page)).toEqual([]);
  }, 300_000);

  it('is saved as one file that opens without a network and asks for nothing', async () => {
    const download = page.waitForEvent('download');
    await button('Save as HTML').click();
    const path = join(dashboard.homeDir, 'report.html');
    await (await download).saveAs(path);
    expect(await readFile(path, 'utf8')).not.toContain('<script');
    const context = await page.context().browser()!.newContext({ offline: true });
    const file = await context.newPage();
    const asked: string[] = [];
    const complaints: string[] = [];
    file.on('request', (request) => asked.push(request.url()));
    file.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    await file.goto(`file://${path}`);
    await file.getByText('Frozen by Ada').waitFor();
    expect(await file.locator('figure svg path').count()).toBeGreaterThan(1);
    expect(await file.getByRole('table').first().locator('tbody tr').count()).toBe(3);
    await file.getByRole('cell', { name: 'deep, seed 1' }).waitFor();
    expect(asked).toEqual([`file://${path}`]);
    expect(complaints).toEqual([]);
    expect(await findViolations(file)).toEqual([]);
    await context.close();
  }, 200_000);

  it('that two people write at once loses nothing', async () => {
    await button('Thaw').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Thaw' }).click();
    await rows().nth(3).waitFor();
    await button('Edit').click();
    const context = await page.context().browser()!.newContext();
    const other = await context.newPage();
    other.setDefaultTimeout(120_000);
    await other.goto(page.url());
    await text(other).fill('What Bo says.');
    await other.getByLabel('Your name').fill('Bo');
    await button('Save', other).click();
    await other.getByText('What Bo says.', { exact: true }).waitFor();
    await text().fill('What Ada says.');
    await button('Save').click();
    await page
      .getByText(/^Bo has changed the report 'Deep against shallow' meanwhile/)
      .first()
      .waitFor();
    expect(await text().inputValue()).toBe('What Ada says.');
    await button('Show their text').click();
    expect(await page.getByLabel('The text of Bo, version 3').inputValue()).toBe('What Bo says.');
    await text().fill('What Bo says.\n\nWhat Ada says.');
    await button('Mine goes over it').click();
    await button('Save').click();
    await page.getByRole('article', { name: 'Report' }).getByText('What Ada says.').waitFor();
    await page.getByRole('article', { name: 'Report' }).getByText('What Bo says.').waitFor();
    await context.close();
  }, 300_000);

  it('is found from anywhere, and deleted', async () => {
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search runs/ }).waitFor();
    await page.keyboard.type('against shallow');
    await page.getByRole('option', { name: /^Deep against shallow.*Report/ }).click();
    await page.getByRole('heading', { name: 'Deep against shallow', level: 1 }).waitFor();
    await button('More actions').click();
    await page.getByRole('menuitem', { name: 'Delete report' }).click();
    await button('Delete report').click();
    await page.getByText('No report yet').waitFor();
    expect(dashboard.complaints).toEqual([]);
  }, 200_000);
});
