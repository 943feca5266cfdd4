/** A list from outside in a browser: judged alone, shown before it is stored, imported as a split, and certified. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertDataset } from '../fixtures/dataset.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('a list of a split', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  let keys: string[];

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        const shape = { patients: 10, patchesPerPatient: 9, patchSizePx: 16, seed: 1, name: 'ten patients' };
        const siteOf = (patient: number) => `centre ${patient % 2}`;
        ({ patientKeys: keys } = await insertDataset(store, { ...shape, siteOf }));
      },
    });
    page = dashboard.page;
  }, 300_000);

  afterAll(() => dashboard?.close(), 60_000);

  const drop = (text: string, name = 'theirs.csv') =>
    page
      .getByLabel('List of a split')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  const list = (...extra: string[]) =>
    [
      'case,arm',
      ...keys.map((key, at) => `${key},${at < 6 ? 'train' : at < 8 ? 'val' : 'test'}`),
      ...extra,
    ].join('\n');

  it('is judged alone, and a column that is not found is chosen', async () => {
    await page.goto(`${dashboard.platform.webUrl}/splits`);
    await page.getByRole('link', { name: 'Audit a list' }).click();
    await drop('file,patient,grp\na.png,P1,train\nb.png,P1,test\nc.png,P2,test\n');
    await page.getByText('Leaking: 1 of 2 patients is on two sides or more').waitFor();
    await page.getByRole('cell', { name: 'TRAIN 1, TEST 1' }).waitFor();
    await drop('a,b\n1,2\n');
    await page.getByText("No column of 'a', 'b' tells the side").waitFor();
    expect(await dashboard.test.store.database.prisma.split.count()).toBe(0);
  }, 300_000);

  it('becomes a split once what was found was seen, and has a certificate', async () => {
    await page.goto(`${dashboard.platform.webUrl}/splits?create=1`);
    const form = page.getByRole('dialog', { name: 'Create split' });
    await form.getByLabel('Strategy').selectOption({ label: 'From a list' });
    await drop(list(`${keys[0]},test`));
    await form.getByText('Leaking: kept as an unsafe split').waitFor();
    await form.getByRole('button', { name: 'Keep as an unsafe split' }).waitFor();
    await drop(list('stranger,test'));
    await form.getByText('Clean: nothing was found on two sides').waitFor();
    await form.getByText("The dataset lacks 1 of the list's ids: 'stranger'.").waitFor();
    expect(await dashboard.test.store.database.prisma.split.count()).toBe(0);
    await form.getByLabel('Name', { exact: true }).fill('their split');
    await form.getByRole('button', { name: 'Import split' }).click();
    await page.getByRole('heading', { name: 'their split' }).waitFor();
    await page.getByText('Passed: nothing was found on two sides.').waitFor();
    await page.getByRole('link', { name: 'Certificate' }).click();
    await page.getByText('The sides are disjoint: no patient is on more than one of them.').waitFor();
    await page.getByRole('cell', { name: 'centre 0' }).waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'JSON' }).click();
    const certificate = JSON.parse(await readFile(await (await downloading).path(), 'utf8'));
    expect(certificate).toMatchObject({
      unit: 'PATIENT',
      units: 10,
      isClean: true,
      kept: { audit: { passed: true } },
    });
    expect(dashboard.complaints).toEqual([]);
  }, 300_000);
});
