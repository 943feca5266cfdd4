/** An outside run becomes a champion in a browser: its model is checked by a worker at a person's word, registered and promoted. */
import { openTest } from '@microtome/store/evaluation/evaluations';
import type { Run } from '@microtome/store/generated/prisma/client';
import { createSplit } from '@microtome/store/split/create-split';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertDataset } from '../fixtures/dataset.ts';
import { putModel, recordExternalRun, writeModel } from '../fixtures/external-run/external-model.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('the model of another program', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  let run: Run;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      async fill({ store }) {
        const dataset = await insertDataset(store, {
          patients: 10,
          patchesPerPatient: 12,
          patchSizePx: 16,
          seed: 1,
        });
        const [split] = await createSplit(store, {
          datasetId: dataset.datasetId,
          strategy: 'PATIENT_STRATIFIED',
          seed: 1,
        });
        const wrong = writeModel({ weights: [1, 2, 3] });
        run = await recordExternalRun(
          store,
          { dataset, split: split! },
          { name: 'from elsewhere', file: wrong },
        );
        await openTest(store, { runId: run.id, reason: 'the paper' });
      },
    });
    page = dashboard.page;
  }, 400_000);

  afterAll(() => dashboard?.close(), 120_000);

  it('fails its check with the reason, passes with the right file, and is promoted', async () => {
    await page.goto(`${dashboard.platform.webUrl}/runs/${run.id}`);
    const card = page.getByRole('region', { name: 'Model of its program' });
    await card.getByText('was not checked yet').waitFor();
    await page.getByText('EXTERNAL', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Register model' }).count()).toBe(0);
    await card.getByRole('button', { name: 'Check model' }).click();
    await card.getByText('check failed').waitFor();
    await card.getByText(/differ by up to .*, and 0\.001 is allowed/).waitFor();

    await putModel(dashboard.test.store, { runId: run.id, file: writeModel() });
    await page.reload();
    await card.getByText('was replaced after the check').waitFor();
    await card.getByRole('button', { name: 'Check model' }).click();
    await card.getByText('check passed').waitFor();
    await card.getByText('Its very file gives the probabilities that were uploaded.').waitFor();

    await page.getByRole('button', { name: 'Register model' }).click();
    await page.getByLabel('Name of the new model').fill('outside');
    await page.getByRole('button', { name: 'Register version' }).click();
    await page.getByText(/A worker computed 48 probabilities of VALIDATION and TEST once more/).waitFor();
    await page.getByRole('button', { name: 'Promote version 1' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('Best of all that was tried');
    const override = dialog.getByRole('checkbox');
    if ((await override.count()) > 0) await override.check();
    await dialog.getByRole('button', { name: 'Promote to champion' }).click();
    await page.getByText('champion: version 1').waitFor();
    expect(dashboard.complaints).toEqual([]);
  }, 400_000);
});
