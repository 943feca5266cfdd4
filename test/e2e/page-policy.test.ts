/**
 * In a real browser a page does its work under its Content-Security-Policy, and what does not belong to it does not run.
 * That no page asks for anything that is refused is seen by the walk over all of them (pages/every-page.test.ts).
 * The pages show a filled store; nothing is trained.
 */
import { glob, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import getPort from 'get-port';
import type { Browser, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ManagedProcess, startManagedProcess } from '../../apps/cli/src/platform/managed-process.ts';
import { buildWebWhenStale, WEB_DIR } from '../../apps/cli/src/platform/web-build.ts';
import { startTestApi, type TestApi } from '../api/test-api.ts';
import { findBrowser, hearComplaints, launchBrowser, NO_BROWSER } from './browser.ts';
import { fillStore } from './fill-store.ts';
import { listPages } from './page-list.ts';

const STEP_TIMEOUT_MS = 120_000;
/** Of several pages one after another, on a machine that does other things too. */
const WALK_TIMEOUT_MS = 400_000;
const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('what a page may do', () => {
  let folder: string;
  let api: TestApi;
  let web: ManagedProcess;
  let webUrl: string;
  let browser: Browser;
  let pages: Record<string, string>;

  /** Serves the dashboard as it is told the API: by address, or by port on the page's own host. */
  async function serveWeb(settings: Record<string, string>): Promise<ManagedProcess> {
    const served = startManagedProcess({
      name: 'web',
      script: join(WEB_DIR, 'server.ts'),
      env: { PATH: process.env.PATH, WEB_PORT: new URL(webUrl).port, ...settings },
      logFile: join(folder, 'web.log'),
      onLaunch: () => {},
      onRestart: (message) => expect.fail(message),
    });
    await vi.waitFor(async () => expect((await fetch(webUrl)).ok).toBe(true), {
      timeout: STEP_TIMEOUT_MS,
    });
    return served;
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microtome-policy-'));
    const webPort = await getPort({ host: '127.0.0.1' });
    webUrl = `http://127.0.0.1:${webPort}`;
    api = await startTestApi({ webPort });
    pages = listPages(await fillStore(api.store));
    await buildWebWhenStale({ logFile: join(folder, 'build.log'), onStart: () => {} });
    web = await serveWeb({ API_PORT: String(api.port) });
    browser = await launchBrowser(executablePath!);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  /** A page, and what the browser complained of on it. */
  async function openPage(): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    const complaints = await hearComplaints(page);
    return { page, complaints };
  }

  it('asks once what its document asks early', async () => {
    const { page } = await openPage();
    for (const [path, early] of [
      [pages.runs, ['Access', 'MetricCatalogue']],
      [pages.run, ['Access', 'MetricCatalogue', 'Run', 'RunSeries']],
    ] as const) {
      const asked: string[] = [];
      const note = (request: Request) =>
        request.method() === 'POST' && asked.push(request.postDataJSON().operationName);
      page.on('request', note);
      await showPage(page, webUrl + path);
      page.off('request', note);
      expect(asked.filter((name) => (early as readonly string[]).includes(name)).toSorted()).toEqual(early);
    }
    await page.close();
  });

  it('is looked at on every page that there is', async () => {
    const routes: string[] = [];
    for await (const file of glob('**/page.tsx', { cwd: join(WEB_DIR, 'app') })) routes.push(dirname(file));
    const shown = Object.values(pages).map((path) => new URL(path, webUrl).pathname);
    const missed = routes.filter((route) => !shown.some((path) => toShape(route).test(path)));
    expect(routes.length).toBeGreaterThan(10);
    expect(missed).toEqual([]);
  });

  it('lets charts, pictures of the API, slides, dialogs and the theme work', {
    timeout: WALK_TIMEOUT_MS,
  }, async () => {
    const { page, complaints } = await openPage();
    await showPage(page, webUrl + pages.run);
    await page.getByText('Live', { exact: true }).waitFor();
    await page.locator('canvas').first().waitFor();
    await walkTabs(page);
    await showPage(page, webUrl + pages['run-tissue']);
    await page
      .getByRole('link', { name: /^Open tissue/ })
      .first()
      .click();
    await page.getByRole('toolbar', { name: /^Tools/ }).waitFor();
    await page.locator('[data-stage] canvas').first().waitFor();
    await showPage(page, webUrl + pages['run-tissue']);
    const widthOfFirst = () =>
      page
        .locator('main img')
        .first()
        .evaluate((image) => (image as HTMLImageElement).naturalWidth);
    await expect.poll(widthOfFirst, { timeout: STEP_TIMEOUT_MS }).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Switch to dark theme' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Switch to light theme' }).waitFor();
    // By the script that runs before anything is drawn.
    expect(await page.locator('html').getAttribute('class')).toContain('dark');
    await page.goto(`${webUrl}/experiments`);
    await page
      .getByRole('button', { name: /experiment/i })
      .first()
      .click();
    await page.getByRole('dialog').waitFor();
    await page.goto(webUrl + pages.run);
    await openAndEscape(page);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('keeps what was smuggled into a page from running, from being loaded and from asking elsewhere', async () => {
    const { page, complaints } = await openPage();
    const stranger = webUrl.replace('127.0.0.1', 'localhost');
    await page.route(`${webUrl}/workers`, async (route) => {
      const response = await route.fetch();
      const smuggled =
        '<script>window.smuggled = "inline"</script>' +
        '<img src="/nothing.png" onerror="window.smuggled = \'attribute\'">' +
        `<script src="${stranger}/loaded.js"></script>`;
      await route.fulfill({
        response,
        body: (await response.text()).replace('</body>', `${smuggled}</body>`),
      });
    });
    await page.route(`${stranger}/loaded.js`, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'window.smuggled = "loaded"' }),
    );
    await showPage(page, `${webUrl}/workers`);
    await expect.poll(() => complaints.filter((text) => text.startsWith('script-src')).length).toBe(3);
    const asked = await page.evaluate(
      (url) =>
        fetch(url).then(
          () => 'answered',
          () => 'refused',
        ),
      `${stranger}/elsewhere`,
    );
    expect(asked).toBe('refused');
    await expect.poll(() => complaints.filter((text) => text.startsWith('connect-src')).length).toBe(1);
    expect(await page.evaluate(() => (window as unknown as { smuggled?: string }).smuggled)).toBeUndefined();
    await page.close();
  });

  it('lets a page ask an API that it was told by address', async () => {
    await web.stop();
    web = await serveWeb({ API_URL: api.url.replace('127.0.0.1', 'localhost') });
    const { page, complaints } = await openPage();
    await showPage(page, webUrl + pages['run-tissue']);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});

/** Until its heading is there and nothing is loading any more. */
async function showPage(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle');
}

/** By keys alone: what they reach is shown, and is the one stop of the Tab key. */
async function walkTabs(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Training' }).focus();
  for (const [key, name] of [
    ['ArrowRight', 'Evaluation'],
    ['End', 'Files'],
    ['ArrowRight', 'Training'],
    ['ArrowLeft', 'Files'],
    ['Home', 'Training'],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole('tabpanel', { name }).waitFor();
    expect(await page.locator('[role=tab][tabindex="0"]:focus').innerText()).toBe(name);
  }
}

/** The focus is back where it was, although the entry of the menu that opened the dialog is gone; the tab has the run's name. */
async function openAndEscape(page: Page): Promise<void> {
  const name = await page.getByRole('heading', { level: 1 }).innerText();
  expect(await page.title()).toBe(`${name} · Microtome`);
  const menu = page.getByRole('button', { name: 'More actions' });
  await menu.click();
  await page.getByRole('menuitem', { name: 'Delete run' }).click();
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true);
}

/** The addresses that a page's folder answers to. */
function toShape(route: string): RegExp {
  const path = route === '.' ? '' : route.replaceAll(/\[\w+\]/g, '[^/]+');
  return new RegExp(`^/${path}$`);
}
