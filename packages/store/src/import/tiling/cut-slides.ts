/**
 * Slides become patches: each is looked at, and what is to be cut from it is told as if every patch were a file of its own.
 * Pixels are read when such a file is, so that no patch is kept anywhere on the way.
 */
import { AppError } from '@microtome/domain/app-error';
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import { getSlidePreset } from '@microtome/domain/tiling/slide-presets';
import type { Slide } from '@microtome/slides/slide';
import { findUnreadable } from '../facts/readable-facts.ts';
import { FactPool, type ToldPatch } from '../facts/told-patch.ts';
import { IMPORT_LIMITS } from '../import-limits.ts';
import { type Fault, printablePath, type Refuse } from '../refusal.ts';
import type { PatchSource, SourceFile } from '../source/patch-source.ts';
import type { TilingOptions } from '../tiling-options.ts';
import { type ExaminedSlide, examineSlide } from './examine-slide.ts';
import { type FoundOutlines, findOutlines, indexOutlines } from './find-outlines.ts';
import type { LabelRules } from './label-tiles.ts';
import { digestSlide } from './slide-digest.ts';
import { SlideShelf } from './slide-shelf.ts';
import { SlideTile } from './slide-tile.ts';

type CutRequest = {
  source: PatchSource;
  /** All of the source, among which a preset finds its outlines. */
  files: readonly SourceFile[];
  slides: readonly ToldPatch[];
  options: TilingOptions;
  /** Whether patches are wanted without classes, whatever is drawn. */
  unlabelled: boolean;
  /** Of slides that tell none. */
  micronsPerPixel: number | null;
  refuse: Refuse;
  signal: AbortSignal;
  /** Whether these are not all slides, so that outlines may belong to others. */
  isPart?: boolean;
  /** Told of each slide that can be cut, before the next is looked at. Left out: slides are digested, to be imported. */
  onSlide?: ((seen: { path: string; facts: PatchFacts; slide: ExaminedSlide }) => Promise<void>) | undefined;
};

type CutSlides = { told: ToldPatch[]; close(): Promise<void> };

/** @throws AppError for too many patches, and for the first slide that cannot be cut where that ends the import */
export async function cutSlides(request: CutRequest): Promise<CutSlides> {
  const shelf = new SlideShelf();
  const told: ToldPatch[] = [];
  const seen = { files: new Set<string>(), keys: new Map<string, string>() };
  try {
    const labels = await openLabels(request);
    for (const { file, facts } of request.slides) {
      request.signal.throwIfAborted();
      const fault = await cutSlide({ ...request, shelf, labels, seen, told }, { file, facts });
      if (!fault) continue;
      if (request.options.faultySlides === 'STOP')
        throw new AppError('BAD_INPUT', `${printablePath(file.path)}: ${fault.reason}`);
      request.refuse({ path: file.path, ...fault });
    }
    for (const path of request.isPart ? [] : (labels.outlines?.listUnused() ?? [])) {
      const reason = 'No slide is called as these outlines are.';
      request.refuse({ path, code: 'OUTLINES_WITHOUT_SLIDE', reason });
    }
    return { told, close: () => shelf.close() };
  } catch (error) {
    await shelf.close();
    throw error;
  }
}

async function openLabels({
  source,
  files,
  options,
  unlabelled,
  refuse,
  signal,
}: CutRequest): Promise<LabelRules> {
  const preset = options.preset && getSlidePreset(options.preset);
  const outlineClasses = {
    positive: options.outlineClasses ?? preset?.outlineClasses.positive ?? null,
    holes: options.holeClasses.length > 0 ? options.holeClasses : (preset?.outlineClasses.holes ?? []),
  };
  const classes = preset
    ? { positive: 'tumor', negative: 'normal' }
    : { positive: 'positive', negative: 'negative' };
  let outlines: FoundOutlines | null = null;
  if (unlabelled) return { outlines, outlineClasses, classes };
  if (options.annotations !== null)
    outlines = await findOutlines({ folder: options.annotations, sourcePath: source.path, refuse, signal });
  else if (preset) outlines = indexOutlines(files);
  return { outlines, outlineClasses, classes };
}

type Cutting = CutRequest & {
  shelf: SlideShelf;
  labels: LabelRules;
  /** Files of the slides before, and which of them has which key. */
  seen: { files: Set<string>; keys: Map<string, string> };
  told: ToldPatch[];
};

/** Adds its patches, or says why it has none; of a series of files the first stands for all. */
async function cutSlide(cutting: Cutting, { file, facts }: ToldPatch): Promise<Fault | null> {
  const { shelf, seen } = cutting;
  const { diskPath } = file;
  if (diskPath === undefined) return { code: 'NOT_A_FILE', reason: 'It does not lie on disk by itself.' };
  if (seen.files.has(diskPath)) return null;
  const unreadable = findUnreadable(facts);
  if (unreadable) return unreadable;
  const key = JSON.stringify([facts.patient, facts.slide]);
  const twin = seen.keys.get(key);
  if (twin !== undefined)
    return {
      code: 'DUPLICATE',
      reason: `It is called slide '${facts.slide}', as ${printablePath(twin)} is.`,
    };
  try {
    const fault = await shelf.use(diskPath, (slide) => cutOpen(cutting, { file, facts }, slide));
    if (!fault) seen.keys.set(key, file.path);
    return fault;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'BAD_INPUT' || error.details.field !== undefined)
      throw error;
    return { code: 'NOT_A_SLIDE', reason: error.message };
  }
}

async function cutOpen(cutting: Cutting, { file, facts }: ToldPatch, slide: Slide): Promise<Fault | null> {
  const { options, micronsPerPixel, labels, seen, signal, shelf, onSlide } = cutting;
  for (const path of slide.files) seen.files.add(path);
  const examined = await examineSlide(slide, { path: file.path, facts, options, micronsPerPixel, labels });
  if (!examined.ok) return examined.fault;
  const { tiles, grid, level, width: widthPx, height: heightPx, outlines, ...found } = examined.value;
  checkCount(cutting.told.length + tiles.length);
  const [path = slide.path] = slide.files;
  const digest = onSlide ? '' : await digestSlide(slide.files, signal);
  const cut = {
    path: file.path,
    file: { path, digest, widthPx, heightPx, micronsPerPixel: found.micronsPerPixel, outlines },
    ...{ grid, level, tilePx: options.tilePx, isStrict: options.faultySlides === 'STOP', shelf },
  };
  const pool = new FactPool();
  for (const { x, y, className } of tiles) {
    const told = { ...facts, x, y, className, micronsPerPixel: options.micronsPerPixel };
    cutting.told.push({ file: new SlideTile(cut, { x, y }), facts: pool.complete(told) });
  }
  await onSlide?.({ path: file.path, facts, slide: examined.value });
  return null;
}

function checkCount(count: number): void {
  if (count <= IMPORT_LIMITS.filesMax) return;
  const limit = IMPORT_LIMITS.filesMax.toLocaleString('en');
  throw new AppError(
    'BAD_INPUT',
    `These slides become more than ${limit} patches: choose larger ones, a wider stride, or fewer slides.`,
    { details: { field: 'tiling' } },
  );
}
