/** What axe finds on a page: the rules of WCAG 2.2 A and AA that a machine can check. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

type Violation = { id: string; nodes: { target: unknown; failureSummary?: string }[] };
type Axe = { run(options: object): Promise<{ violations: Violation[] }> };

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
/** The rules of them that ask for colours; what the others find is in the elements, their places and their sizes. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/** One line for each place that breaks a rule; of the rules about colours alone where that is asked for. */
export async function findViolations(
  page: Page,
  of: 'everything' | 'colours' = 'everything',
): Promise<string[]> {
  const isLoaded = await page.evaluate(() => 'axe' in window);
  // Evaluated by the browser's own debugger, which the page's policy does not hold back.
  if (!isLoaded)
    await page.evaluate(
      await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'),
    );
  const violations = await page.evaluate(
    async (runOnly) => {
      const { axe } = window as unknown as { axe: Axe };
      // Only violations are told of whole. Style sheets are read by no rule of these: they need not be fetched once more.
      const { violations } = await axe.run({
        runOnly,
        resultTypes: ['violations'],
        preload: { assets: ['media'] },
      });
      return violations;
    },
    of === 'colours' ? OF_COLOURS : WCAG,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${JSON.stringify(target)}: ${failureSummary}`),
  );
}

/**
 * All that those rules see which ask for no colours: the elements as they stand, which of them are shown, and where. The button
 * that switches the theme is left out: it names the other one. Where two looks at a page have one shape, what such rules found
 * in the first they find in the second.
 */
export function readShape(page: Page): Promise<string> {
  return page.evaluate(() => {
    const colours = ['style', 'fill', 'stroke'];
    const switches = '[aria-label^="Switch to "], [aria-label^="Switch to "] *';
    const elements = Array.from(document.body.querySelectorAll('*')).filter((one) => !one.matches(switches));
    const lines = elements.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect();
      const { visibility, display, overflowX, overflowY } = getComputedStyle(element);
      const attributes = Array.from(element.attributes).filter(({ name }) => !colours.includes(name));
      const texts = Array.from(element.childNodes, (node) =>
        node.nodeType === 3 ? node.nodeValue : '',
      ).join('|');
      const shown = [x, y, width, height, visibility, display, overflowX, overflowY];
      return [element.tagName, texts, ...attributes.map(({ name, value }) => `${name}=${value}`), ...shown];
    });
    return JSON.stringify(lines);
  });
}
