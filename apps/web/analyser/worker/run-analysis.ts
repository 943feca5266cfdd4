/**
 * All that was dropped, file by file: patches of several files share a batch, a file is told of as soon as its last patch
 * is done, and one that cannot be read gets its sentence and stops nothing.
 */
import type { DroppedFile } from '../../files/read-dropped.ts';
import type { AnalysedFile, AnalysisOptions, FromWorker, RefusedFile } from '../messages.ts';
import { cutShort } from '../rules/summarise.ts';
import { FileFault, type PixelSource, RGB } from '../source/pixel-source.ts';
import { type CutFile, cutFile } from './cut-file.ts';
import type { Model } from './open-model.ts';
import { openSource } from './open-source.ts';
import { createPartClock, type PartClock } from './part-clock.ts';

const BATCH_PATCHES_MAX = 64;
/** Of larger patches a batch has fewer, so that its activations fit into memory. */
const BATCH_PIXELS_MAX = 200_000;
/** Files of patches are read by the browser while others are computed: as many as two batches have. */
const AHEAD_FILES = 2 * BATCH_PATCHES_MAX;
const AHEAD_BYTES_MAX = 256 * 1024;
/** What a page draws of it takes as long as a batch does. */
const TELL_INTERVAL_MS = 400;

type Opened = { source: PixelSource } | { reason: string };
type Entry = { file: CutFile; at: number; pixels: Uint8Array };

type AnalysisRequest = {
  model: Model;
  files: readonly DroppedFile[];
  options: AnalysisOptions;
  tell(message: FromWorker, transfer?: Transferable[]): void;
  isCancelled(): boolean;
};

export async function runAnalysis(request: AnalysisRequest): Promise<void> {
  const { files, tell, isCancelled } = request;
  const startedMs = performance.now();
  const clock = createPartClock();
  const batch = new Batch(request, clock);
  const ahead = new Map<number, Promise<Opened>>();
  for (const [index, dropped] of files.entries()) {
    if (isCancelled()) break;
    openAhead(files, index, ahead);
    const opened = await clock.time('files', ahead.get(index) ?? open(dropped));
    ahead.delete(index);
    if ('reason' in opened) batch.refuse(dropped.path, opened.reason);
    else await batch.addFile(dropped, opened.source);
  }
  await batch.finish({ isCancelled: isCancelled() });
  for (const opened of await Promise.all(ahead.values())) if ('source' in opened) opened.source.close();
  clock.tell();
  const seconds = (performance.now() - startedMs) / 1000;
  tell({ kind: 'finished', cancelled: isCancelled(), seconds, patches: batch.patchesDone });
}

function openAhead(files: readonly DroppedFile[], from: number, ahead: Map<number, Promise<Opened>>): void {
  for (const [step, dropped] of files.slice(from, from + AHEAD_FILES).entries()) {
    if (dropped.file.size <= AHEAD_BYTES_MAX && !ahead.has(from + step))
      ahead.set(from + step, open(dropped));
  }
}

async function open({ file }: DroppedFile): Promise<Opened> {
  try {
    return { source: await openSource(file) };
  } catch (error) {
    return { reason: describeFault(error) };
  }
}

function describeFault(error: unknown): string {
  if (error instanceof FileFault) return error.message;
  return `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
}

/** The model itself failed, and would at every other file. */
class ModelFault extends Error {}

class Batch {
  patchesDone = 0;
  readonly #request: AnalysisRequest;
  readonly #clock: PartClock;
  readonly #size: number;
  readonly #left = new Map<CutFile, number>();
  #entries: Entry[] = [];
  #news: { analysed: AnalysedFile[]; refused: RefusedFile[] } = { analysed: [], refused: [] };
  #filesDone = 0;
  #toldMs = 0;

  constructor(request: AnalysisRequest, clock: PartClock) {
    this.#request = request;
    this.#clock = clock;
    const { patchSizePx } = request.model;
    this.#size = Math.max(1, Math.min(BATCH_PATCHES_MAX, Math.floor(BATCH_PIXELS_MAX / patchSizePx ** 2)));
  }

  refuse(path: string, refusal: string): void {
    this.#filesDone++;
    this.#news.refused.push({ path, refusal });
    this.#tellNews();
  }

  /** Every patch of the file; closes its source. */
  async addFile(dropped: DroppedFile, source: PixelSource): Promise<void> {
    const { options, model, isCancelled } = this.#request;
    let file: CutFile | null = null;
    try {
      file = await cutFile({ dropped, source, options, patchSizePx: model.patchSizePx });
      this.#left.set(file, file.result.cells.length);
      if (file.result.cells.length === 0) this.#finishFile(file);
      for (let at = 0; at < file.result.cells.length && !isCancelled(); at++) {
        this.#entries.push({ file, at, pixels: await this.#clock.time('pixels', file.readPatch(at)) });
        if (this.#entries.length === this.#size) await this.flush();
      }
    } catch (error) {
      if (file) this.#drop(file);
      if (error instanceof ModelFault) throw error;
      this.refuse(dropped.path, describeFault(error));
    } finally {
      source.close();
    }
  }

  /** What is still to be said: of a file that was cancelled in its middle, what is known of it. */
  async finish({ isCancelled }: { isCancelled: boolean }): Promise<void> {
    if (isCancelled) this.#keepParts();
    else await this.flush();
    this.#tellNews({ isLast: true });
  }

  #keepParts(): void {
    for (const [{ result }, left] of this.#left) {
      const done = result.cells.length - left;
      if (done > 0) this.#news.analysed.push(cutShort(result, done));
      else result.overview?.close();
    }
    this.#left.clear();
  }

  async flush(): Promise<void> {
    const entries = this.#entries;
    this.#entries = [];
    if (entries.length === 0) return;
    const { model } = this.#request;
    const patchBytes = model.patchSizePx ** 2 * RGB;
    const pixels = new Uint8Array(entries.length * patchBytes);
    for (const [place, entry] of entries.entries()) pixels.set(entry.pixels, place * patchBytes);
    const predicted = this.#clock.time('network', model.predict(pixels, entries.length));
    const probabilities = await predicted.catch((error: unknown) => {
      throw new ModelFault(error instanceof Error ? error.message : String(error));
    });
    this.patchesDone += entries.length;
    for (const [place, { file, at }] of entries.entries()) {
      file.result.probabilities[at] = probabilities[place] ?? Number.NaN;
      const left = (this.#left.get(file) ?? 0) - 1;
      this.#left.set(file, left);
      if (left === 0) this.#finishFile(file);
    }
    this.#tellNews();
    // Between two batches the worker hears whether it is to stop.
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** A file that turned out to be damaged: what was said of it is not kept. */
  #drop(file: CutFile): void {
    this.#left.delete(file);
    this.#entries = this.#entries.filter((entry) => entry.file !== file);
    file.result.overview?.close();
  }

  #finishFile(file: CutFile): void {
    this.#left.delete(file);
    this.#filesDone++;
    this.#news.analysed.push(file.result);
    this.#tellNews();
  }

  #tellNews({ isLast = false } = {}): void {
    const nowMs = performance.now();
    const { files, tell } = this.#request;
    if (nowMs - this.#toldMs < TELL_INTERVAL_MS && !isLast) return;
    this.#toldMs = nowMs;
    const { analysed, refused } = this.#news;
    this.#news = { analysed: [], refused: [] };
    const current = [...this.#left].at(-1);
    const share = current ? 1 - current[1] / current[0].result.cells.length : 0;
    const done = Math.min(1, (this.#filesDone + share) / files.length);
    const progress = { done, filesDone: this.#filesDone, files: files.length, patchesDone: this.patchesDone };
    const overviews = analysed.flatMap(({ overview }) => overview ?? []);
    tell({ kind: 'news', progress, analysed, refused }, overviews);
  }
}
