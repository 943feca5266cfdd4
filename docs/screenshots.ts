/**
 * `npm run screenshots`: starts a platform of its own on the generated sample, does what a person would do, and takes a
 * picture of every page in light and dark, wide and narrow, into docs/images. Needs a Chromium (see CONTRIBUTING.md).
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { CreateExperimentDocument, CreateSplitDocument } from '../apps/cli/generated/graphql.ts';
import { readEnv } from '../apps/cli/src/env.ts';
import { createGraphqlClient, type GraphqlClient } from '../apps/cli/src/graphql/graphql-client.ts';
import { startPlatform } from '../apps/cli/src/platform/platform.ts';
import { findBrowser, launchBrowser, NO_BROWSER } from '../test/e2e/browser.ts';
import { listPages, type ShownIds } from '../test/e2e/page-list.ts';
import {
  FindIdsDocument,
  IsSweepSettledDocument,
  LaunchSweepDocument,
  type LaunchSweepInput,
  OpenSweepTestDocument,
} from './generated/graphql.ts';

const IMAGES_DIR = fileURLToPath(new URL('./images', import.meta.url));
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
/** Charts draw themselves in over this time. */
const SETTLE_MS = 1_200;
const POLL_MS = 2_000;

const executablePath = findBrowser();
if (!executablePath) throw new Error(NO_BROWSER);
const homeDir = process.argv[2] ?? (await mkdtemp(join(tmpdir(), 'microtome-pictures-')));
runDemo(homeDir);
const env = { ...readEnv(), homeDir, artifactUrl: `file:${homeDir}/artifacts`, apiPort: 0, webPort: 0 };
const platform = await startPlatform({ env, anyPort: true, importRoots: [homeDir], onStep: console.log });
await platform.startWeb();
const browser = await launchBrowser(executablePath);
try {
  await mkdir(IMAGES_DIR, { recursive: true });
  const pages = listPages(await findIds(platform.apiUrl));
  for (const theme of ['light', 'dark'] as const) {
    for (const size of ['wide', 'narrow'] as const) await takePictures({ browser, theme, size, pages });
  }
} finally {
  await browser.close();
  await platform.stop();
  if (!process.argv[2]) await rm(homeDir, { recursive: true, force: true });
}

/** The demo fills the platform: a dataset, a split, two runs, a model with its promotion. */
function runDemo(home: string): void {
  const demo = fileURLToPath(new URL('../apps/cli/src/demo.ts', import.meta.url));
  execFileSync(process.execPath, [demo, '--epochs', '8', '--exit'], {
    env: { ...readEnv().inherited, MICROTOME_HOME: home },
    stdio: 'inherit',
  });
}

/** What the demo made, and an unsafe split, which the pages must mark. */
async function findIds(apiUrl: string): Promise<ShownIds> {
  const client = createGraphqlClient(apiUrl);
  const found = await client.request(FindIdsDocument, {});
  const dataset = found.datasets.edges[0]!.node.id;
  const split = found.splits.edges[0]!.node.id;
  const runs = found.runs.edges.map(({ node }) => node);
  const input = { datasetId: dataset, strategy: 'RANDOM_PATCH' as const, seed: 1 };
  const { createSplit } = await client.request(CreateSplitDocument, { input });
  const sweeps = await runSweeps(client, { dataset, split });
  await client.close();
  return {
    dataset,
    sweeps,
    split,
    unsafeSplit: createSplit.splits[0]!.id,
    runs: runs.map(({ id }) => id),
    slide: runs[0]!.slides[0]!.slide.id,
    model: found.models.edges[0]!.node.id,
  };
}

/** Two small sweeps, trained to their end. */
async function runSweeps(
  client: GraphqlClient,
  { dataset, split }: { dataset: string; split: string },
): Promise<ShownIds['sweeps']> {
  const { createExperiment } = await client.request(CreateExperimentDocument, {
    input: { datasetId: dataset, name: 'Which learning rate?' },
  });
  const launch = async (sweep: Omit<LaunchSweepInput, 'experimentId'>) => {
    const input = { experimentId: createExperiment.id, ...sweep };
    const { id } = (await client.request(LaunchSweepDocument, { input })).launchSweep;
    while (!(await client.request(IsSweepSettledDocument, { id })).sweep?.settled) await setTimeout(POLL_MS);
    return id;
  };
  const learningRate = { low: 1e-4, high: 1e-2, log: true };
  const halving = await launch({
    name: 'Halving',
    strategy: 'HALVING',
    splitIds: [split],
    base: { width: 0.5 },
    space: { learningRate, batchSize: [16, 32, 64] },
    trials: 8,
    eta: 2,
    minEpochs: 1,
    maxEpochs: 6,
  });
  const folds = await launch({
    name: 'Five folds',
    strategy: 'FOLDS',
    folds: 5,
    base: { width: 0.5, epochs: 3 },
  });
  await client.request(OpenSweepTestDocument, { id: folds });
  return { halving, folds };
}

async function takePictures(request: {
  browser: Browser;
  theme: 'light' | 'dark';
  size: keyof typeof SIZES;
  pages: Record<string, string>;
}): Promise<void> {
  const { theme, size } = request;
  const context = await request.browser.newContext({ viewport: SIZES[size], colorScheme: theme });
  const page = await context.newPage();
  for (const [name, path] of Object.entries(request.pages)) {
    await page.goto(platform.webUrl + path, { waitUntil: 'domcontentloaded' });
    await page.getByRole('heading', { level: 1 }).first().waitFor();
    await page.waitForTimeout(SETTLE_MS);
    const picture = await page.screenshot({ fullPage: size === 'wide' });
    const file = join(IMAGES_DIR, `${name}-${theme}-${size}.webp`);
    await sharp(picture).webp({ quality: 80 }).toFile(file);
  }
  await context.close();
}
