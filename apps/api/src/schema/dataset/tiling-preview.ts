/** What would be cut from slides, slide by slide, before anything is written: counts, pictures with their masks, reasons. */
import type { Refusal } from '@microtome/store/import/refusal';
import type { PicturedTiling } from '../../dataset/import-preview-thread.ts';
import { builder } from '../../graphql/builder.ts';
import { ImportDatasetInput, readImportInput } from './import-input.ts';
import { NamedCountRef, PreviewRefusalRef } from './import-preview.ts';

/** Each is opened, and some have gigabytes. */
const SLIDES_MAX = 24;

const PicturedSlideRef = builder.objectRef<PicturedTiling['slides'][number]>('PicturedSlide').implement({
  description: 'A slide that can be cut, and what would become of it.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Its file within the source.' }),
    patient: t.exposeString('patient', { nullable: true, description: 'Null where it is not known.' }),
    slide: t.exposeString('slide', { nullable: true, description: 'What it is called.' }),
    site: t.exposeString('site', { nullable: true, description: 'Null where it is not known.' }),
    label: t.exposeString('label', {
      nullable: true,
      description: 'Of the slide as a whole; null where none is told.',
    }),
    widthPx: t.exposeInt('widthPx', { description: 'Of its finest level.' }),
    heightPx: t.exposeInt('heightPx', { description: 'Of its finest level.' }),
    micronsPerPixel: t.exposeFloat('micronsPerPixel', { description: 'Of its finest level.' }),
    squares: t.int({
      description: 'Squares of the asked size that lie on it.',
      resolve: ({ counts }) => counts.squares,
    }),
    glass: t.int({
      description: 'Squares left out for want of tissue.',
      resolve: ({ counts }) => counts.glass,
    }),
    pen: t.int({ description: 'Squares left out because of ink.', resolve: ({ counts }) => counts.pen }),
    between: t.int({
      description: 'Squares left out because outlines neither leave them free nor cover enough of them.',
      resolve: ({ counts }) => counts.between,
    }),
    classes: t.field({
      type: [NamedCountRef],
      description: 'The patches that it would become, by class.',
      resolve: ({ classes }) => classes,
    }),
    picture: t.exposeString('picture', { description: 'A small picture of it, as a data URL.' }),
    overlay: t.exposeString('overlay', {
      description: 'Of the same size, to be laid over it: tissue in green, ink in orange. A data URL.',
    }),
  }),
});

const TilingPreviewRef = builder.objectRef<PicturedTiling>('TilingPreview').implement({
  description: 'What would be cut from the slides of a folder.',
  fields: (t) => ({
    slideCount: t.exposeInt('slideCount', { description: 'All slides that the source tells of.' }),
    slides: t.field({
      type: [PicturedSlideRef],
      description: 'Those that were looked at and can be cut.',
      resolve: ({ slides }) => slides,
    }),
    refusedCount: t.exposeInt('refusedCount', {
      description: 'Files that the import would go on without, as far as they were looked at.',
    }),
    refusals: t.field({
      type: [PreviewRefusalRef],
      description: 'The first of them.',
      resolve: ({ refusals }): Refusal[] => refusals.slice(0, 100),
    }),
  }),
});

builder.queryField('previewTiling', (t) =>
  t.field({
    type: TilingPreviewRef,
    description: 'What an import would cut from these slides. They are opened, and nothing is written.',
    args: {
      input: t.arg({ type: ImportDatasetInput, required: true, description: 'What to import.' }),
      first: t.arg.int({
        defaultValue: 6,
        required: true,
        description: `How many slides to look at, at most ${SLIDES_MAX}.`,
      }),
      skip: t.arg.int({ defaultValue: 0, required: true, description: 'How many slides come before them.' }),
    },
    resolve: async (_root, { input, first, skip }, { importPreviews, importRoots, signal }) => {
      const wanted = { first: Math.min(Math.max(first, 0), SLIDES_MAX), skip: Math.max(skip, 0) };
      return importPreviews.lookAtSlides(
        { input: await readImportInput(input, importRoots), ...wanted },
        signal,
      );
    },
  }),
);
