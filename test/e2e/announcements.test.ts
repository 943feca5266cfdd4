/** Webhooks in a browser: added with a secret that is shown once, tested, told of a run, paused, sent again, removed. */
import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ReceivingServer, startReceivingServer } from '../api/announcement/receiving-server.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('a webhook', () => {
  let server: ReceivingServer;
  let dashboard: StoredDashboard;
  let page: Page;

  beforeAll(async () => {
    server = await startReceivingServer((response, number) => {
      if (number === 2) response.writeHead(503).end('come later');
      else response.writeHead(200).end('thanks');
    });
    const settings = { WEBHOOKS_TO_PRIVATE_NETWORKS: 'true' };
    dashboard = await openStoredDashboard({ executablePath: executablePath!, settings, hasWorker: false });
    page = dashboard.page;
  }, 400_000);

  afterAll(async () => {
    await dashboard?.close();
    await server?.close();
  }, 120_000);

  it('is added, tested, told of an import that failed, sent again, paused and removed', async () => {
    await page.goto(`${dashboard.platform.webUrl}/announcements`);
    await page.getByText('No receiver yet').waitFor();
    await page.getByRole('button', { name: 'Add a receiver' }).click();
    const form = page.getByRole('dialog', { name: 'Add a receiver' });
    expect(await form.getByRole('option', { name: 'Mail' }).isDisabled()).toBe(true);
    await form.getByLabel('Address').fill(server.url);
    await form.getByLabel(/^Import failed/).check();
    await form.getByLabel('Your name').fill('Ada');
    await form.getByRole('button', { name: 'Add', exact: true }).click();
    const shown = page.getByRole('dialog', { name: 'The secret of this webhook' });
    const secret = await shown.locator('code').innerText();
    await shown.getByRole('button', { name: 'I have copied it' }).click();

    const card = page.getByRole('region', { name: server.url });
    await card.getByText('Nothing was sent yet.').waitFor();
    await card.getByRole('button', { name: 'Send a test' }).click();
    const { headers, body } = await server.waitFor(1);
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'test',
    });
    await card.getByRole('row', { name: /Test message.*delivered/ }).waitFor();

    const { prisma } = dashboard.test.store.database;
    const { id } = await prisma.datasetImport.create({ data: { name: 'slides', sourcePath: '/slides' } });
    const failure = { status: 'FAILED', error: 'No patch could be read.', finishedAt: new Date() } as const;
    await prisma.datasetImport.update({ where: { id }, data: failure });
    const row = card.getByRole('row', { name: /Dataset 'slides' could not be imported/ });
    await row.getByText('will be tried again').waitFor();
    await row.getByText('It answered 503.').waitFor();
    await row.getByRole('button', { name: 'Send again' }).click();
    await row.getByText('delivered').waitFor();

    await card.getByRole('button', { name: 'Pause' }).click();
    await card.getByText(/what happens meanwhile is not told later/).waitFor();
    await card.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No receiver yet').waitFor();
    expect(await prisma.delivery.count()).toBe(0);
    expect(dashboard.complaints).toEqual([]);
  }, 300_000);
});
