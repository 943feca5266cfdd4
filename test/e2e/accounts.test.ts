/** Accounts in a browser: nothing is shown before one signs in; the first owner by the link told at start, others by theirs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createBench } from '../fixtures/run.ts';
import { describeOnDashboard } from './describe-on-dashboard.ts';
import type { SetUp } from './open-dashboard.ts';

const DATASET = 'kept from strangers';

const SET_UP: SetUp = {
  hasWorker: false,
  settings: { AUTH: 'on' },
  async fill({ store }) {
    const { datasetId } = await createBench(store, { patchSizePx: 16 });
    await store.database.prisma.dataset.update({ where: { id: datasetId }, data: { name: DATASET } });
  },
};

describeOnDashboard('a platform with accounts', SET_UP, (dashboard) => {
  let page: Page;
  let webUrl: string;

  beforeAll(() => {
    page = dashboard.page;
    webUrl = dashboard.platform.webUrl;
  });

  it('shows a stranger the way in and nothing else', async () => {
    await page.goto(`${webUrl}/datasets`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await page.getByText(DATASET).count()).toBe(0);
  }, 300_000);

  it('lets the first owner in by the link that is told at start and kept in no log, once', async () => {
    const told = dashboard.steps.find((step) => step.includes('link='));
    const link = /http\S+link=(\S+)/.exec(told ?? '');
    expect(link).not.toBeNull();
    expect(await readFile(join(dashboard.homeDir, 'logs', 'api.log'), 'utf8')).not.toContain(link![1]);
    await page.goto(link![0]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor();
    await page.goto(`${webUrl}/datasets`);
    await page.getByText(DATASET).first().waitFor();
    const stranger = await (await page.context().browser()!.newContext()).newPage();
    await stranger.goto(link![0]);
    await stranger.getByRole('button', { name: 'Sign in' }).click();
    await stranger.getByText(/link/).first().waitFor();
    await stranger.goto(`${webUrl}/datasets`);
    await stranger.getByText('Sign in to Microtome').waitFor();
    expect(await stranger.getByText(DATASET).count()).toBe(0);
    await stranger.context().close();
  }, 300_000);

  it('has the page of members, and every act on record', async () => {
    await page.goto(`${webUrl}/members`);
    await page.getByLabel('Name').first().fill('second project');
    await page.getByRole('button', { name: 'Make' }).click();
    await page.getByText('Project second project').waitFor();
    // From now on lists say of which project each row is.
    await page.goto(`${webUrl}/datasets`);
    const row = page.getByRole('row').filter({ hasText: DATASET });
    await row.getByRole('cell', { name: 'default', exact: true }).waitFor();
    await page.goto(`${webUrl}/splits`);
    await page.getByRole('columnheader', { name: 'Project' }).waitFor();
    await page.goto(`${webUrl}/experiments`);
    await page.getByText('project default').first().waitFor();
    await page.goto(`${webUrl}/audit`);
    await page.getByText('createProject').first().waitFor();
    await page.getByText('signInByLink').first().waitFor();
    expect(dashboard.complaints).toEqual([]);
  }, 300_000);
});
