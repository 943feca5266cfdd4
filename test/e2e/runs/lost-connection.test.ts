/**
 * A run that trains, followed in two browsers. The WebSocket of one is dropped: its page says so meanwhile, and has every epoch
 * afterwards; the other goes on.
 */

import { claimRun, launchRun } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import type { Store } from '@microtome/store/store';
import type { Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBench } from '../../fixtures/run.ts';
import { findBrowser, NO_BROWSER } from '../browser.ts';
import { openStoredDashboard, type StoredDashboard } from '../open-dashboard.ts';

const EPOCHS = 40;
const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('a run that is followed while the connection is lost', () => {
  let dashboard: StoredDashboard;
  let table: Page;
  let runPage: Page;
  let runId: string;
  let addEpochs: (through: number) => Promise<void>;
  const sockets: WebSocketRoute[] = [];
  let isDropped = false;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      async fill({ store }) {
        ({ runId, addEpochs } = await startRun(store));
      },
    });
    runPage = dashboard.page;
    table = await (await runPage.context().browser()!.newContext()).newPage();
    table.setDefaultTimeout(120_000);
    await runPage.routeWebSocket(/\/graphql/, (socket) => {
      if (isDropped) return void socket.close({ code: 1001 });
      socket.connectToServer();
      sockets.push(socket);
    });
  }, 400_000);

  afterAll(() => dashboard?.close(), 120_000);

  const done = (page: Page, epoch: number) =>
    page
      .getByText(new RegExp(`[Ee]poch ${epoch}\\b`))
      .first()
      .waitFor();
  const isSaidLost = (page: Page) => page.getByText('The API does not answer').waitFor();
  const isWhole = (page: Page) => page.getByText('The API does not answer').waitFor({ state: 'detached' });

  it('is shown alike in both, each epoch as it comes', async () => {
    await runPage.goto(`${dashboard.platform.webUrl}/runs/${runId}`);
    await table.goto(`${dashboard.platform.webUrl}/runs`);
    await addEpochs(2);
    await Promise.all([done(runPage, 2), done(table, 2)]);
  }, 300_000);

  it('is said to be out of date by the page whose socket is gone, and by no other; then it has every epoch', async () => {
    isDropped = true;
    for (const socket of sockets) await socket.close({ code: 1001 });
    await isSaidLost(runPage);
    await addEpochs(4);
    await done(table, 4);
    expect(await table.getByText('The API does not answer').count()).toBe(0);
    isDropped = false;
    await isWhole(runPage);
    await done(runPage, 4);
  }, 300_000);
});

/** A run that no worker of the platform takes, and its epochs one after the other. */
async function startRun(store: Store) {
  const bench = await createBench(store, { patchSizePx: 16 });
  const { id: runId } = await launchRun(store, {
    experimentId: bench.experimentId,
    splitId: bench.split.id,
    hyperparameters: { epochs: EPOCHS },
    backend: 'tensorflow',
  });
  const { attempt } = (await claimRun(store, { runId, workerId: 'test' }))!;
  // However long the machine takes, its worker never falls silent.
  await store.database.pool.query(
    `update run_attempt set heartbeat_at = now() + interval '1 hour' where run_id = $1`,
    [runId],
  );
  let epoch = 0;
  async function addEpochs(through: number): Promise<void> {
    while (epoch < through) {
      epoch++;
      const checkpoint = await store.artifacts.put(Buffer.from(`${epoch}`), 'application/octet-stream');
      const metrics = { 'train.loss': 1 / epoch, 'validation.auc': 1 - 0.5 / epoch };
      const isKept = await recordEpoch(store, {
        runId,
        attempt,
        epoch,
        step: epoch,
        metrics,
        checkpoint,
        best: false,
      });
      expect(isKept).toBe(true);
    }
  }
  return { runId, addEpochs };
}
