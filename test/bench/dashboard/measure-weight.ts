/** What comes over the wire until a page stands, compressed as it was sent, from the dashboard's own address. */
import type { Page } from 'playwright-core';
import { launchBrowser } from '../../e2e/browser.ts';

/** In a browser that has nothing kept. */
export async function measureWeight(executablePath: string, { url, until }: { url: string; until: string }) {
  const browser = await launchBrowser(executablePath);
  try {
    const page: Page = await browser.newPage();
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    const fromHere = new Set<string>();
    let bytes = 0;
    session.on('Network.responseReceived', ({ requestId, response }) => {
      if (new URL(response.url).origin === new URL(url).origin) fromHere.add(requestId);
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (fromHere.has(requestId)) bytes += encodedDataLength;
    });
    await page.goto(url);
    await page.locator(until).first().waitFor();
    return Math.round(bytes / 1_000);
  } finally {
    await browser.close();
  }
}
