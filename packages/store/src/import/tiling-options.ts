/** What may be chosen for an import that cuts slides into patches, checked before any of them is opened. */
import { SLIDE_PRESETS, type SlidePresetName } from '@microtome/domain/tiling/slide-presets';
import { z } from 'zod';
import { IMPORT_LIMITS } from './import-limits.ts';

export const OUTLINE_RULES = ['SHARE', 'CENTRE'] as const;
export const FAULTY_SLIDES = ['SKIP', 'STOP'] as const;
export const FAULTY_OUTLINES = ['REFUSE', 'LEAVE_OUT'] as const;

/** Of what an asked scale may be: from an oil objective to a thumbnail. */
const MICRONS_MIN = 0.05;
const MICRONS_MAX = 20;
const CLASSES_MAX = 100;

const side = z
  .int('must be a whole number')
  .min(IMPORT_LIMITS.patchSidePxMin, `must be at least ${IMPORT_LIMITS.patchSidePxMin}`)
  .max(IMPORT_LIMITS.patchSidePxMax, `must be at most ${IMPORT_LIMITS.patchSidePxMax}`);
const share = z.number('must be a number').positive('must be above 0').max(1, 'must be at most 1');
const path = z.string().refine((text) => text.trim() !== '', 'must not be empty');
const classNames = z.array(z.string()).max(CLASSES_MAX, `must name at most ${CLASSES_MAX} classes`);

function oneOf<Word extends string>(words: readonly Word[]) {
  return z.enum(words, `must be one of ${words.join(', ')}`);
}

export const tilingSchema = z.object({
  tilePx: side,
  micronsPerPixel: z
    .number('must be a number')
    .min(MICRONS_MIN, `must be at least ${MICRONS_MIN}`)
    .max(MICRONS_MAX, `must be at most ${MICRONS_MAX}`),
  stridePx: z.int('must be a whole number').min(1, 'must be at least 1').nullish(),
  preset: oneOf(SLIDE_PRESETS).nullish(),
  annotations: path.nullish(),
  labels: path.nullish(),
  outlineRule: oneOf(OUTLINE_RULES).nullish(),
  positiveFrom: share.nullish(),
  outlineClasses: classNames.min(1, 'must name a class').nullish(),
  holeClasses: classNames.nullish(),
  tissueFrom: share.nullish(),
  faultySlides: oneOf(FAULTY_SLIDES).nullish(),
  faultyOutlines: oneOf(FAULTY_OUTLINES).nullish(),
});

export type TilingOptions = {
  /** Side of a patch. */
  tilePx: number;
  /** Of the patches, whatever the slides have. */
  micronsPerPixel: number;
  /** From one patch to the next, in their pixels. */
  stridePx: number;
  preset: SlidePresetName | null;
  /** A folder of outlines, one file a slide, called as it is. */
  annotations: string | null;
  /** A table of one label a slide. */
  labels: string | null;
  /** SHARE: positive by the share of the patch that outlines cover; CENTRE: by whether its middle third touches one. */
  outlineRule: (typeof OUTLINE_RULES)[number];
  positiveFrom: number;
  /** Of the outlines, those that are looked for; null: the only one that is drawn, or the preset's. */
  outlineClasses: string[] | null;
  /** Of the outlines, those that are cut out of the others. */
  holeClasses: string[];
  /** Share of a patch that is tissue, at least. */
  tissueFrom: number;
  /** Whether an import goes on without a slide that cannot be cut, or ends with nothing. */
  faultySlides: (typeof FAULTY_SLIDES)[number];
  /** Whether a slide is refused for an outline that cannot be taken, or the outline left out. */
  faultyOutlines: (typeof FAULTY_OUTLINES)[number];
};

/** Options as they travel to another process. */
export const tilingOptionsSchema = z.object({
  tilePx: z.number(),
  micronsPerPixel: z.number(),
  stridePx: z.number(),
  preset: z.enum(SLIDE_PRESETS).nullable(),
  annotations: z.string().nullable(),
  labels: z.string().nullable(),
  outlineRule: z.enum(OUTLINE_RULES),
  positiveFrom: z.number(),
  outlineClasses: z.array(z.string()).nullable(),
  holeClasses: z.array(z.string()),
  tissueFrom: z.number(),
  faultySlides: z.enum(FAULTY_SLIDES),
  faultyOutlines: z.enum(FAULTY_OUTLINES),
}) satisfies z.ZodType<TilingOptions>;

export function completeTiling(chosen: z.output<typeof tilingSchema>): TilingOptions {
  return {
    tilePx: chosen.tilePx,
    micronsPerPixel: chosen.micronsPerPixel,
    stridePx: chosen.stridePx ?? chosen.tilePx,
    preset: chosen.preset ?? null,
    annotations: chosen.annotations ?? null,
    labels: chosen.labels ?? null,
    outlineRule: chosen.outlineRule ?? 'SHARE',
    positiveFrom: chosen.positiveFrom ?? 0.5,
    outlineClasses: chosen.outlineClasses ?? null,
    holeClasses: chosen.holeClasses ?? [],
    tissueFrom: chosen.tissueFrom ?? 0.5,
    faultySlides: chosen.faultySlides ?? 'SKIP',
    faultyOutlines: chosen.faultyOutlines ?? 'REFUSE',
  };
}
