/** "Go to anything" and the sheet of keys in a browser, by keys alone; comments, errors at their field, and a file that is sent. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createBench, launchTestRun } from '../fixtures/run.ts';
import { createFolder, drawTwoPatients, writeTree } from '../store/import/patch-files.ts';
import { findViolations } from './accessibility.ts';
import { describeOnDashboard } from './describe-on-dashboard.ts';
import type { SetUp } from './open-dashboard.ts';

const SET_UP: SetUp = {
  hasWorker: false,
  async fill({ store }) {
    await launchTestRun(store, await createBench(store), { seed: 1 });
  },
};

describeOnDashboard('reach anything, say anything', SET_UP, (dashboard) => {
  let page: Page;
  const line = () => page.getByRole('combobox', { name: 'Search runs, data, models, pages and acts' });
  const navigation = () => page.getByRole('navigation', { name: 'Main' });
  const marked = () => page.getByRole('option', { selected: true });
  const pathname = () => new URL(page.url()).pathname;

  beforeAll(async () => {
    page = dashboard.page;
    await page.goto(`${dashboard.platform.webUrl}/splits`);
    await page.getByRole('heading', { name: 'Splits', level: 1 }).waitFor();
  });

  it('a run is found on the server and gone to', async () => {
    await navigation().getByRole('link', { name: 'Models' }).focus();
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
    const workers = navigation().getByRole('link', { name: 'Workers' });
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
    await page.getByRole('dialog', { name: 'Keys' }).waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+k');
    // A window that closes gives the focus back a moment later.
    await expect.poll(() => line().evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type('?');
    await expect.poll(() => line().inputValue()).toBe('?');
    await expect.poll(() => marked().textContent()).toContain('Show the keys');
    await page.keyboard.press('Escape');
  }, 300_000);

  it('something is said of a run, seen at once in another tab, and changed', async () => {
    await page.goto(`${dashboard.platform.webUrl}/runs`);
    await page.getByRole('link', { name: 'shallow, seed 1', exact: true }).click();
    await page.getByRole('tab', { name: 'Comments' }).click();
    await page.getByRole('textbox', { name: 'Comment' }).waitFor();
    const other = await page.context().newPage();
    await other.goto(`${dashboard.platform.webUrl}${pathname()}?tab=comments`);
    await other.getByText('Nothing was said of this run yet.').waitFor();
    await page.getByRole('textbox', { name: 'Comment' }).fill('looks **odd** <b>here</b>');
    await page.getByRole('textbox', { name: 'Your name' }).fill('ada');
    await page.getByRole('button', { name: 'Comment', exact: true }).click();
    const list = other.getByRole('list', { name: 'Comments' });
    await list.locator('strong').getByText('odd').waitFor();
    expect(await list.textContent()).toContain('<b>here</b>');
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Edit', exact: true }).last().click();
    const edited = page.getByRole('form', { name: 'Edit comment' });
    await edited.getByRole('textbox').fill('all is well');
    await edited.getByRole('button', { name: 'Save' }).click();
    await list.getByText('all is well').waitFor();
    await other.close();
  }, 300_000);

  it('what the server says of a field stands at the field', async () => {
    await page.goto(`${dashboard.platform.webUrl}/models`);
    await page.getByRole('button', { name: 'Create model' }).first().click();
    const form = page.getByRole('form', { name: 'Create model' });
    await form.getByRole('textbox', { name: 'Name' }).fill('taken');
    await form.getByRole('button', { name: 'Create model' }).click();
    await page.getByRole('heading', { name: 'taken', level: 1 }).waitFor();
    await page.goto(`${dashboard.platform.webUrl}/models`);
    await page.getByRole('button', { name: 'Create model' }).first().click();
    await form.getByRole('textbox', { name: 'Name' }).fill('taken');
    await form.getByRole('button', { name: 'Create model' }).click();
    await form.getByText("There is a model 'taken' already.").waitFor();
    const name = form.getByRole('textbox', { name: 'Name' });
    expect(await name.getAttribute('aria-invalid')).toBe('true');
    await expect.poll(() => name.evaluate((field) => field === document.activeElement)).toBe(true);
  }, 300_000);

  it('a .zip or a folder is sent, and is the source of the import', async () => {
    await page.goto(`${dashboard.platform.webUrl}/datasets/import`);
    const buffer = Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18)]);
    await page
      .getByLabel('Upload a .zip of patches')
      .setInputFiles({ name: 'patches.zip', mimeType: 'application/zip', buffer });
    const source = page.getByRole('textbox', { name: 'Folder or .zip' });
    await expect.poll(() => source.inputValue()).toMatch(/uploads\/.+\/patches\.zip$/);
    // A folder is packed into a .zip first, with the names below it.
    const ward = join(await createFolder(), 'ward');
    await writeTree(await drawTwoPatients(), ward);
    await page.getByLabel('Folder of patches').setInputFiles(ward);
    await expect.poll(() => source.inputValue()).toMatch(/uploads\/.+\/ward\.zip$/);
    await page.getByText('of 16 files').waitFor();
    // The second model of one name was refused, as it should be.
    expect(dashboard.complaints).toEqual([]);
  }, 300_000);
});
