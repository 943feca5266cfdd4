/** What every page weighs as it is sent, before it shows anything. */
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, launchBrowser, NO_BROWSER } from './browser.ts';
import { fillStore } from './fill-store.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';
import { listPages } from './page-list.ts';
import { weighPage } from './weigh-page.ts';

const MOST_KB = 250;
const WALK_TIMEOUT_MS = 600_000;
const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('a page', () => {
  let dashboard: StoredDashboard;
  let browser: Browser;
  let pages: Record<string, string>;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        pages = listPages(await fillStore(store));
      },
    });
    browser = await launchBrowser(executablePath!);
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await dashboard?.close();
  });

  it(
    `shows itself with ${MOST_KB} kB, whichever it is`,
    async () => {
      const kilobytes: Record<string, number> = {};
      // What stands behind a question mark is drawn by the same scripts.
      const paths = new Map(
        Object.entries(pages).map(([name, path]) => [path.replace(/\?.*/, ''), { name, path }]),
      );
      for (const { name, path } of paths.values()) {
        const { bytes, encodings } = await weighPage(browser, dashboard.platform.webUrl + path);
        expect(encodings, name).toEqual(['br', 'gzip']);
        expect(bytes, name).toBeGreaterThan(50_000);
        kilobytes[name] = Math.round(bytes / 1000);
      }
      const tooHeavy = Object.entries(kilobytes).filter(([, kb]) => kb >= MOST_KB);
      expect(tooHeavy).toEqual([]);
    },
    WALK_TIMEOUT_MS,
  );

  it.each([
    ['/models', 'Create model', 'Name'],
    ['/splits', 'Create split', 'Name'],
    ['/experiments', 'Create experiment', 'Name'],
    ['/runs', 'Columns', 'Search fields'],
  ])('has what a click opens before the click comes: %s, %s', async (path, name, field) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const requests = noteRequests(page);
    await page.goto(dashboard.platform.webUrl + path);
    await page.getByText('Live', { exact: true }).waitFor();
    const button = page.getByRole('button', { name, exact: true });
    await expect.poll(() => button.isEnabled()).toBe(true);
    // The page loads it when it has shown its data and then has nothing else to do: until twice nothing was asked for meanwhile.
    let before = -1;
    await expect
      .poll(async () => {
        await passIdleMoments(page);
        const isQuiet = requests.waiting.size === 0 && requests.count === before;
        before = requests.count;
        return isQuiet;
      })
      .toBe(true);
    await page.route('**/_next/static/**', (route) => route.abort());
    await button.click();
    await page.getByRole('dialog').getByLabel(field).first().waitFor();
    await context.close();
  });
});

async function passIdleMoments(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let turn = 0; turn < 3; turn++) {
      await new Promise((resolve) => requestIdleCallback(resolve));
      await new Promise((resolve) => setTimeout(resolve));
    }
  });
}

/** Scripts and answers: how many were asked for, and which are on their way. */
function noteRequests(page: Page): { count: number; waiting: ReadonlySet<Request> } {
  const waiting = new Set<Request>();
  const noted = { count: 0, waiting };
  page.on('request', (request) => {
    if (!['script', 'fetch'].includes(request.resourceType())) return;
    noted.count++;
    waiting.add(request);
  });
  const forget = (request: Request) => waiting.delete(request);
  page.on('requestfinished', forget);
  page.on('requestfailed', forget);
  return noted;
}
