/** What a person does on a page before its picture is taken; a page that is not here is shown as it opens. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { layoutInput } from '../../test/fixtures/layout-inputs.ts';

export type Scene = {
  path: string;
  /** What is seen at once on a wide screen, and no more: for the top of the README. */
  isFirstSight?: boolean;
  prepare?(page: Page): Promise<void>;
};

export type SceneIds = {
  /** Of another group, with sites and three classes. */
  centre: string;
  centreSplit: string;
  /** On its data, to be compared. */
  centreRuns: readonly string[];
  /** A list of its units, some of them on two sides. */
  leakingList: string;
  runs: readonly string[];
  slide: string;
};

/** Name → scene. `sourceFolder` is one of those that the import page shows. */
export function listScenes(ids: SceneIds, sourceFolder: string): Record<string, Scene> {
  return {
    'import-mapping': {
      path: '/datasets/import',
      prepare: (page) => mapColumns(page, sourceFolder),
    },
    'dataset-sites': { path: `/datasets/${ids.centre}` },
    'split-sites': { path: `/splits/${ids.centreSplit}` },
    'compare-sites': {
      path: `/compare?runs=${ids.centreRuns.join(',')}`,
      prepare: (page) => page.getByRole('table', { name: /^Sites of / }).waitFor(),
    },
    'split-import': {
      path: `/splits?dataset=${ids.centre}&create=1`,
      prepare: (page) => showList(page, ids.leakingList),
    },
    'first-run': { path: `/runs/${ids.runs[0]}`, isFirstSight: true },
    'first-compare': { path: `/compare?runs=${ids.runs.join(',')}`, isFirstSight: true },
    'first-viewer': { path: `/viewer?run=${ids.runs[0]}&slide=${ids.slide}`, isFirstSight: true },
    'split-audit-list': { path: '/splits/audit', prepare: auditList },
  };
}

async function mapColumns(page: Page, sourceFolder: string): Promise<void> {
  const form = page.getByRole('form', { name: 'Import dataset' });
  await form.getByRole('button', { name: sourceFolder }).click();
  await form.getByRole('button', { name: 'Choose this folder' }).click();
  await form.getByLabel('Told by').selectOption('MANIFEST');
  // A lone table may have been taken already.
  await form.getByLabel('Manifest', { exact: true }).fill('list.csv');
  await form.getByLabel(/^Column \d+, finding, says$/).selectOption('LABEL');
  await form.getByLabel(/^Column \d+, centre, says$/).selectOption('SITE');
  await form
    .getByText(/not IDC \d+/)
    .first()
    .waitFor();
}

async function showList(page: Page, text: string): Promise<void> {
  const form = page.getByRole('dialog', { name: 'Create split' });
  await form.getByLabel('Strategy').selectOption({ label: 'From a list' });
  await dropList(page, { name: 'theirs.csv', text });
  await form.getByText('Leaking: kept as an unsafe split').waitFor();
}

/** A published list of BreakHis, where it is at hand. */
async function auditList(page: Page): Promise<void> {
  const path = layoutInput('breakhis/mysplit.csv');
  const drawn = 'file,side\nSOB_B_A-14-22549AB-40-001.png,train\nSOB_B_A-14-22549CD-40-002.png,test\n';
  await dropList(page, {
    name: 'mysplit.csv',
    text: existsSync(path) ? await readFile(path, 'utf8') : drawn,
  });
  await page.getByText(/^Leaking: /).waitFor();
}

async function dropList(page: Page, { name, text }: { name: string; text: string }): Promise<void> {
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
  await page.getByLabel('List of a split').setInputFiles(file);
}
