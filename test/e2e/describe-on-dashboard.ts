/** Tests of one subject on a dashboard of its own, in a real browser. Without a browser they are skipped, with a line that says so. */
import { afterAll, beforeAll, describe } from 'vitest';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type SetUp, type StoredDashboard } from './open-dashboard.ts';

/** Two cores start a database, an API, a worker and a browser, and may be busy with other tests. */
const OPENING_TIMEOUT_MS = 400_000;
const CLOSING_TIMEOUT_MS = 120_000;

/** What `tests` is given is there once the first of them, or a `beforeAll` among them, runs. */
export function describeOnDashboard(
  title: string,
  setUp: SetUp,
  tests: (dashboard: StoredDashboard) => void,
): void {
  const executablePath = findBrowser();
  if (!executablePath) console.warn(NO_BROWSER);
  describe.skipIf(!executablePath)(title, () => {
    const dashboard = {} as StoredDashboard;
    beforeAll(async () => {
      Object.assign(dashboard, await openStoredDashboard({ executablePath: executablePath!, ...setUp }));
    }, OPENING_TIMEOUT_MS);
    afterAll(() => dashboard.close?.(), CLOSING_TIMEOUT_MS);
    tests(dashboard);
  });
}
