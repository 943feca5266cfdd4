/**
 * Every page of the dashboard as people meet it: light and dark, on a desk and on a phone, in another language and time zone
 * than the server's. On none does axe find a broken rule, does the page scroll sideways, is anything that belongs to it
 * refused by its policy, or does the browser complain (it would, where the server had drawn a date that the browser writes otherwise).
 */
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { findViolations, readShape } from '../accessibility.ts';
import { hearComplaints } from '../browser.ts';
import { describeOnDashboard } from '../describe-on-dashboard.ts';
import { fillStore } from '../fill-store.ts';
import type { SetUp } from '../open-dashboard.ts';
import { listPages } from '../page-list.ts';

/** Fifty pages, each looked at in four ways, on a machine that does other things too. */
const WALK_TIMEOUT_MS = 2_400_000;
const STEP_TIMEOUT_MS = 120_000;
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const LOOKS = [
  ['light', 'wide'],
  ['dark', 'wide'],
  ['dark', 'narrow'],
  ['light', 'narrow'],
] as const;
const ELSEWHERE = { locale: 'de-DE', timezoneId: 'Asia/Kolkata' };

let pages: Record<string, string>;
const SET_UP: SetUp = {
  async fill({ store }) {
    pages = listPages(await fillStore(store));
  },
};

describeOnDashboard('every page', SET_UP, (dashboard) => {
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    page = await dashboard.page
      .context()
      .browser()!
      .newPage({ ...ELSEWHERE, reducedMotion: 'reduce' });
    page.setDefaultTimeout(STEP_TIMEOUT_MS);
    complaints = await hearComplaints(page);
  });

  it(
    'breaks no rule, fits and works, in both themes and widths',
    async () => {
      const found: Record<string, string[]> = {};
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(dashboard.platform.webUrl + path);
        await page.getByRole('heading', { level: 1 }).first().waitFor();
        await page.waitForLoadState('networkidle');
        const faults: string[] = [];
        const seen = new Set<string>();
        for (const [theme, size] of LOOKS) {
          await look(page, theme, size);
          const shape = await readShape(page);
          // In another theme a page mostly has the same elements at the same places.
          const violations = await findViolations(page, seen.has(shape) ? 'colours' : 'everything');
          seen.add(shape);
          const here = [...violations, ...(await findOverflow(page))];
          faults.push(...here.map((fault) => `${theme}, ${size}: ${fault}`));
        }
        found[name] = [...faults, ...complaints.splice(0)];
      }
      expect(found).toEqual(Object.fromEntries(Object.keys(pages).map((name) => [name, []])));
    },
    WALK_TIMEOUT_MS,
  );

  it(
    'writes moments by the reader’s language and time zone, figures as its sentences do',
    async () => {
      await look(page, 'light', 'wide');
      await page.goto(dashboard.platform.webUrl + pages.run);
      const time = page.locator('main time[title]').first();
      await time.waitFor();
      const at = new Date((await time.getAttribute('datetime'))!);
      const clock = { hour: 'numeric', minute: '2-digit', second: '2-digit' } as const;
      const zone = { timeZone: ELSEWHERE.timezoneId };
      const written = new Intl.DateTimeFormat(ELSEWHERE.locale, { ...clock, ...zone }).format(at);
      expect(await time.getAttribute('title')).toContain(written);
      expect(await page.locator('main').innerText()).toMatch(/\b0\.\d{3}\b/);
    },
    STEP_TIMEOUT_MS,
  );
});

async function look(page: Page, theme: 'light' | 'dark', size: keyof typeof SIZES): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.setViewportSize(SIZES[size]);
  await page.locator(theme === 'dark' ? 'html.dark' : 'html:not(.dark)').waitFor({ state: 'attached' });
}

async function findOverflow(page: Page): Promise<string[]> {
  const beyondPx = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  return beyondPx > 0 ? [`scrolls sideways by ${beyondPx} px`] : [];
}
