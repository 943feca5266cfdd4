/**
 * The analyser's worker: holds the model, and computes while the page stays at hand. It serves one model on one engine for
 * as long as it lives; another one gets another worker.
 */
import type { FromWorker, ToWorker } from '../messages.ts';
import { type Model, openModel } from './open-model.ts';
import { runAnalysis } from './run-analysis.ts';

/** The part of a worker's global scope that is used; the page's types have a window there. */
const scope = self as unknown as {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<ToWorker>) => void): void;
};
const tell = (message: FromWorker, transfer: Transferable[] = []) => scope.postMessage(message, transfer);

let model: Model | null = null;
let isCancelled = false;

scope.addEventListener('message', ({ data }) => {
  if (data.kind === 'cancel') isCancelled = true;
  if (data.kind === 'open') void open(data);
  if (data.kind === 'analyse') void analyse(data);
});

async function open({ model: bytes, patchSizePx, engine: choice }: Extract<ToWorker, { kind: 'open' }>) {
  try {
    model = await openModel({ bytes, patchSizePx, choice });
    const { engine, threads, note } = model;
    tell({ kind: 'opened', engine, threads, note });
  } catch (error) {
    tell({ kind: 'unusable', reason: describe(error) });
  }
}

async function analyse({ files, options }: Extract<ToWorker, { kind: 'analyse' }>) {
  isCancelled = false;
  try {
    if (!model) throw new Error('there is no model yet.');
    await runAnalysis({ model, files, options, tell, isCancelled: () => isCancelled });
  } catch (error) {
    tell({ kind: 'unusable', reason: describe(error) });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
