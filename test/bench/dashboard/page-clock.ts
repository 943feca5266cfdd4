/** A clock in the page itself: from what a person does to the next frame in which what was asked for has changed. */
import type { Page } from 'playwright-core';

/** What is looked at, and where the clock starts. */
export type Watched = {
  /** Each of what is shown: rows, a panel. The clock ends when there is one, and their texts are others than before. */
  shown: string;
  event: 'keydown' | 'click' | 'mousedown';
};

type Timed = { timed?: Promise<number> };

/** Milliseconds from the first such event of `act` to the frame after the change. */
export async function timeChange(page: Page, watched: Watched, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate(startClock, watched);
  await act();
  const tookMs = await page.evaluate(() => (window as unknown as Timed).timed ?? Number.NaN);
  if (Number.isNaN(tookMs)) throw new Error(`Nothing changed in ${watched.shown} on ${page.url()}.`);
  return tookMs;
}

/** In the page. */
function startClock({ shown, event }: Watched): void {
  const LONGEST_MS = 30_000;
  const read = () => [...document.querySelectorAll(shown)].map((part) => part.textContent).join('\n');
  const before = read();
  let startMs = Number.NaN;
  const start = ({ timeStamp }: Event) => {
    if (Number.isNaN(startMs)) startMs = timeStamp;
  };
  window.addEventListener(event, start, { capture: true });
  (window as unknown as Timed).timed = new Promise((resolve) => {
    const finish = (tookMs: () => number) => {
      seeing.disconnect();
      window.removeEventListener(event, start, { capture: true });
      clearTimeout(giveUp);
      requestAnimationFrame(() => setTimeout(() => resolve(tookMs())));
    };
    const seeing = new MutationObserver(() => {
      if (Number.isNaN(startMs)) return;
      const now = read();
      if (now.trim() !== '' && now !== before) finish(() => performance.now() - startMs);
    });
    const giveUp = setTimeout(() => finish(() => Number.NaN), LONGEST_MS);
    seeing.observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  });
}

type Opening = { firstContentMs: number; shownMs: number; interactiveMs: number };

/** Until the page paints something, shows what it is for, and is free for a click after that. From the start of the navigation. */
export async function timeOpening(
  page: Page,
  { url, selector }: { url: string; selector: string },
): Promise<Opening> {
  // Another document first, so that the navigation is none within the page.
  await page.goto('about:blank');
  await page.goto(url, { waitUntil: 'commit' });
  await page.locator(selector).first().waitFor();
  return page.evaluate(async () => {
    const shownMs = performance.now();
    await new Promise((resolve) => requestIdleCallback(resolve));
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    const round = (ms: number) => Math.round(ms);
    return {
      firstContentMs: round(paint?.startTime ?? Number.NaN),
      shownMs: round(shownMs),
      interactiveMs: round(performance.now()),
    };
  });
}
