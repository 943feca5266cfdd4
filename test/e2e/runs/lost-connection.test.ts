/**
 * A run that trains, followed in two browsers. The WebSocket of one is dropped: its page says so meanwhile, and has every epoch
 * afterwards; the other goes on.
 */
import type { Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, NO_BROWSER } from '../browser.ts';
import { openStoredDashboard, type StoredDashboard } from '../open-dashboard.ts';
import {
  countSaidLost,
  waitForEpoch as done,
  waitUntilSaidLost as isSaidLost,
  waitUntilWhole as isWhole,
  type SlowRun,
  startSlowRun,
} from './epoch-steps.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);

describe.skipIf(!executablePath)('a run that is followed while the connection is lost', () => {
  let dashboard: StoredDashboard;
  let table: Page;
  let runPage: Page;
  let runId: string;
  let addEpochs: SlowRun['addEpochs'];
  const sockets: WebSocketRoute[] = [];
  let isDropped = false;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      hasWorker: false,
      async fill({ store }) {
        ({ runId, addEpochs } = await startSlowRun(store));
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
    expect(await countSaidLost(table)).toBe(0);
    isDropped = false;
    await isWhole(runPage);
    await done(runPage, 4);
  }, 300_000);
});
