/** The main job by hand: a person in a browser goes from a folder of patches to a promoted model. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { generateSample } from '../../apps/cli/src/demo/sample.ts';
import { describeOnDashboard } from './describe-on-dashboard.ts';
import type { SetUp } from './open-dashboard.ts';
import { createSplit, openTest, registerAndPromote } from './promotion-steps.ts';
import { cancelSweep, watchGrid, watchHalving } from './sweep-steps.ts';

/** Two cores train two networks meanwhile. */
const SET_UP: SetUp = {
  // As everybody starts it: the worker tries all backends and takes the best.
  settings: { TRAIN_BACKEND: 'auto' },
  async fill({ homeDir }) {
    await generateSample({ seed: 5, patients: 12, patchesPerPatient: 14, path: join(homeDir, 'patches') });
  },
};

describeOnDashboard('a person in a browser', SET_UP, (dashboard) => {
  let page: Page;

  beforeAll(() => {
    page = dashboard.page;
  });

  it('imports, splits, launches, watches, opens TEST and promotes, without an error on the console', async () => {
    await importPatches(page, dashboard.platform.webUrl, join(dashboard.homeDir, 'patches'));
    await createSplit(page, dashboard.platform.webUrl);
    await launchPair(page, dashboard.platform.webUrl);
    const runUrl = await watchDeepRun(page, dashboard.platform.webUrl);
    await missSlide(page, dashboard.platform.webUrl, runUrl);
    await openTest(page, runUrl);
    await registerAndPromote(page);
    await readCardAndDemote(page);
    expect(dashboard.complaints).toEqual([]);
  }, 600_000);

  it('launches a grid and a halving on the same split, sees them end, and cancels a third', async () => {
    await watchGrid(page, dashboard.platform.webUrl);
    await watchHalving(page, dashboard.platform.webUrl);
    await cancelSweep(page, dashboard.platform.webUrl);
    expect(dashboard.complaints).toEqual([]);
  }, 600_000);
});

async function importPatches(page: Page, webUrl: string, path: string): Promise<void> {
  await page.goto(`${webUrl}/datasets`);
  await page.getByRole('link', { name: 'Import dataset' }).first().click();
  const form = page.getByRole('form', { name: 'Import dataset' });
  await form.getByLabel('Folder or .zip').fill(path);
  await form.getByLabel('Name').fill('twelve patients');
  await form.getByRole('button', { name: 'Start import' }).click();
  await page.getByRole('link', { name: 'Open twelve patients' }).click();
  await page.getByRole('heading', { name: 'twelve patients' }).waitFor();
}

async function launchPair(page: Page, webUrl: string): Promise<void> {
  await page.goto(`${webUrl}/launch`);
  await page.getByLabel('Epochs', { exact: true }).fill('2');
  await page.getByLabel('Batch size', { exact: true }).fill('32');
  await page.getByRole('button', { name: 'Shallow vs deep' }).click();
  await page.waitForURL('**/compare?runs=*');
}

/** The page is open while the run trains: its curves and status change without a reload. */
async function watchDeepRun(page: Page, webUrl: string): Promise<string> {
  await page.goto(`${webUrl}/runs`);
  await page.getByRole('link', { name: /deep/ }).first().click();
  await page.waitForURL('**/runs/*');
  await page.getByText('Succeeded').first().waitFor();
  await page.getByRole('region', { name: 'TEST' }).getByText('TEST is sealed').waitFor();
  return page.url();
}

/** An address that leads nowhere is said to, rather than loaded for ever. */
async function missSlide(page: Page, webUrl: string, runUrl: string): Promise<void> {
  const id = runUrl.split('/').at(-1);
  for (const [query, sentence] of [
    ['', 'The address names no slide, and there is none to begin with.'],
    [`?a=${id}&b=${id}&slide=nothing`, "There is no slide 'nothing'."],
  ]) {
    await page.goto(`${webUrl}/compare/slide${query}`);
    await page.getByText(sentence!).waitFor();
  }
}

async function readCardAndDemote(page: Page): Promise<void> {
  const modelUrl = page.url();
  await page.getByRole('link', { name: 'Model card' }).click();
  await page.getByRole('heading', { name: 'small-model, version 1' }).waitFor();
  await page
    .getByRole('region', { name: 'How to reproduce it' })
    .getByText('small-model@1')
    .first()
    .waitFor();
  await page.goto(modelUrl);
  await page.getByRole('button', { name: 'Demote version 1' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('It was for a test alone');
  await dialog.getByRole('button', { name: 'Demote version 1' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('no champion', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Roll back to version 1' }).waitFor();
}
