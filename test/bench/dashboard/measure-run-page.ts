/** The page of a run with 500 epochs: opened, its tabs changed and its curves drawn while it trains, its memory over an hour. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CDPSession, Page } from 'playwright-core';
import { percentile } from '../viewer/percentile.ts';
import type { LiveRun } from './live-run.ts';
import { timeChange, timeOpening, type Watched } from './page-clock.ts';

const EPOCH_MS = 1_000;
const WATCHED_EPOCHS_MS = 20_000;
const TAB_CHANGES = 20;
const PANEL: Watched = { shown: '[role="tabpanel"]:not([hidden])', event: 'mousedown' };
const TABS = ['Log', 'Training', 'Hyperparameters', 'Training'];
/** A curve is drawn at most once a second: one that has just been drawn waits, and what is told then is the rule. */
const WATCHED_EPOCH_MS = 1_500;
/** Longer than that, the drawing belongs to the next epoch. */
const DRAWN_WITHIN_MS = 1_450;
/** Else the drawing may be of what was there before the epoch. */
const IDLE_MS = 100;
const MEGABYTE = 1_000_000;

type Drawings = { drawnAtMs: number[] };

export async function measureRunPage(page: Page, { webUrl, run }: { webUrl: string; run: LiveRun }) {
  await page.addInitScript(noteDrawings);
  const opening = await timeOpening(page, { url: `${webUrl}/runs/${run.id}`, selector: 'canvas' });
  const { result: tabs } = await run.trainWhile(EPOCH_MS, () => changeTabs(page));
  const { commitsMs } = await run.trainWhile(WATCHED_EPOCH_MS, () => delay(WATCHED_EPOCHS_MS));
  const drawnAtMs = await page.evaluate(() => (window as unknown as Drawings).drawnAtMs);
  const delays = commitsMs.slice(1).flatMap((commitMs) => {
    const drawnMs = drawnAtMs.find((moment) => moment >= commitMs) ?? Number.POSITIVE_INFINITY;
    const isIdleBefore = !drawnAtMs.some((moment) => moment < commitMs && moment > commitMs - IDLE_MS);
    return isIdleBefore && drawnMs - commitMs < DRAWN_WITHIN_MS ? [drawnMs - commitMs] : [];
  });
  return {
    runPageShownMs: opening.shownMs,
    runPageInteractiveMs: opening.interactiveMs,
    tabMedianMs: percentile(tabs, 0.5),
    tab95Ms: percentile(tabs, 0.95),
    epochsDrawn: `${delays.length} of ${commitsMs.length - 1}`,
    epochToPixelMedianMs: percentile(delays, 0.5),
    epochToPixel95Ms: percentile(delays, 0.95),
  };
}

async function changeTabs(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < TAB_CHANGES; turn++) {
    const name = TABS[turn % TABS.length]!;
    const tab = page.getByRole('tab', { name, exact: true });
    times.push(await timeChange(page, PANEL, () => tab.click()));
  }
  return times;
}

/** In the page, before its own scripts: when a canvas was drawn on, on the clock of the database's machine, which is this one. */
function noteDrawings(): void {
  const drawnAtMs: number[] = [];
  const own = CanvasRenderingContext2D.prototype;
  const { beginPath } = own;
  own.beginPath = function begin(this: CanvasRenderingContext2D): void {
    const nowMs = Date.now();
    // One drawing has many lines.
    if (nowMs - (drawnAtMs.at(-1) ?? 0) > 10) drawnAtMs.push(nowMs);
    beginPath.call(this);
  };
  (window as unknown as Drawings).drawnAtMs = drawnAtMs;
}

/** The page's memory after each sixth of the events of an hour, with one epoch a second, played as fast as they are kept. */
export async function measureHeap(page: Page, run: LiveRun, { events }: { events: number }) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const sizes: number[] = [];
  for (let part = 0; part < 6; part++) {
    await run.addEpochs(Math.ceil(events / 6));
    await delay(EPOCH_MS);
    sizes.push(await readHeap(session));
  }
  // The first sixth warms up what is kept once.
  return {
    heapMegabytes: sizes.join(' '),
    heapGrowthMegabytes: Math.round(10 * (sizes.at(-1)! - sizes[1]!)) / 10,
  };
}

async function readHeap(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const bytes = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? Number.NaN;
  return Math.round((10 * bytes) / MEGABYTE) / 10;
}
