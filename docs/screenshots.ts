/**
 * `npm run screenshots`: starts a platform of its own on the generated sample, does what a person would do, and takes a
 * picture of every page in light and dark, wide and narrow, into docs/images. Needs a Chromium (see CONTRIBUTING.md).
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { readEnv } from '../apps/cli/src/env.ts';
import { createGraphqlClient } from '../apps/cli/src/graphql/graphql-client.ts';
import { startPlatform } from '../apps/cli/src/platform/platform.ts';
import { findBrowser, launchBrowser, NO_BROWSER } from '../test/e2e/browser.ts';
import { listPages } from '../test/e2e/page-list.ts';
import { planSeededSlide, writeSeededSlide } from '../test/slides/seeded-slide.ts';
import { fillAround } from './screenshots/fill-around.ts';
import { fillPlatform, runOnCentre, runSweeps } from './screenshots/fill-platform.ts';
import { drawOtherCentre } from './screenshots/other-centre.ts';
import { listScenes, type Scene } from './screenshots/scenes.ts';

const IMAGES_DIR = fileURLToPath(new URL('./images', import.meta.url));
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
/** Charts draw themselves in over this time. */
const SETTLE_MS = 1_200;
/** As long a part of a page is in sight while it is scrolled through. */
const SCROLL_MS = 250;
/** As long is waited for a page to rest. */
const REST_MS = 20_000;
/** A page that has nothing to show by then is broken. */
const LOAD_MS = 120_000;
/** As it lies in `sources`, and is named. */
const CENTRE = { folder: 'umc', name: 'UMC' };
/** Below `sources`. */
const SLIDE = { folder: 'slides', file: 'A-17.svs', seed: 17 };

const options = parseOptions();
const executablePath = findBrowser();
if (!executablePath) throw new Error(NO_BROWSER);
const homeDir = options.home ?? (await mkdtemp(join(tmpdir(), 'microtome-pictures-')));
const sourcesDir = join(homeDir, 'sources');
await prepareHome();
const { inherited, ...read } = readEnv();
// Its webhook leads to this machine.
const settings = { ...inherited, WEBHOOKS_TO_PRIVATE_NETWORKS: 'true' };
const env = {
  ...read,
  inherited: settings,
  homeDir,
  artifactUrl: `file:${homeDir}/artifacts`,
  apiPort: 0,
  webPort: 0,
};
const platform = await startPlatform({ env, anyPort: true, importRoots: [sourcesDir], onStep: console.log });
await platform.startWeb();
const browser = await launchBrowser(executablePath);
try {
  await mkdir(IMAGES_DIR, { recursive: true });
  const scenes = await chooseScenes(platform.apiUrl);
  for (const theme of ['light', 'dark'] as const) {
    for (const size of ['wide', 'narrow'] as const) await takePictures({ browser, theme, size, scenes });
  }
} finally {
  await browser.close();
  await platform.stop();
  if (!options.home) await rm(homeDir, { recursive: true, force: true });
}

function parseOptions(): { home: string | null; only: string[] } {
  const command = new Command('screenshots')
    .description('Takes a picture of every page into docs/images.')
    .option('--home <folder>', 'where the platform lives; kept, and used again where it is there')
    .option('--only <names>', 'these pages alone, by their names with commas between them')
    .parse();
  const { home, only } = command.opts<{ home?: string; only?: string }>();
  return { home: home === undefined ? null : resolve(home), only: only?.split(',') ?? [] };
}

/** The demo fills the platform: a dataset, a split, two runs, a model with its promotion. Another centre comes by a table. */
async function prepareHome(): Promise<void> {
  if (existsSync(sourcesDir)) return;
  runCommand('demo', ['--epochs', '8', '--exit']);
  const centreDir = join(sourcesDir, CENTRE.folder);
  await drawOtherCentre(centreDir);
  await drawSlide(join(sourcesDir, SLIDE.folder));
  const told = ['--manifest', join(centreDir, 'list.csv'), '--map', 'label=finding', '--map', 'site=centre'];
  runCommand('import', [centreDir, ...told, '--positive', 'IDC', '--name', CENTRE.name]);
}

async function drawSlide(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const slide = planSeededSlide({ columns: 14, rows: 10, seed: SLIDE.seed, micronsPerPixel: 0.25 });
  await writeSeededSlide(join(folder, SLIDE.file), slide, SLIDE.seed, { asAperio: true });
}

function runCommand(name: string, given: readonly string[]): void {
  const file = fileURLToPath(new URL(`../apps/cli/src/${name}.ts`, import.meta.url));
  execFileSync(process.execPath, [file, ...given], {
    env: { ...readEnv().inherited, MICROTOME_HOME: homeDir },
    stdio: 'inherit',
  });
}

/** What is trained for a page is trained only where that page is wanted. */
async function chooseScenes(apiUrl: string): Promise<Record<string, Scene>> {
  const client = createGraphqlClient(apiUrl);
  const ids = await fillPlatform(client, CENTRE.name);
  await fillAround(client, { ...ids, slidePath: join(sourcesDir, SLIDE.folder, SLIDE.file) });
  const isWanted = (name: string) => options.only.length === 0 || options.only.includes(name);
  const sweeps = ['sweep', 'sweep-folds'].some(isWanted)
    ? await runSweeps(client, ids)
    : { halving: '', folds: '' };
  const mustRun = isWanted('compare-sites') && ids.centreRuns.length === 0;
  const centreRuns = mustRun ? await runOnCentre(client, ids.centre) : ids.centreRuns;
  await client.close();
  const pages = Object.entries(listPages({ ...ids, sweeps })).map(([name, path]) => [name, { path }]);
  const all: Record<string, Scene> = {
    ...Object.fromEntries(pages),
    ...listScenes({ ...ids, centreRuns }, CENTRE.folder),
  };
  const unknown = options.only.filter((name) => !(name in all));
  if (unknown.length > 0)
    throw new Error(`No page is named ${unknown.join(', ')}: ${Object.keys(all).join(', ')}.`);
  return Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
}

async function takePictures(request: {
  browser: Browser;
  theme: 'light' | 'dark';
  size: keyof typeof SIZES;
  scenes: Record<string, Scene>;
}): Promise<void> {
  const { theme, size } = request;
  const context = await request.browser.newContext({ viewport: SIZES[size], colorScheme: theme });
  const page = await context.newPage();
  page.setDefaultTimeout(LOAD_MS);
  for (const [name, { path, prepare, isFirstSight = false }] of Object.entries(request.scenes)) {
    if (isFirstSight && size === 'narrow') continue;
    await page.goto(platform.webUrl + path, { waitUntil: 'domcontentloaded' });
    // Not by its role: a dialog that a page opens with hides the rest from readers.
    await page.locator('h1').first().waitFor();
    await prepare?.(page);
    await page.waitForFunction(() => document.querySelector('.animate-pulse') === null);
    if (!isFirstSight) await scrollThrough(page);
    // Pictures of tissue come after the page; one that asks again and again never rests.
    await page.waitForLoadState('networkidle', { timeout: REST_MS }).catch(() => {});
    await page.waitForTimeout(SETTLE_MS);
    const picture = await page.screenshot({ fullPage: size === 'wide' && !isFirstSight });
    const file = join(IMAGES_DIR, `${name}-${theme}-${size}.webp`);
    await sharp(picture).webp({ quality: 80 }).toFile(file);
  }
  await context.close();
}

/** What is drawn or loaded once it comes into sight is there then. */
async function scrollThrough(page: Page): Promise<void> {
  const { height, step } = await page.evaluate(() => {
    return { height: document.documentElement.scrollHeight, step: window.innerHeight };
  });
  for (let top = 0; top <= height; top += step) {
    await page.evaluate((to) => window.scrollTo(0, to), top);
    await page.waitForTimeout(SCROLL_MS);
  }
  await page.evaluate(() => window.scrollTo(0, 0));
}
