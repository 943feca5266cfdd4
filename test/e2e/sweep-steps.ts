/** A person launches sweeps from the form, watches their pages until they end, and cancels one. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

type Sweep = { name: string; fields: Record<string, string>; button: string };

async function launchSweep(page: Page, formUrl: string, { name, fields, button }: Sweep): Promise<void> {
  await page.goto(formUrl);
  for (const [label, value] of Object.entries({ 'Name of the sweep': name, ...fields }))
    await page.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole('button', { name: button }).click();
  await page.waitForURL('**/sweeps/*');
  await page.getByRole('heading', { name }).waitFor();
}

const listRows = (page: Page) =>
  page.getByRole('table', { name: 'Ranking on VALIDATION' }).locator('tbody tr');

export async function watchGrid(page: Page, webUrl: string): Promise<void> {
  await launchSweep(page, `${webUrl}/launch?sweep=GRID`, {
    name: 'two rates',
    fields: { 'Values of learning rate': '0.001, 0.003', Epochs: '1' },
    button: 'Launch 2 runs',
  });
  await page.getByText('finished', { exact: true }).waitFor();
  expect(await listRows(page).filter({ hasText: 'Succeeded' }).count()).toBe(2);
  expect((await listRows(page).first().innerText()).split(/\s/)[0]).toBe('1');
  expect(await page.getByRole('region', { name: 'TEST' }).count()).toBe(0);
}

/** The page is open while the second rung is made: its run appears without a reload. */
export async function watchHalving(page: Page, webUrl: string): Promise<void> {
  const rungs = { 'Keep one of': '2', 'Epochs of the first rung': '1', 'Epochs of the last rung': '2' };
  await launchSweep(page, `${webUrl}/launch?sweep=HALVING`, {
    name: 'two of them, then one',
    fields: { Settings: '2', ...rungs },
    button: 'Launch 2 runs',
  });
  await page.getByText('1 to follow').waitFor();
  await page.getByText('finished', { exact: true }).waitFor();
  await page.getByText('1 of 1 settled').waitFor();
  expect(await listRows(page).filter({ hasText: 'Succeeded' }).count()).toBe(3);
  expect(await listRows(page).first().innerText()).toContain('2 of 2');
}

export async function cancelSweep(page: Page, webUrl: string): Promise<void> {
  await launchSweep(page, `${webUrl}/launch?sweep=GRID`, {
    name: 'too long',
    fields: { 'Values of learning rate': '0.001, 0.003', Epochs: '500' },
    button: 'Launch 2 runs',
  });
  await listRows(page).filter({ hasText: 'Running' }).first().waitFor();
  await page.getByRole('button', { name: 'Cancel sweep' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel sweep' }).click();
  await page.getByText('canceled', { exact: true }).waitFor();
  await listRows(page).filter({ hasText: 'Canceled' }).nth(1).waitFor();
}
