/** The charts of a run and of a comparison in a browser: zoom and cursor over all of them, legend, full screen, files, keys. */
import { readFile } from 'node:fs/promises';
import { claimRun } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import type { Store } from '@microtome/store/store';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, launchTestRun } from '../fixtures/run.ts';
import { findViolations } from './accessibility.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

const EPOCHS = 30;
const AUC_OVER_EPOCHS = /^ROC AUC of .* over epochs$/;
const AUC_OF_RUNS = /^ROC AUC of .* of every run by epoch$/;

/** A run that trains, with all of its epochs recorded. */
async function recordRun(store: Store, bench: Bench, seed: number): Promise<string> {
  const { id: runId } = await launchTestRun(store, bench, { seed, epochs: EPOCHS });
  const claimed = await claimRun(store, { runId, workerId: 'test' });
  const checkpoint = await store.artifacts.put(new Uint8Array([seed]), 'application/octet-stream');
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const loss = 1 / epoch + ((epoch * (seed + 3)) % 7) / 50;
    const metrics = {
      'train.loss': loss,
      'validation.loss': loss + 0.05 * seed,
      'validation.auc': 1 - loss / 3,
    };
    const best = epoch === EPOCHS - 5;
    await recordEpoch(store, {
      runId,
      attempt: claimed!.attempt,
      epoch,
      step: epoch * 10,
      metrics,
      checkpoint,
      best,
    });
  }
  return runId;
}

describe.skipIf(!executablePath)('charts', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  let runIds: string[] = [];
  let experimentId: string;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        const bench = await createBench(store, { patchSizePx: 16 });
        experimentId = bench.experimentId;
        for (const seed of [1, 2, 3]) runIds = [...runIds, await recordRun(store, bench, seed)];
      },
    });
    page = dashboard.page;
  }, 400_000);

  afterAll(() => dashboard?.close(), 120_000);

  const plot = (name: string | RegExp) => page.getByRole('slider', { name, exact: true });
  const aucChart = () => page.getByRole('region', { name: /^ROC AUC of/ });
  const address = () => new URL(page.url()).searchParams;

  /** From one share of the plot's width to another. */
  async function drag(name: string, from: number, to: number): Promise<void> {
    const { x, y, width, height } = (await plot(name).boundingBox())!;
    await page.mouse.move(x + from * width, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + to * width, y + height / 2, { steps: 4 });
    await page.mouse.up();
  }

  async function saveAs(title: string, item: string): Promise<Buffer> {
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: `Save ${title}`, exact: true }).click();
    await page.getByRole('menuitem', { name: item }).click();
    return readFile(await (await saved).path());
  }

  it('zooms all charts by a drag over one, puts one cursor into all, and goes back', async () => {
    await page.goto(`${dashboard.platform.webUrl}/runs/${runIds[0]}`);
    await plot(AUC_OVER_EPOCHS).waitFor();
    await drag('Loss over epochs', 0.4, 0.7);
    await page.getByRole('button', { name: 'Whole range' }).waitFor();
    const from = Number(address().get('from'));
    expect(from).toBeGreaterThan(5);
    expect(Number(address().get('to'))).toBeLessThan(EPOCHS - 3);
    expect(await plot(AUC_OVER_EPOCHS).getAttribute('aria-valuemin')).toBe(String(from));
    const ofAuc = aucChart().getByRole('button', { name: /^validation/ });
    const last = await ofAuc.textContent();
    const { x, y, height } = (await plot('Loss over epochs').boundingBox())!;
    await page.mouse.move(x + 70, y + height / 2);
    await expect.poll(() => ofAuc.textContent()).not.toBe(last);
    await plot('Loss over epochs').dblclick();
    await expect.poll(() => address().get('from')).toBeNull();
  }, 300_000);

  it('is used by keys, and read out', async () => {
    await plot(AUC_OVER_EPOCHS).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => plot(AUC_OVER_EPOCHS).getAttribute('aria-valuetext'))
      .toMatch(/^epoch 2: validation [\d.]+$/);
    await page.keyboard.press('+');
    await expect.poll(() => address().get('to')).not.toBeNull();
    await page.keyboard.press('Escape');
    await expect.poll(() => address().get('to')).toBeNull();
    await page.getByRole('slider', { name: 'Smoothing' }).press('PageUp');
    await expect.poll(() => address().get('smoothing')).toBe('0.1');
    expect(await findViolations(page)).toEqual([]);
  }, 300_000);

  it('hides curves by the legend, shows one large, and saves pictures and numbers', async () => {
    const loss = page.getByRole('region', { name: 'Loss', exact: true });
    const train = loss.getByRole('button', { name: /^train/ });
    const validation = loss.getByRole('button', { name: /^validation/ });
    await validation.click({ modifiers: ['Alt'] });
    await expect.poll(() => train.getAttribute('aria-pressed')).toBe('false');
    expect(await validation.getAttribute('aria-pressed')).toBe('true');
    const lines = String(await saveAs('Loss', 'Numbers (CSV)')).split('\r\n');
    expect(lines[0]).toBe('epoch,validation,"validation, smoothed by 0.1"');
    expect(lines).toHaveLength(EPOCHS + 2);
    await validation.dblclick();
    await expect.poll(() => train.getAttribute('aria-pressed')).toBe('true');
    await page.getByRole('button', { name: 'log axis of Loss' }).click();
    expect(String(await saveAs('Loss', 'Picture (SVG)'))).toContain('<svg');
    expect((await saveAs('Loss', 'Picture (PNG)')).subarray(1, 4).toString()).toBe('PNG');
    await page.getByRole('button', { name: 'Full screen of Loss' }).click();
    const large = page.getByRole('dialog', { name: 'Loss' });
    const box = await large.getByRole('slider').boundingBox();
    expect(box!.width).toBeGreaterThan(1_000);
    expect(await findViolations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await large.waitFor({ state: 'hidden' });
  }, 300_000);

  it('are moved, hidden and added to for all who look at the experiment', async () => {
    await page.getByRole('button', { name: /^Move ROC AUC/ }).press('ArrowLeft');
    const titles = () =>
      page
        .getByRole('button', { name: /^Move / })
        .evaluateAll((handles) =>
          handles.map((handle) =>
            handle.getAttribute('aria-label')?.slice('Move '.length, 'Move Loss'.length),
          ),
        );
    await expect.poll(titles).toEqual(['ROC ', 'Loss']);
    await page.getByRole('button', { name: 'Move Loss' }).dragTo(aucChart());
    await expect.poll(titles).toEqual(['Loss', 'ROC ']);
    await page.getByRole('button', { name: 'Add chart' }).click();
    const form = page.getByRole('dialog', { name: 'Add chart' });
    await form.getByRole('checkbox', { name: 'A regular expression' }).check();
    await form.getByRole('textbox', { name: 'Regular expression' }).fill('(');
    await form.getByRole('button', { name: 'Add' }).click();
    await form.getByText("'(' is no regular expression.").waitFor();
    await form.getByRole('textbox', { name: 'Regular expression' }).fill('loss$');
    await form.getByRole('textbox', { name: 'Title' }).fill('Losses');
    await form.getByRole('button', { name: 'Add' }).click();
    await plot('Losses over epochs').waitFor();
    await page.getByRole('button', { name: /^Arrange ROC AUC/ }).click();
    await page.getByRole('menuitem', { name: 'Hide' }).click();
    await page.getByRole('button', { name: 'Hidden charts: 1' }).waitFor();
    expect(await findViolations(page)).toEqual([]);
    // Another run of the experiment has them too.
    await page.goto(`${dashboard.platform.webUrl}/runs/${runIds[1]}`);
    await plot('Losses over epochs').waitFor();
    await page.getByRole('button', { name: 'Hidden charts: 1' }).click();
    await page.getByRole('menuitem', { name: /^Show ROC AUC/ }).click();
    await plot(AUC_OVER_EPOCHS).waitFor();
  }, 300_000);

  it('draws the seeds of a setting as one with a band, on the page of the experiment', async () => {
    await page.goto(`${dashboard.platform.webUrl}/experiments/${experimentId}`);
    await page.getByRole('checkbox', { name: 'seeds and folds as bands' }).check();
    await page.getByRole('button', { name: 'shallow (3 runs)', exact: true }).waitFor();
    await plot('Losses of every run by epoch').waitFor();
    await expect
      .poll(() => plot(AUC_OF_RUNS).getAttribute('aria-valuetext'))
      .toMatch(/^epoch 30: shallow \(3 runs\) 0\.\d+$/);
    expect(await findViolations(page)).toEqual([]);
  }, 300_000);

  it('does the same for a comparison, on a phone and in the dark', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.goto(
      `${dashboard.platform.webUrl}/compare?runs=${runIds.join(',')}&smoothing=0.5&from=5&to=20`,
    );
    await plot(AUC_OF_RUNS).scrollIntoViewIfNeeded();
    expect(await plot(AUC_OF_RUNS).getAttribute('aria-valuemax')).toBe('20');
    const third = page.getByRole('button', { name: 'shallow, seed 3', exact: true });
    await third.click();
    await expect.poll(() => third.getAttribute('aria-pressed')).toBe('false');
    await expect
      .poll(() => plot(AUC_OF_RUNS).getAttribute('aria-valuetext'))
      .toMatch(/^epoch 20: shallow, seed 1 [\d.]+, shallow, seed 2 [\d.]+$/);
    expect(await findViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(dashboard.complaints).toEqual([]);
  }, 300_000);
});
