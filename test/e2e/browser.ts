/** A real headless browser for tests and screenshots, or a sentence on how to get one. */
import { accessSync, constants } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const NO_BROWSER =
  'No browser was found, so nothing is tested in one. On Debian: apt-get install --no-install-recommends chromium.';

export function findBrowser(): string | null {
  return CANDIDATES.find(isExecutable) ?? null;
}

/** WebGPU on the processor, by a driver that Chromium brings along. */
const SOFTWARE_WEBGPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** Starts the browser without anything that talks to the outside. */
export function launchBrowser(executablePath: string, { hasWebgpu = false } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(hasWebgpu ? SOFTWARE_WEBGPU : []),
    ],
  });
}

/** What the browser complains of on a page from now on: errors on the console and in scripts, and what the page's policy refuses. */
export async function hearComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.exposeFunction('tellViolation', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      (window as unknown as { tellViolation(text: string): void }).tellViolation(
        `${violatedDirective} refused ${blockedURI}`,
      ),
    );
  });
  return complaints;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
