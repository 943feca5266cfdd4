/** What is done in the run table of 10,000 runs: filtered, sorted, scrolled, its columns searched. */
import type { Page } from 'playwright-core';
import { countWhile } from '../viewer/measure-page.ts';
import { percentile } from '../viewer/percentile.ts';
import { timeChange, type Watched } from './page-clock.ts';

const TIMES = 20;
const TABLE = 'table[aria-label="Runs"]';
const ROWS = `${TABLE} tbody tr:not([aria-hidden])`;
const BY_KEY: Watched = { shown: ROWS, event: 'keydown' };
const BY_CLICK: Watched = { shown: ROWS, event: 'click' };
const FIELDS_BY_KEY: Watched = { shown: 'section[aria-label="Fields"] li', event: 'keydown' };

export async function measureTable(page: Page) {
  const filters = await measureFilters(page);
  const sorts = await measureSorts(page);
  const scroll = await measureScroll(page);
  const chooser = await measureChooser(page);
  return {
    filterMedianMs: percentile(filters, 0.5),
    filter95Ms: percentile(filters, 0.95),
    sortMedianMs: percentile(sorts, 0.5),
    sort95Ms: percentile(sorts, 0.95),
    scrollFramesPerSecond: scroll.framesPerSecond,
    scrollTaskMsPerFrame: scroll.taskMsPerFrame,
    ...chooser,
  };
}

/** Each line was never asked before. The clock starts at Enter. */
async function measureFilters(page: Page): Promise<number[]> {
  const line = page.getByRole('combobox', { name: 'Filter line' });
  const times: number[] = [];
  for (let place = 0; place < TIMES; place++) {
    const text =
      place % 2 === 0 ? `max(score) > 0.${10 + place}` : `lr = ${place % 5} and seed != ${place % 10}`;
    await line.fill(text);
    times.push(await timeChange(page, BY_KEY, () => line.press('Enter')));
  }
  await page.getByRole('button', { name: 'Clear filters' }).click();
  return times;
}

async function measureSorts(page: Page): Promise<number[]> {
  const times: number[] = [];
  const titles = ['Name', 'Network', 'Launched'];
  for (let turn = 0; turn < TIMES; turn++) {
    const title = titles[turn % titles.length]!;
    const head = page.getByRole('columnheader', { name: title }).first().getByRole('button').first();
    times.push(await timeChange(page, BY_CLICK, () => head.click()));
  }
  return times;
}

async function measureScroll(page: Page) {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const box = (await page.locator(TABLE).boundingBox())!;
  await page.mouse.move(box.x + 300, box.y + 200);
  return countWhile(page, session, () => page.mouse.wheel(0, 60));
}

/** From the last letter to the fields that are found, among all names. */
async function measureChooser(page: Page) {
  await page.getByRole('button', { name: 'Columns', exact: true }).click();
  const search = page.getByRole('searchbox', { name: 'Search fields' });
  await search.waitFor();
  await page
    .getByRole('checkbox', { name: 'm.007', exact: true })
    .or(page.getByText('more; type to find them'))
    .first()
    .waitFor();
  const times: number[] = [];
  for (const number of [7, 31, 128, 255, 299]) {
    const name = `m.${String(number).padStart(3, '0')}`;
    await search.fill(name.slice(0, -1));
    times.push(await timeChange(page, FIELDS_BY_KEY, () => search.press(name.at(-1)!)));
  }
  await page.keyboard.press('Escape');
  return { chooserSearch95Ms: percentile(times, 0.95) };
}
