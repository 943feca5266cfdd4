/**
 * A run that trains while the API is killed, twice and more, and started again by the platform: the page says so meanwhile, and
 * has every epoch by its number afterwards.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, NO_BROWSER } from '../browser.ts';
import { openStoredDashboard, type StoredDashboard } from '../open-dashboard.ts';
import {
  readEpochs,
  type SlowRun,
  startSlowRun,
  waitForEpoch,
  waitUntilSaidLost,
  waitUntilWhole,
} from './epoch-steps.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('a run that is followed while the API is killed', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  let run: SlowRun;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        run = await startSlowRun(store);
      },
    });
    page = dashboard.page;
  }, 600_000);

  afterAll(() => dashboard?.close(), 120_000);

  const isEpoch = (epoch: number) => waitForEpoch(page, epoch);
  const pidOfApi = () => dashboard.platform.processes.find(({ name }) => name === 'api')?.pid();

  /** However soon it is started again: until the page has noticed. Gives how often. */
  async function killApi(): Promise<number> {
    const killed = new Set<number>();
    let isSaid = false;
    const said = waitUntilSaidLost(page).then(() => {
      isSaid = true;
    });
    while (!isSaid) {
      const pid = pidOfApi();
      if (pid !== undefined && !killed.has(pid)) {
        process.kill(pid, 'SIGKILL');
        killed.add(pid);
      }
      await Promise.race([
        said,
        page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve))),
      ]);
    }
    await said;
    return killed.size;
  }

  it('is shown epoch by epoch, said to be out of date, and whole again with each of them', async () => {
    await page.goto(`${dashboard.platform.webUrl}/runs/${run.runId}`);
    await run.addEpochs(3);
    await isEpoch(3);
    for (const through of [6, 9]) {
      expect(await killApi()).toBeGreaterThan(0);
      await run.addEpochs(through);
      await waitUntilWhole(page);
      await isEpoch(through);
    }
    await run.addEpochs(10);
    await isEpoch(10);
    const all = Array.from({ length: 10 }, (_, at) => at + 1);
    await expect.poll(() => readEpochs(page, /^AUC|^ROC AUC/), { timeout: 120_000 }).toEqual(all);
    expect(dashboard.steps.filter((step) => /^api ended \(SIGKILL\)/.test(step)).length).toBeGreaterThan(1);
  }, 600_000);
});
