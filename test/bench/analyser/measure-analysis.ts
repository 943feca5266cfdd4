/** What a person waits for in the analyser, measured in the page itself; and the parts of it, by the page's own worker and by the browser. */
import type { CDPSession, Page } from 'playwright-core';
import { RUNTIME_PATH } from '../../../apps/web/analyser/runtime-paths.ts';

const WAIT_MS = 300_000;

export type OpenAnalyser = { page: Page; session: CDPSession; browserSession: CDPSession };

export type Analysed = {
  /** From the choice of the files to the frame after the page says that it is done. */
  seconds: number;
  /** Of these, as its worker spends them one after another. */
  filesSeconds: number;
  pixelsSeconds: number;
  networkSeconds: number;
  /** Processor time of the page's own thread, and of all processes of the browser. */
  pageCpuSeconds: number;
  browserCpuSeconds: number;
};

/** With the model ready, in WebAssembly. */
export async function openAnalyser(page: Page, webUrl: string): Promise<OpenAnalyser> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const browserSession = await page.context().browser()!.newBrowserCDPSession();
  await page.goto(`${webUrl}/analyse`);
  await page.getByLabel('Computed by').selectOption('wasm');
  await page.getByText('The model is ready, in WebAssembly').waitFor();
  return { page, session, browserSession };
}

export async function measureAnalysis(
  { page, session, browserSession }: OpenAnalyser,
  files: readonly string[],
): Promise<Analysed> {
  const [pageBefore, browserBefore] = [await readTaskSeconds(session), await readCpuSeconds(browserSession)];
  await page.evaluate(noteEnd);
  await page.getByLabel('Pictures to analyse').setInputFiles([...files]);
  await page.waitForFunction(() => 'analysedMs' in window, undefined, { timeout: WAIT_MS });
  const analysedMs = await page.evaluate(() => (window as unknown as { analysedMs: number }).analysedMs);
  const parts = await readParts(page);
  return {
    seconds: toSeconds(analysedMs),
    filesSeconds: toSeconds(parts.files),
    pixelsSeconds: toSeconds(parts.pixels),
    networkSeconds: toSeconds(parts.network),
    pageCpuSeconds: round((await readTaskSeconds(session)) - pageBefore),
    browserCpuSeconds: round((await readCpuSeconds(browserSession)) - browserBefore),
  };
}

/** In the page. */
function noteEnd(): void {
  const told = window as unknown as { analysedMs?: number };
  delete told.analysedMs;
  const input = document.querySelector('input[type=file][aria-label="Pictures to analyse"]') as HTMLElement;
  input.addEventListener(
    'change',
    () => {
      const startMs = performance.now();
      let wasBusy = false;
      const look = () => {
        const status = [...document.querySelectorAll('[role=status]')].map((one) => one.textContent).join();
        const isDone = /patch(es)? in .*\.$/.test(status);
        wasBusy ||= !isDone;
        if (!wasBusy || !isDone) return;
        observer.disconnect();
        requestAnimationFrame(() => {
          told.analysedMs = performance.now() - startMs;
        });
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    },
    { once: true, capture: true },
  );
}

type Parts = { files: number; pixels: number; network: number };

/** As the analyser's worker measured them. The threads of ONNX Runtime are workers too, which wait by blocking and would never answer. */
async function readParts(page: Page): Promise<Parts> {
  const worker = page.workers().find((one) => !new URL(one.url()).pathname.startsWith(RUNTIME_PATH));
  if (!worker) throw new Error('The page has no worker that analyses.');
  const measures = await worker.evaluate(() => {
    const all = performance
      .getEntriesByType('measure')
      .map(({ name, duration }) => [name, duration] as const);
    performance.clearMeasures();
    return all;
  });
  return Object.fromEntries(measures) as Parts;
}

async function readTaskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
}

async function readCpuSeconds(session: CDPSession): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

function toSeconds(ms: number): number {
  return round(ms / 1000);
}

function round(seconds: number): number {
  return Math.round(100 * seconds) / 100;
}
