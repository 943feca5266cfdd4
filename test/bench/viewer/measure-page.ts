/** What a person waits for in the viewer, measured in the page itself: tiles, frames while a slide is moved, the readout under the cursor. */
import type { CDPSession, Page } from 'playwright-core';
import { percentile } from './percentile.ts';

const MOVE_MS = 4_000;
const HOVERS = 150;

/** Until the view is whole, and of that how long tiles were asked for. The browser keeps none. */
export async function measureOpening(page: Page, address: string) {
  const startMs = performance.now();
  await page.goto(address);
  await page.getByRole('checkbox', { name: 'Errors' }).waitFor();
  await page.getByText('Loading tiles…').waitFor({ state: 'detached' });
  const openedMs = Math.round(performance.now() - startMs);
  const tiles = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('/tiles/'))
      .map(({ startTime, duration }) => ({ from: startTime, to: startTime + duration })),
  );
  const first = Math.min(...tiles.map(({ from }) => from));
  const last = Math.max(...tiles.map(({ to }) => to));
  return { openedMs, firstTiles: tiles.length, firstTilesMs: Math.round(last - first) };
}

/** Frames a second while a hand draws the slide round, and while it zooms in and out; and what a frame costs the page's own thread. */
export async function measureMoves(page: Page) {
  const session = await page.context().newCDPSession(page);
  // In time of the processor, which other work on the machine takes nothing of.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const { x, y } = await findMiddle(page);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -300);
  await page.mouse.down();
  const pan = await countWhile(page, session, (step) =>
    page.mouse.move(x + 150 * Math.sin(step / 15), y + 100 * Math.cos(step / 15)),
  );
  await page.mouse.up();
  const zoom = await countWhile(page, session, (step) => page.mouse.wheel(0, step % 60 < 30 ? -40 : 40));
  return {
    panFramesPerSecond: pan.framesPerSecond,
    panTaskMsPerFrame: pan.taskMsPerFrame,
    zoomFramesPerSecond: zoom.framesPerSecond,
    zoomTaskMsPerFrame: zoom.taskMsPerFrame,
  };
}

export async function countWhile(page: Page, session: CDPSession, move: (step: number) => Promise<void>) {
  const before = await readTaskMs(session);
  const counting = page.evaluate(countFrames, MOVE_MS);
  const startMs = performance.now();
  for (let step = 0; performance.now() - startMs < MOVE_MS; step++) await move(step);
  const gaps = await counting;
  const taskMs = (await readTaskMs(session)) - before;
  return {
    framesPerSecond: Math.round((1000 * gaps.length) / gaps.reduce((sum, gap) => sum + gap, 0)),
    taskMsPerFrame: Math.round((10 * taskMs) / gaps.length) / 10,
  };
}

async function readTaskMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
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
export async function measureHover(page: Page) {
  const { x, y } = await findMiddle(page);
  await page.mouse.move(x, y);
  await page.locator('[data-readout]').waitFor();
  await page.evaluate(noteDelays);
  for (let step = 0; step < HOVERS; step++) {
    await page.mouse.move(x + 200 * Math.sin(step / 9), y + 100 * Math.cos(step / 7));
  }
  const delays = await page.evaluate(() => (window as unknown as { delays: number[] }).delays);
  return {
    hovers: delays.length,
    hoverMedianMs: percentile(delays, 0.5),
    hover95Ms: percentile(delays, 0.95),
  };
}

/** In the page. */
function noteDelays(): void {
  const delays: number[] = [];
  let movedAt = 0;
  const note = (event: Event) => {
    movedAt = event.timeStamp;
  };
  document.querySelector('[data-stage]')?.addEventListener('pointermove', note, { capture: true });
  new MutationObserver(() => {
    if (movedAt > 0) delays.push(performance.now() - movedAt);
    movedAt = 0;
  }).observe(document.querySelector('[data-readout]')!, {
    characterData: true,
    childList: true,
    subtree: true,
  });
  (window as unknown as { delays: number[] }).delays = delays;
}

async function findMiddle(page: Page): Promise<{ x: number; y: number }> {
  const box = (await page.locator('[data-stage]').boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
