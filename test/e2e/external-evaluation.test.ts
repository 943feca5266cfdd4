/** A person puts a trained run to the test on another centre's patients, and reads how it did. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createListener } from '@microtome/store/database/listen';
import { openStore, type Store } from '@microtome/store/store';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '../../apps/cli/src/env.ts';
import { type Platform, startPlatform } from '../../apps/cli/src/platform/platform.ts';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { findBrowser, launchBrowser, NO_BROWSER } from './browser.ts';
import {
  type ExamBench,
  prepareExam,
  putToTheTest,
  readModel,
  readResult,
  seeRefusal,
} from './exam-steps.ts';

const STEP_TIMEOUT_MS = 120_000;
const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('another centre as the exam, in a browser', () => {
  let homeDir: string;
  let database: TestDatabase;
  let platform: Platform;
  let store: Store;
  let browser: Browser;
  let page: Page;
  let bench: ExamBench;
  const complaints: string[] = [];

  beforeAll(async () => {
    homeDir = await mkdtemp(join(tmpdir(), 'microtome-exam-'));
    database = await createTestDatabase();
    const { databaseUrl } = database;
    const artifactUrl = `file:${homeDir}/artifacts`;
    const env = { ...readEnv(), homeDir, artifactUrl, databaseUrl, apiPort: 0, webPort: 0 };
    platform = await startPlatform({ env, anyPort: true, importRoots: [homeDir], onStep: () => {} });
    store = await openStore({ databaseUrl, artifactUrl });
    bench = await prepareExam(store, waitUntilSucceeded);
    await platform.startWeb();
    browser = await launchBrowser(executablePath!);
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await store?.close();
    await platform?.stop();
    await database?.drop();
    await rm(homeDir, { recursive: true, force: true });
  }, 120_000);

  it('refuses the patients it knows, examines the others, and shows it on the model and its card', async () => {
    await seeRefusal(page, platform.webUrl, bench);
    await putToTheTest(page);
    await readResult(page);
    await readModel(page, platform.webUrl, bench);
    expect(complaints).toEqual([]);
  }, 400_000);

  async function waitUntilSucceeded(runId: string): Promise<void> {
    const listener = createListener(database.databaseUrl);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const look = () =>
      store.database.prisma.run
        .findUniqueOrThrow({ where: { id: runId } })
        .then(({ status }) => (status === 'SUCCEEDED' ? resolve() : undefined), reject);
    const unsubscribe = listener.subscribe('run_changed', look);
    listener.onReconnect(look);
    await look();
    await promise;
    unsubscribe();
    await listener.close();
  }
});
