/** A table of scores in a browser: dropped, read, told otherwise, refused, and taken home as JSON. */
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { packSmall, SMALL } from '../store/scored-table/tables.ts';
import { describeOnDashboard } from './describe-on-dashboard.ts';

describeOnDashboard('a table of scores', { hasWorker: false }, (dashboard) => {
  let page: Page;

  beforeAll(() => {
    page = dashboard.page;
  });

  const drop = (text: string | Buffer, name = 'scores.csv') =>
    page
      .getByLabel('Table of scores')
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

  it('has a verdict, figures, a plot and patients', async () => {
    await page.goto(dashboard.platform.webUrl);
    await page.getByRole('link', { name: 'Evaluate' }).click();
    await drop(SMALL);
    await page
      .getByText(/On 6 patients 'deep'/)
      .first()
      .waitFor();
    const figures = page.getByRole('table', { name: 'Figures on all rows' });
    await figures.getByRole('row', { name: /ROC AUC of tumor 0\.939/ }).waitFor();
    const plot = page.getByRole('table', { name: 'Models and sites on all rows' });
    await plot.getByRole('row', { name: /^deep A 10, 3 0\.920/ }).waitFor();
    await page.getByLabel('Figure of the plot').selectOption({ label: 'Brier score' });
    await plot.getByRole('row', { name: /^deep all 20, 6 0\.113/ }).waitFor();
    await page
      .getByRole('table', { name: 'Patients of all rows' })
      .getByRole('row', { name: /^P1 4 2/ })
      .waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'JSON' }).click();
    const json = JSON.parse(await readFile(await (await download).path(), 'utf8'));
    expect(json).toMatchObject({ unit: 'PATIENT', rows: 20 });
  }, 300_000);

  it('is read as it is told, and refused in a sentence', async () => {
    await page.getByText('Columns, labels and threshold').click();
    await page.getByLabel('Sites', { exact: true }).selectOption('none');
    await page.getByLabel('wide', { exact: true }).selectOption('probabilities');
    await page.getByLabel('Threshold', { exact: true }).fill('0.7');
    await page.getByLabel('Threshold', { exact: true }).blur();
    await page.getByText('Threshold of wide: 0.700, as told.').waitFor();
    expect(await page.getByText('Threshold of deep').count()).toBe(0);
    expect(await page.getByRole('row', { name: /^wide A/ }).count()).toBe(0);
    await drop('patient,label,score\na,1,0.5\nb,0,7\n');
    await page.getByText("Line 3 has 7 in 'score': a probability lies from 0 to 1.").waitFor();
    await drop('PAR1', 'scores.parquet');
    await page
      .getByText(/scores\.parquet cannot be read as Parquet here: .* npm run evaluate reads any\./)
      .waitFor();
    await drop(packSmall(), 'scores.parquet');
    await page
      .getByText(/On 6 patients 'deep'/)
      .first()
      .waitFor();
  }, 300_000);
});
