/** A group's own table by hand: a person says what its columns mean, sees what would come in, and imports it. */
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { drawPng, writeTree } from '../store/import/patch-files.ts';
import { describeOnDashboard } from './describe-on-dashboard.ts';
import type { SetUp } from './open-dashboard.ts';

const PATIENTS = ['HB17', 'HB18', 'HB23', 'HB31'];
const SET_UP: SetUp = { hasWorker: false, fill: ({ homeDir }) => drawSource(join(homeDir, 'tiles')) };

describeOnDashboard('a table with odd columns', SET_UP, (dashboard) => {
  let page: Page;
  let form: Locator;

  beforeAll(() => {
    page = dashboard.page;
    form = page.getByRole('form', { name: 'Import dataset' });
  });

  it('is mapped column by column, with what is wrong said where it is, and imported', async () => {
    await page.goto(`${dashboard.platform.webUrl}/datasets/import`);
    await form.getByRole('button', { name: 'tiles' }).click();
    await form.getByRole('button', { name: 'Choose this folder' }).click();
    await form.getByText(/^Nothing to import from/).waitFor();
    const start = form.getByRole('button', { name: 'Start import' });
    expect(await start.isDisabled()).toBe(true);
    await form.getByLabel('Told by').selectOption('MANIFEST');
    await form.getByText('HB17 / block 1').first().waitFor();

    await columnOf(form, 'Befund').selectOption('LABEL');
    await form.getByText('tumour 8, normal 8').or(form.getByText('normal 8, tumour 8')).waitFor();
    await form.getByText('Patients unknown: nothing in the source binds patches together').waitFor();
    await columnOf(form, 'Nummer').selectOption('X');
    await form
      .getByText(/^liste\.csv, line 2: the place is x .1., y /)
      .first()
      .waitFor();
    expect(await start.isDisabled()).toBe(true);
    await columnOf(form, 'Nummer').selectOption('');

    await columnOf(form, 'Material').selectOption('PATIENT');
    await form.getByText('by patient', { exact: true }).waitFor();
    await form.getByLabel('Patient', { exact: true }).selectOption('REGEX');
    await form.getByLabel('Expression').fill('^(HB(\\d+');
    await form
      .getByText(/cannot be used/)
      .first()
      .waitFor();
    await form.getByLabel('Expression').fill('^(HB\\d+)');
    const samples = form.getByRole('table', { name: 'Twenty of the files' });
    await samples.getByRole('cell', { name: 'HB31', exact: true }).first().waitFor();
    expect(await form.getByText('unknown', { exact: true }).count()).toBe(2);

    await form.getByRole('checkbox', { name: /^normal/ }).check();
    await form.getByRole('checkbox', { name: /^tumour/ }).uncheck();
    await form.getByText('The first task: normal against tumour').waitFor();
    await form.getByLabel('Name').fill('by a table');
    await start.click();
    await page.getByRole('link', { name: 'Open by a table' }).click();
    await page.getByRole('heading', { name: 'by a table' }).waitFor();
    await page.getByText('normal against tumour').first().waitFor();
    expect(dashboard.complaints).toEqual([]);
    const { pool } = dashboard.test.store.database;
    const { rows } = await pool.query<{ key: string }>('select key from patient order by key');
    expect(rows.map(({ key }) => key)).toEqual(PATIENTS);
  }, 300_000);
});

const columnOf = (form: Locator, name: string) => form.getByLabel(new RegExp(`^Column \\d+, ${name}, says$`));

/** Pictures with names that tell nothing, and a table in German that tells all. */
async function drawSource(folder: string): Promise<void> {
  const rows = ['Nummer;Material;Befund;Bild'];
  const tree: Record<string, Buffer> = {};
  for (const patient of PATIENTS) {
    for (let at = 1; at <= 4; at++) {
      const name = `${String(rows.length).padStart(4, '0')}.png`;
      tree[`${name}`] = await drawPng({ seed: rows.length });
      rows.push(`${rows.length};${patient} / block ${at};${at % 2 === 0 ? 'tumour' : 'normal'};${name}`);
    }
  }
  await writeTree({ ...tree, 'liste.csv': Buffer.from(rows.join('\n')) }, folder);
}
