/**
 * Every page of the dashboard as people meet it: light and dark, on a desk and on a phone, at home and in another language
 * and time zone. On none does axe find a broken rule, does the page scroll sideways, or does the browser complain (it would,
 * where the server had drawn a date that the browser writes otherwise).
 */
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { findViolations } from '../accessibility.ts';
import { describeOnDashboard } from '../describe-on-dashboard.ts';
import { fillStore } from '../fill-store.ts';
import type { SetUp } from '../open-dashboard.ts';
import { listPages } from '../page-list.ts';

/** Forty pages, on a machine that does other things too. */
const WALK_TIMEOUT_MS = 900_000;
const STEP_TIMEOUT_MS = 120_000;
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const ELSEWHERE = { locale: 'de-DE', timezoneId: 'Asia/Kolkata' };

const READERS: [string, BrowserContextOptions][] = [
  ['light and wide', { colorScheme: 'light', viewport: WIDE }],
  ['dark and wide, elsewhere', { colorScheme: 'dark', viewport: WIDE, ...ELSEWHERE }],
  ['light and narrow, elsewhere', { colorScheme: 'light', viewport: NARROW, ...ELSEWHERE }],
  ['dark and narrow', { colorScheme: 'dark', viewport: NARROW }],
];

let pages: Record<string, string>;
const SET_UP: SetUp = {
  async fill({ store }) {
    pages = listPages(await fillStore(store));
  },
};

describeOnDashboard('every page', SET_UP, (dashboard) => {
  it.each(READERS)(
    'breaks no rule, fits and works: %s',
    async (_, reader) => {
      const context = await dashboard.page.context().browser()!.newContext(reader);
      const page = await context.newPage();
      page.setDefaultTimeout(STEP_TIMEOUT_MS);
      const complaints: string[] = [];
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      const found: Record<string, string[]> = {};
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(dashboard.platform.webUrl + path);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForLoadState('networkidle');
        found[name] = [
          ...(await findViolations(page)),
          ...(await findOverflow(page)),
          ...complaints.splice(0),
        ];
      }
      await context.close();
      expect(found).toEqual(Object.fromEntries(Object.keys(pages).map((name) => [name, []])));
    },
    WALK_TIMEOUT_MS,
  );

  it(
    'writes moments by the reader’s language and time zone, figures as its sentences do',
    async () => {
      const context = await dashboard.page
        .context()
        .browser()!
        .newContext({ viewport: WIDE, ...ELSEWHERE });
      const page = await context.newPage();
      page.setDefaultTimeout(STEP_TIMEOUT_MS);
      await page.goto(dashboard.platform.webUrl + pages.run);
      const time = page.locator('main time[title]').first();
      await time.waitFor();
      const at = new Date((await time.getAttribute('datetime'))!);
      const written = new Intl.DateTimeFormat('de-DE', {
        hour: 'numeric',
        minute: '2-digit',
        second: '2-digit',
        timeZone: ELSEWHERE.timezoneId,
      }).format(at);
      expect(await time.getAttribute('title')).toContain(written);
      expect(await page.locator('main').innerText()).toMatch(/\b0\.\d{3}\b/);
      await context.close();
    },
    STEP_TIMEOUT_MS,
  );
});

async function findOverflow(page: Page): Promise<string[]> {
  const beyondPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return beyondPx > 0 ? [`scrolls sideways by ${beyondPx} px`] : [];
}
