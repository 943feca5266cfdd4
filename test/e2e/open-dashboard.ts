/** The whole platform with its dashboard, and a page of it in a real browser that notes what the browser complains of. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { readEnv } from '../../apps/cli/src/env.ts';
import { type Platform, startPlatform } from '../../apps/cli/src/platform/platform.ts';
import { createTestStore, type TestStore } from '../test-store.ts';
import { launchBrowser } from './browser.ts';

/** Of one step on a page: the machine may be busy with training. */
const STEP_TIMEOUT_MS = 120_000;
const WIDE = { width: 1440, height: 900 };

export type Dashboard = {
  platform: Platform;
  page: Page;
  /** What the platform told the one that started it. */
  steps: string[];
  /** Errors on the console and in scripts. */
  complaints: string[];
  close(): Promise<void>;
};

/** What is done with the platform before its dashboard is there is up to `prepare`. */
export async function openDashboard(request: {
  executablePath: string;
  homeDir: string;
  databaseUrl: string;
  artifactUrl?: string;
  /** Other variables of the platform's environment. Unless they name a backend, its worker tries none but `onnx`. */
  settings?: Record<string, string>;
  hasWorker?: boolean;
  prepare?: () => Promise<void>;
}): Promise<Dashboard> {
  const {
    executablePath,
    homeDir,
    databaseUrl,
    artifactUrl = `file:${homeDir}/artifacts`,
    hasWorker,
  } = request;
  const read = readEnv();
  const inherited = { TRAIN_BACKEND: 'onnx', ...read.inherited, ...request.settings };
  const env = { ...read, inherited, homeDir, artifactUrl, databaseUrl, apiPort: 0, webPort: 0 };
  const steps: string[] = [];
  const onStep = (step: string) => void steps.push(step);
  const platform = await startPlatform({ env, anyPort: true, importRoots: [homeDir], hasWorker, onStep });
  try {
    await request.prepare?.();
    await platform.startWeb();
    const browser = await launchBrowser(executablePath);
    // What turns and pulses is drawn sixty times a second, by the processor.
    const context = await browser.newContext({ viewport: WIDE, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    const close = async () => {
      await browser.close();
      await platform.stop();
    };
    return { platform, page, steps, complaints, close };
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

export type StoredDashboard = Dashboard & { homeDir: string; test: TestStore };

export type SetUp = {
  /** Other variables of the platform's environment. */
  settings?: Record<string, string>;
  /** Left out: yes. Pages need none: where nothing is trained, checked or analysed it is left away. */
  hasWorker?: boolean;
  /** Puts in what is to be there at the start. The API may import from below `homeDir`. */
  fill?: (test: TestStore & { homeDir: string }) => Promise<void>;
};

/** With a database, artifacts and a home of its own, which go when it closes. */
export async function openStoredDashboard(
  request: SetUp & { executablePath: string },
): Promise<StoredDashboard> {
  const homeDir = await mkdtemp(join(tmpdir(), 'microtome-e2e-'));
  const test = await createTestStore();
  const tidy = async () => {
    await test.close();
    await rm(homeDir, { recursive: true, force: true });
  };
  try {
    await request.fill?.({ ...test, homeDir });
    const { databaseUrl, artifactUrl } = test;
    const dashboard = await openDashboard({ ...request, homeDir, databaseUrl, artifactUrl });
    const close = async () => {
      await dashboard.close();
      await tidy();
    };
    return { ...dashboard, homeDir, test, close };
  } catch (error) {
    await tidy();
    throw error;
  }
}
