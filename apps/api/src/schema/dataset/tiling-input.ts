/** How slides are to be cut, as it is asked for: read to the options that the command line has too. */
import { getSlidePreset, SLIDE_PRESETS, type SlidePresetName } from '@microtome/domain/tiling/slide-presets';
import { atField } from '@microtome/store/import/at-field';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import type { FAULTY_OUTLINES, FAULTY_SLIDES, OUTLINE_RULES } from '@microtome/store/import/tiling-options';
import type { ImportRoots } from '../../dataset/import-roots.ts';
import { builder } from '../../graphql/builder.ts';
import { typed } from '../../graphql/typed-text.ts';

const SlidePresetEnum = builder.enumType('SlidePreset', {
  description: 'A published folder of slides: what its names, its outlines and its labels say.',
  values: Object.fromEntries(
    SLIDE_PRESETS.map((name) => [
      name.toUpperCase(),
      { value: name, description: `${getSlidePreset(name).title}, as it is published.` },
    ]),
  ) as Record<string, { value: SlidePresetName; description: string }>,
});

const OutlineRuleEnum = builder.enumType('OutlineRule', {
  description: 'When outlines make a patch positive.',
  values: {
    SHARE: { description: 'From a share of it on; negative from nothing at all, and left out in between.' },
    CENTRE: {
      description: 'As soon as its middle third touches one, as in CAMELYON; all others are negative.',
    },
  } as const satisfies Record<(typeof OUTLINE_RULES)[number], object>,
});

const FaultySlidesEnum = builder.enumType('FaultySlides', {
  description: 'What becomes of an import when a slide cannot be cut.',
  values: {
    SKIP: { description: 'It goes on without the slide, and says so.' },
    STOP: { description: 'It ends with nothing.' },
  } as const satisfies Record<(typeof FAULTY_SLIDES)[number], object>,
});

const FaultyOutlinesEnum = builder.enumType('FaultyOutlines', {
  description: 'What becomes of a slide when one of its outlines cannot be taken.',
  values: {
    REFUSE: { description: 'The slide is refused: what the outline marks would be called negative.' },
    LEAVE_OUT: { description: 'The outline is left out.' },
  } as const satisfies Record<(typeof FAULTY_OUTLINES)[number], object>,
});

export const TilingInput = builder.inputType('TilingInput', {
  description: 'How slides are cut into patches.',
  fields: (t) => ({
    tilePx: t.int({ required: true, description: 'Side of a patch.' }),
    micronsPerPixel: t.float({
      required: true,
      description: 'Of the patches, whatever the slides have.',
    }),
    stridePx: t.int({ description: 'From one patch to the next; the side of a patch when left out.' }),
    preset: t.field({ type: SlidePresetEnum, description: 'Of the folder; left out for any other.' }),
    annotations: t.string({
      extensions: typed('path'),
      description:
        'A folder of outlines, each called as its slide (XML of ASAP, GeoJSON of QuPath): within the source, or below one of `importRoots`.',
    }),
    labels: t.string({
      extensions: typed('path'),
      description: 'A table of one label a slide: within the source, or below one of `importRoots`.',
    }),
    outlineRule: t.field({ type: OutlineRuleEnum, description: 'SHARE when left out.' }),
    positiveFrom: t.float({ description: 'Share of a patch that outlines cover; 0.5 when left out.' }),
    outlineClasses: t.stringList({
      extensions: typed('className'),
      description: 'Of the outlines, those that are looked for; the only class that is drawn when left out.',
    }),
    holeClasses: t.stringList({
      extensions: typed('className'),
      description: 'Of the outlines, those that are cut out of the others.',
    }),
    tissueFrom: t.float({ description: 'Share of a patch that is tissue, at least; 0.5 when left out.' }),
    faultySlides: t.field({ type: FaultySlidesEnum, description: 'SKIP when left out.' }),
    faultyOutlines: t.field({ type: FaultyOutlinesEnum, description: 'REFUSE when left out.' }),
  }),
});

/** @throws AppError for a path outside the import roots */
export async function readTilingInput(
  { annotations, labels, ...chosen }: typeof TilingInput.$inferInput,
  { source, importRoots }: { source: string; importRoots: ImportRoots },
): Promise<NonNullable<ImportOptionsInput['tiling']>> {
  const resolve = (field: 'annotations' | 'labels', path: string | null | undefined) =>
    path == null ? null : atField(field, () => importRoots.resolveTable(source, path));
  return {
    ...chosen,
    annotations: await resolve('annotations', annotations),
    labels: await resolve('labels', labels),
  };
}
