/** The same work in MLflow's own page: opened with its list of runs, filtered, sorted, scrolled, and the curves of one run. */
import type { Page } from 'playwright-core';
import { countWhile } from '../viewer/measure-page.ts';
import { percentile } from '../viewer/percentile.ts';
import { timeChange, timeOpening, type Watched } from './page-clock.ts';

const TIMES = 20;
/** A row has a part for each side of the grid: the names stand in the one that stays while the others scroll. */
const ROW = '.ag-row';
/** The name of a run: a row is there before what it shows is. */
const NAME = `${ROW} a`;
/** Of one step: its server shares two cores with the browser. */
const STEP_TIMEOUT_MS = 120_000;
const BY_KEY: Watched = { shown: ROW, event: 'keydown' };
const BY_CLICK: Watched = { shown: ROW, event: 'click' };
const GRID = '.ag-root';
const CURVE = '.js-plotly-plot .main-svg';

export async function measureTheirs(page: Page, place: { url: string; experimentId: string; runId: string }) {
  const runs = `${place.url}/#/experiments/${place.experimentId}/runs`;
  // As with ours: people come later than the first one.
  page.setDefaultTimeout(STEP_TIMEOUT_MS);
  await timeOpening(page, { url: runs, selector: NAME });
  const opening = await timeOpening(page, { url: runs, selector: NAME });
  const filters = await measureFilters(page);
  const sorts = await measureSorts(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const box = (await page.locator(GRID).first().boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 200);
  const scroll = await countWhile(page, session, () => page.mouse.wheel(0, 60));
  const long = { url: `${runs}/${place.runId}/model-metrics`, selector: CURVE };
  const firstLong = await timeOpening(page, long);
  const laterLong = await timeOpening(page, long);
  return {
    ...opening,
    filterMedianMs: percentile(filters, 0.5),
    filter95Ms: percentile(filters, 0.95),
    sortMedianMs: percentile(sorts, 0.5),
    sort95Ms: percentile(sorts, 0.95),
    scrollFramesPerSecond: scroll.framesPerSecond,
    scrollTaskMsPerFrame: scroll.taskMsPerFrame,
    longRunFirstShownMs: firstLong.shownMs,
    longRunShownMs: laterLong.shownMs,
  };
}

async function measureFilters(page: Page): Promise<number[]> {
  const line = page.getByPlaceholder(/metrics\.rmse/).first();
  const times: number[] = [];
  for (let turn = 0; turn < TIMES; turn++) {
    await line.fill(
      turn % 2 === 0 ? `metrics.score > 0.${10 + turn}` : `params.learningRate = "${turn % 5}"`,
    );
    times.push(await timeChange(page, BY_KEY, () => line.press('Enter')));
  }
  await line.fill('');
  await timeChange(page, BY_KEY, () => line.press('Enter'));
  return times;
}

async function measureSorts(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < TIMES; turn++) {
    const title = turn % 2 === 0 ? 'Run Name' : 'Created';
    const head = page.locator(GRID).getByText(title, { exact: true }).first();
    times.push(await timeChange(page, BY_CLICK, () => head.click()));
  }
  return times;
}
