/** How much a page is before it shows itself: its document, and the scripts and styles that this names, as they are sent. */
import type { Browser } from 'playwright-core';

export type PageWeight = {
  bytes: number;
  /** How they were compressed. */
  encodings: string[];
};

/** With nothing kept. What scripts load by themselves later is not counted. */
export async function weighPage(browser: Browser, url: string): Promise<PageWeight> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Network.enable');
    const files = new Map<string, { url: string; type: string; encoding: string; bytes: number }>();
    session.on('Network.responseReceived', ({ requestId, response, type }) => {
      const encoding = response.headers['content-encoding'] ?? response.headers['Content-Encoding'] ?? 'none';
      files.set(requestId, { url: response.url, type, encoding, bytes: 0 });
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const file = files.get(requestId);
      if (file) file.bytes = encodedDataLength;
    });
    const answer = await page.goto(url);
    const document = (await answer?.text()) ?? '';
    await page.locator('h1').first().waitFor();
    // The API is another server: what the document asks of it are no parts of the page.
    const { origin } = new URL(url);
    const own = [...files.values()].filter((file) => new URL(file.url).origin === origin);
    const named = own.filter((file) => file.type === 'Document' || isNamed(document, file.url));
    return {
      bytes: named.reduce((sum, { bytes }) => sum + bytes, 0),
      encodings: [...new Set(named.map(({ encoding }) => encoding))].sort(),
    };
  } finally {
    await context.close();
  }
}

/** By a tag of its own: the pages that links lead to are fetched ahead by scripts. */
function isNamed(document: string, url: string): boolean {
  const { pathname, search } = new URL(url);
  return search === '' && document.includes(pathname);
}
