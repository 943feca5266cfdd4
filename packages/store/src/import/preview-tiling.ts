/**
 * What would be cut from slides, slide by slide, before anything is written: how many patches of which class, what is left
 * out and why, and pictures of what was taken for tissue. Slides that cannot be cut are told with their reasons.
 */
import { AppError } from '@microtome/domain/app-error';
import { completeFacts } from './facts/complete-facts.ts';
import { type ImportOptionsInput, parseImportOptions } from './import-options.ts';
import type { Refusal } from './refusal.ts';
import { createRefusalLog } from './refusal-log.ts';
import { openPatchSource } from './source/open-patch-source.ts';
import { cutSlides } from './tiling/cut-slides.ts';
import type { ExaminedSlide } from './tiling/examine-slide.ts';
import { tellSlides } from './tiling/told-slides.ts';

export type SlidePreview = {
  /** Within the source. */
  path: string;
  patient: string | null;
  slide: string | null;
  site: string | null;
  /** Of the slide as a whole. */
  label: string | null;
  /** Of the finest level. */
  widthPx: number;
  heightPx: number;
  micronsPerPixel: number;
  counts: ExaminedSlide['counts'];
  /** By name. */
  classes: { name: string; patches: number }[];
};

export type TilingPreview = {
  /** All that the source tells of; some of them are looked at. */
  slideCount: number;
  slides: SlidePreview[];
  refusedCount: number;
  /** By path. */
  refusals: Refusal[];
};

type TilingPreviewRequest = ImportOptionsInput & {
  /** Of all slides, how many come before those that are looked at, and how many those are; left out: all. */
  skip?: number;
  first?: number;
  signal?: AbortSignal;
  /** Told of each slide with what its pictures are drawn from. */
  onSlide?: (preview: SlidePreview, slide: ExaminedSlide) => Promise<void>;
};

/** @throws AppError for what would end the import: an option that cannot be, a source without slides, a slide where none may fail */
export async function previewTiling(request: TilingPreviewRequest): Promise<TilingPreview> {
  const { skip = 0, first = Number.POSITIVE_INFINITY, signal: given, onSlide, ...input } = request;
  const options = parseImportOptions(input);
  const { tiling, micronsPerPixel, unlabelled } = options;
  if (!tiling) throw new AppError('BAD_INPUT', 'The size of the patches that are to be cut is missing.');
  const signal = given ?? new AbortController().signal;
  const { add: refuse, ...refusalLog } = createRefusalLog();
  const source = await openPatchSource(options.path);
  try {
    const files = await source.scan({ refuse, signal });
    const reading = await tellSlides({ source, files, options, tiling, refuse, signal });
    const hasPatientColumn = reading.manifest?.map.patient !== undefined;
    const ofSlides = { ...options, micronsPerPixel: null };
    const { told } = completeFacts({ told: reading.told, hasPatientColumn }, ofSlides, refuse);
    const slides: SlidePreview[] = [];
    const wanted = { source, files, options: tiling, micronsPerPixel, unlabelled, refuse, signal };
    const { close } = await cutSlides({
      ...wanted,
      slides: told.slice(skip, skip + first),
      isPart: skip > 0 || first < told.length,
      async onSlide({ path, facts, slide }) {
        const preview = describeSlide({ path, ...facts, label: facts.className }, slide);
        slides.push(preview);
        await onSlide?.(preview, slide);
      },
    });
    await close();
    const refused = { refusedCount: refusalLog.count(), refusals: refusalLog.listed() };
    return { slideCount: told.length, slides, ...refused };
  } finally {
    await source.close();
  }
}

type Told = Pick<SlidePreview, 'path' | 'patient' | 'slide' | 'site' | 'label'>;

function describeSlide(
  { path, patient, slide, site, label }: Told,
  { width, height, micronsPerPixel, counts, tiles }: ExaminedSlide,
): SlidePreview {
  const classes = [...Map.groupBy(tiles, ({ className }) => className)]
    .map(([name, ofClass]) => ({ name, patches: ofClass.length }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
  const size = { widthPx: width, heightPx: height, micronsPerPixel };
  return { path, patient, slide, site, label, ...size, counts, classes };
}
