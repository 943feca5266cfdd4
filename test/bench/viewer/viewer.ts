/**
 * The viewer on a slide of 20,000 patches: tiles from a server that other clients keep busy, frames a second while the slide is
 * panned and zoomed in a real browser with every layer on, and how long after a move of the cursor the readout has changed.
 */
import type { Page } from 'playwright-core';
import { findBrowser, NO_BROWSER } from '../../e2e/browser.ts';
import { openStoredDashboard, type StoredDashboard } from '../../e2e/open-dashboard.ts';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { measureTiles } from './measure-tiles.ts';

const PATCHES = 20_000;
const PATCH_PX = 16;
const PATIENTS = 4;
const PAN_MS = 4_000;
const HOVERS = 200;
const LAYERS = 'probability,called,truth,errors';

const executablePath = findBrowser();
if (!executablePath) throw new Error(NO_BROWSER);
let runId = '';
const dashboard = await openStoredDashboard({
  executablePath,
  async fill({ store }) {
    const bench = await createBench(store, {
      patients: PATIENTS,
      patchesPerPatient: PATCHES,
      patchSizePx: PATCH_PX,
    });
    const run = await launchTestRun(store, bench);
    await finishTestRun(store, run, { skill: 0.5, threshold: 0.5 });
    runId = run.id;
  },
});
try {
  const tiles = await measureTiles(dashboard.platform.apiUrl, await findSlide(dashboard));
  const openedMs = await openSlide(dashboard);
  const panned = await measurePan(dashboard.page);
  const hover = await measureHover(dashboard.page);
  const figures = { patches: PATCHES, ...tiles, openedMs, ...panned, ...hover };
  console.table(figures);
  console.log(JSON.stringify(figures));
} finally {
  await dashboard.close();
}

async function findSlide({ test }: StoredDashboard): Promise<string> {
  const { rows } = await test.store.database.pool.query<{ id: string }>(
    `select slide.id from slide join split_patient using (patient_id) where subset = 'VALIDATION' limit 1`,
  );
  return rows[0]!.id;
}

/** Until every tile and the layers are there. */
async function openSlide({ page, platform }: StoredDashboard): Promise<number> {
  const slide = await findSlide(dashboard);
  const startMs = performance.now();
  await page.goto(`${platform.webUrl}/viewer?run=${runId}&slide=${slide}&layers=${LAYERS}`);
  await page.getByRole('checkbox', { name: 'Errors' }).waitFor();
  await page.getByText('Loading tiles…').waitFor({ state: 'detached' });
  return Math.round(performance.now() - startMs);
}

/** The browser's own clock and its processor time, while the slide goes round under the hand. */
async function measurePan(page: Page) {
  const box = (await page.locator('[data-stage]').boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const readTaskMs = async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0);
  };
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -300);
  await page.mouse.down();
  const before = await readTaskMs();
  const counting = page.evaluate(countFrames, PAN_MS);
  const startMs = performance.now();
  for (let step = 0; performance.now() - startMs < PAN_MS; step++) {
    await page.mouse.move(x + 150 * Math.sin(step / 15), y + 100 * Math.cos(step / 15));
  }
  const gaps = await counting;
  const taskMs = (await readTaskMs()) - before;
  await page.mouse.up();
  return {
    framesPerSecond: Math.round((1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0)),
    slowestFrameMs: Math.round(Math.max(...gaps)),
    taskMsPerFrame: Math.round((10 * taskMs) / gaps.length) / 10,
  };
}

/** In the page: milliseconds between one frame and the next. */
function countFrames(lengthMs: number): Promise<number[]> {
  return new Promise((resolve) => {
    const gaps: number[] = [];
    const startMs = performance.now();
    let last = startMs;
    const frame = (now: number) => {
      if (now > last) gaps.push(now - last);
      last = Math.max(last, now);
      if (now - startMs < lengthMs) requestAnimationFrame(frame);
      else resolve(gaps);
    };
    requestAnimationFrame(frame);
  });
}

/** From the browser's time stamp of a move to the change of the readout. */
async function measureHover(page: Page) {
  const box = (await page.locator('[data-stage]').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator('[data-readout]').waitFor();
  await page.evaluate(() => {
    const delays: number[] = [];
    let movedAt = 0;
    document.querySelector('[data-stage]')!.addEventListener(
      'pointermove',
      (event) => {
        movedAt = event.timeStamp;
      },
      { capture: true },
    );
    new MutationObserver(() => {
      if (movedAt > 0) delays.push(performance.now() - movedAt);
      movedAt = 0;
    }).observe(document.querySelector('[data-readout]')!, {
      characterData: true,
      childList: true,
      subtree: true,
    });
    (window as unknown as { delays: number[] }).delays = delays;
  });
  for (let step = 0; step < HOVERS; step++) {
    await page.mouse.move(
      box.x + box.width / 2 + 200 * Math.sin(step / 9),
      box.y + box.height / 2 + 100 * Math.cos(step / 7),
    );
  }
  const delays = await page.evaluate(() => (window as unknown as { delays: number[] }).delays);
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share: number) =>
    Math.round(10 * (sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN)) / 10;
  return { hovers: delays.length, hoverMedianMs: at(0.5), hover95Ms: at(0.95) };
}
