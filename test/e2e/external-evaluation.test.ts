/** A person puts a trained run to the test on another centre's patients, and reads how it did. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createListener } from '@microtome/store/database/listen';
import { openStore, type Store } from '@microtome/store/store';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test-database.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import {
  type ExamBench,
  prepareExam,
  putToTheTest,
  readModel,
  readResult,
  seeRefusal,
} from './exam-steps.ts';
import { type Dashboard, openDashboard } from './open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('another centre as the exam, in a browser', () => {
  let homeDir: string;
  let database: TestDatabase;
  let dashboard: Dashboard;
  let store: Store;
  let page: Page;
  let bench: ExamBench;

  beforeAll(async () => {
    homeDir = await mkdtemp(join(tmpdir(), 'microtome-exam-'));
    database = await createTestDatabase();
    const { databaseUrl } = database;
    const artifactUrl = `file:${homeDir}/artifacts`;
    dashboard = await openDashboard({
      executablePath: executablePath!,
      homeDir,
      databaseUrl,
      artifactUrl,
      prepare: async () => {
        store = await openStore({ databaseUrl, artifactUrl });
        bench = await prepareExam(store, waitUntilSucceeded);
      },
    });
    page = dashboard.page;
  }, 300_000);

  afterAll(async () => {
    await dashboard?.close();
    await store?.close();
    await database?.drop();
    await rm(homeDir, { recursive: true, force: true });
  }, 120_000);

  it('refuses the patients it knows, examines the others, and shows it on the model and its card', async () => {
    await seeRefusal(page, dashboard.platform.webUrl, bench);
    await putToTheTest(page);
    await readResult(page);
    await readModel(page, dashboard.platform.webUrl, bench);
    expect(dashboard.complaints).toEqual([]);
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
