/** What the main pages weigh as they are sent, before they show anything: it stays below what a page may weigh. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench, finishTestRun, launchTestRun } from '../fixtures/run.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';
import { weighPage } from './weigh-page.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('a page', () => {
  let dashboard: StoredDashboard;
  let runId: string;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        const bench = await createBench(store, { patchSizePx: 16 });
        const run = await launchTestRun(store, bench, { seed: 1 });
        runId = run.id;
        await finishTestRun(store, run);
      },
    });
  });
  afterAll(() => dashboard?.close());

  it.each([
    // The first page that anybody sees; the others are to come down to it.
    ['the overview', 250, () => '/'],
    ['the run table', 270, () => '/runs'],
    ['a run', 268, () => `/runs/${runId}`],
  ])('shows itself with what it may weigh: %s, %i kB', async (_name, mostKb, path) => {
    const url = `${dashboard.platform.webUrl}${path()}`;
    const { bytes, encodings } = await weighPage(executablePath!, url);
    expect(encodings).toEqual(['br', 'gzip']);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(mostKb * 1000);
  });
});
