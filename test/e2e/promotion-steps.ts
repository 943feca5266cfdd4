/** From a dataset to a champion, as a person goes: the steps that several ways to one share. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export async function createSplit(page: Page, webUrl: string): Promise<void> {
  await page.goto(`${webUrl}/splits?create=1`);
  const form = page.getByRole('form', { name: 'Create split' });
  await form.getByLabel('Name').fill('by patient');
  await form.getByRole('button', { name: 'Create split' }).click();
  await page.getByRole('heading', { name: 'by patient' }).waitFor();
  expect(await page.getByText('UNSAFE').count()).toBe(0);
}

export async function openTest(page: Page, runUrl: string): Promise<void> {
  await page.goto(runUrl);
  await page.getByRole('button', { name: 'Open TEST' }).click();
  const form = page.getByRole('form', { name: 'Open TEST' });
  await form.getByLabel('Reason').fill('The finalist of this small comparison');
  await form.getByRole('button', { name: 'Open TEST and record it' }).click();
  await page.getByText('The finalist of this small comparison').first().waitFor();
}

/** Whether the gate allows depends on the figures; either way the act and its reasons are shown. */
export async function registerAndPromote(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Register model' }).click();
  await page.getByLabel('Name of the new model').fill('small-model');
  await page.getByRole('button', { name: 'Register version' }).click();
  await page.waitForURL('**/models/*');
  await page.getByRole('button', { name: 'Promote version 1' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('The first of its name');
  const override = dialog.getByRole('checkbox');
  if (await override.count()) await override.check();
  await dialog.getByRole('button', { name: 'Promote to champion' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.getByText('The first of its name').first().waitFor();
  await page.getByText('champion', { exact: true }).first().waitFor();
}
