/**
 * The promoted model in a real browser: it says what a worker says of the same pixels, asks for nothing once it is there,
 * works without a network, and has a sentence for each file that it cannot read.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSlide } from '@microtome/slides/open-slide';
import getPort from 'get-port';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ManagedProcess, startManagedProcess } from '../../../apps/cli/src/platform/managed-process.ts';
import { buildWebWhenStale, WEB_DIR } from '../../../apps/cli/src/platform/web-build.ts';
import type { TrainedNetwork } from '../../../workers/train/src/model/saved-model.ts';
import { startTestApi, type TestApi } from '../../api/test-api.ts';
import { paintTissue } from '../../fixtures/synthetic-patches.ts';
import { HAS_SLIDE_INPUTS, slideInput } from '../../slides/slide-inputs.ts';
import { findViolations } from '../accessibility.ts';
import { findBrowser, launchBrowser, NO_BROWSER } from '../browser.ts';
import {
  cutSquares,
  encodePng,
  PATCH_PX,
  predictAsWorker,
  promoteNetwork,
  saveTable,
  type TableRow,
  untilQuiet,
  watchRequests,
} from './analyser-steps.ts';

const STEP_TIMEOUT_MS = 120_000;
/** Between what the browser and the worker say of a patch. */
const BOUND = 1e-4;
const PATCHES = 40;
const REGION = { width: 230, height: 170 };
const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('the analyser', () => {
  let folder: string;
  let api: TestApi;
  let web: ManagedProcess;
  let webUrl: string;
  let browser: Browser;
  let network: TrainedNetwork;
  /** Loaded once: what is dropped takes the place of what was there. */
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'microtome-analyser-'));
    const webPort = await getPort({ host: '127.0.0.1' });
    webUrl = `http://127.0.0.1:${webPort}`;
    api = await startTestApi({ webPort });
    network = await promoteNetwork(api.store);
    await buildWebWhenStale({ logFile: join(folder, 'build.log'), onStart: () => {} });
    web = startManagedProcess({
      name: 'web',
      script: join(WEB_DIR, 'server.ts'),
      env: { PATH: process.env.PATH, WEB_PORT: String(webPort), API_PORT: String(api.port) },
      logFile: join(folder, 'web.log'),
      onLaunch: () => {},
      onRestart: (message) => expect.fail(message),
    });
    await vi.waitFor(async () => expect((await fetch(webUrl)).ok).toBe(true), { timeout: STEP_TIMEOUT_MS });
    browser = await launchBrowser(executablePath!, { hasWebgpu: true });
    ({ page, complaints } = await openAnalyser('wasm'));
  }, 400_000);

  afterAll(async () => {
    await browser?.close();
    await web?.stop();
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  async function openAnalyser(engine: 'wasm' | 'webgpu'): Promise<{ page: Page; complaints: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${webUrl}/analyse`);
    await page.getByLabel('Computed by').selectOption(engine);
    const place = engine === 'webgpu' ? 'WebGPU' : `WebAssembly with ${cpus().length} thread`;
    await page.getByText(`The model is ready, in ${place}`).waitFor();
    return { page, complaints };
  }

  const drop = (page: Page, files: { name: string; bytes: Buffer }[]) =>
    page
      .getByLabel('Pictures to analyse')
      .setInputFiles(files.map(({ name, bytes }) => ({ name, mimeType: '', buffer: bytes })));

  const untilDone = (page: Page) =>
    page
      .getByRole('status')
      .getByText(/patch(es)? in .*\.$/)
      .waitFor();

  async function makePatches() {
    const pixels = Array.from({ length: PATCHES }, (_, seed) => paintTissue(PATCH_PX, PATCH_PX, seed));
    const files = await Promise.all(
      pixels.map(async (patch, at) => ({
        name: `patch-${String(at).padStart(2, '0')}.png`,
        bytes: await encodePng(patch, PATCH_PX, PATCH_PX),
      })),
    );
    return { pixels, files };
  }

  function expectSame(rows: readonly TableRow[], expected: readonly number[]): void {
    expect(rows).toHaveLength(expected.length);
    const apart = rows.map(({ probability }, at) => Math.abs(probability - expected[at]!));
    expect(Math.max(...apart)).toBeLessThan(BOUND);
  }

  it('says of patches and a region what a worker says, without a network, and of broken files why not', {
    timeout: STEP_TIMEOUT_MS * 2,
  }, async () => {
    for (const text of ['For research only. Not a medical device.', 'small-model, version 1', '50 × 50 px'])
      await page.getByText(text).first().waitFor();
    const { pixels, files } = await makePatches();
    const tissue = paintTissue(REGION.width, REGION.height, 77);
    const region = await encodePng(tissue, REGION.width, REGION.height);
    await untilQuiet(page);
    const asked = watchRequests(page);
    await page.context().setOffline(true);
    await drop(page, [
      ...files,
      { name: 'region.png', bytes: region },
      { name: 'cut-off.png', bytes: region.subarray(0, 2000) },
      { name: 'notes.txt', bytes: Buffer.from('not a picture') },
      { name: 'small.png', bytes: await encodePng(paintTissue(20, 30, 5), 20, 30) },
    ]);
    await untilDone(page);
    const rows = await saveTable(page);
    const expected = await predictAsWorker(network, pixels);
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(100 * BOUND);
    const ofPatches = rows
      .filter(({ file }) => file.startsWith('patch-'))
      .sort((a, b) => a.file.localeCompare(b.file));
    expectSame(ofPatches, expected);
    const ofRegion = rows.filter(({ file }) => file === 'region.png');
    expect(ofRegion).toHaveLength(4 * 3);
    expectSame(ofRegion, await predictAsWorker(network, cutSquares(tissue, REGION.width, ofRegion)));
    const refused = page.getByRole('list', { name: 'Files without an answer' });
    expect((await refused.getByRole('listitem').allInnerTexts()).toSorted()).toEqual([
      'cut-off.png is damaged: the browser cannot decode it.',
      'notes.txt is no PNG, JPEG, TIFF or SVS, by its first bytes; other files cannot be read here.',
      'small.png has 20 × 30 px: a patch of the model covers 50 × 50.',
    ]);
    await page.getByRole('img', { name: 'Heatmap of region.png' }).hover({ position: { x: 5, y: 5 } });
    await page.getByText(/^x \d+, y \d+: probability \d\.\d+$/).waitFor();
    await page.getByLabel('Order of the files').selectOption('highest');
    expect(asked).toEqual([]);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.context().setOffline(false);
    expect(await findViolations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Switch to dark theme' }).click();
    expect(await findViolations(page)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('says the same by WebGPU', { timeout: STEP_TIMEOUT_MS * 2 }, async () => {
    const fresh = await openAnalyser('webgpu');
    const { pixels, files } = await makePatches();
    const few = 4;
    await drop(fresh.page, files.slice(0, few));
    await untilDone(fresh.page);
    expectSame(await saveTable(fresh.page), await predictAsWorker(network, pixels.slice(0, few)));
    expect(fresh.complaints).toEqual([]);
    await fresh.page.close();
  });

  it.skipIf(!HAS_SLIDE_INPUTS)(
    'reads a scanner’s file as a worker does',
    {
      timeout: STEP_TIMEOUT_MS * 2,
    },
    async () => {
      const name = 'CMU-1-Small-Region.svs';
      await page.getByLabel('Pictures to analyse').setInputFiles(slideInput(name));
      await untilDone(page);
      const rows = await saveTable(page);
      await page.getByRole('img', { name: `Heatmap of ${name}` }).waitFor();
      const slide = await openSlide(slideInput(name));
      const { width, height } = slide.levels[0]!;
      const pixels = await slide.readRegion(0, 0, 0, width, height);
      await slide.close();
      expect(rows.length).toBeGreaterThan(1000);
      expect(rows.length).toBeLessThan(Math.floor(width / PATCH_PX) * Math.floor(height / PATCH_PX));
      expectSame(rows, await predictAsWorker(network, cutSquares(pixels, width, rows)));
    },
  );

  it('stops when it is told to, and keeps what it has', { timeout: STEP_TIMEOUT_MS }, async () => {
    const side = 4000;
    const large = await sharp({ create: { width: side, height: side, channels: 3, background: '#c88cbe' } })
      .png()
      .toBuffer();
    const { files } = await makePatches();
    await drop(page, [...files, { name: 'z-large.png', bytes: large }]);
    // In the middle of the large one: all patches of the others are done, and some of its own.
    await page.getByText(new RegExp(`^${PATCHES} of ${PATCHES + 1} files, (?!${PATCHES} )\\d`)).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page
      .getByText(new RegExp(`^Cancelled after .*, with ${PATCHES} of ${PATCHES + 1} files whole`))
      .waitFor();
    const ofLarge = (await saveTable(page)).filter(({ file }) => file === 'z-large.png');
    expect(ofLarge.length).toBeGreaterThan(0);
    expect(ofLarge.length).toBeLessThan((side / PATCH_PX) ** 2);
    await page.getByText('part of a region').waitFor();
    const notReached = ((side / PATCH_PX) ** 2 - ofLarge.length).toLocaleString('en');
    await page.getByText(`${notReached} not reached before it was cancelled`).waitFor();
    await drop(page, files.slice(0, 3));
    await untilDone(page);
    expect(await saveTable(page)).toHaveLength(3);
    // A browser tells of no change where the same files are chosen again, unless the field was emptied.
    expect(await page.getByLabel('Pictures to analyse').inputValue()).toBe('');
  });

  it('warns where the magnification is another one, and has its threads however one comes to it', {
    timeout: STEP_TIMEOUT_MS,
  }, async () => {
    const { files } = await makePatches();
    await page.getByLabel('µm per pixel of the pictures').fill('0.25');
    await drop(page, files.slice(0, 2));
    await page
      .getByText(
        /It has 0\.25 µm per pixel .* 2 times too large, and what the model says of it means nothing\./,
      )
      .waitFor();
    await page.getByRole('link', { name: 'Models', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await page.getByRole('link', { name: 'Analyse', exact: true }).click();
    await page.getByText(/The model is ready/).waitFor();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(complaints).toEqual([]);
  });
});
