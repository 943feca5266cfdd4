/** What a model says of one slide, place by place, for a viewer to draw: columns of numbers, since a slide has tens of thousands of places. */
import type { HotSpot } from '@microtome/domain/slide/slide-findings';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import type { SlideReading } from '../../tissue/slide-context.ts';
import { readExternalGrid, readRunGrid, type SlideGrid } from '../../tissue/slide-grid.ts';
import { ExternalEvaluationRef } from '../external-evaluation/external-evaluation.ts';
import { RunRef } from './run.ts';

const HotSpotRef = builder.objectRef<HotSpot>('HotSpot').implement({
  description: 'Patches that touch one another and are all called positive.',
  fields: (t) => ({
    firstColumn: t.exposeInt('firstColumn', { description: 'Its leftmost column of cells.' }),
    firstRow: t.exposeInt('firstRow', { description: 'Its uppermost row of cells.' }),
    lastColumn: t.exposeInt('lastColumn', { description: 'Its rightmost column of cells.' }),
    lastRow: t.exposeInt('lastRow', { description: 'Its lowest row of cells.' }),
    patches: t.exposeInt('patches', { description: 'Patches.' }),
    peak: t.exposeFloat('peak', { description: 'Its highest probability.' }),
    weight: t.exposeFloat('weight', {
      description:
        'What it is ranked by: how far its patches are above the threshold, 0 to 1 each, summed up.',
    }),
  }),
});

const SlideReadingRef = builder.objectRef<SlideReading>('SlideReading').implement({
  description: 'The same patches read in another way.',
  fields: (t) => ({
    threshold: t.exposeFloat('threshold', {
      description: 'From this probability on a patch is called positive.',
    }),
    probabilities: t.floatList({
      nullable: { list: false, items: true },
      description: 'For each patch in the order of the grid; null where it has none.',
      resolve: ({ probabilities }) => probabilities,
    }),
  }),
});

export const SlideGridRef = builder.objectRef<SlideGrid>('SlideGrid').implement({
  description:
    'A model over one slide. The columns have an entry for each patch that takes part in the task, in one order.',
  fields: (t) => ({
    threshold: t.exposeFloat('threshold', {
      description: 'From this probability on a patch is called positive.',
    }),
    hasLabels: t.exposeBoolean('hasLabels', {
      description: 'False where nothing tells the class of a patch.',
    }),
    patchSizePx: t.exposeInt('patchSizePx', {
      description: 'Side of a patch in pixels of the slide; those at its edge are cut by it.',
    }),
    cellPx: t.int({
      description: 'Side of a cell in pixels of the slide.',
      resolve: ({ grid }) => grid.cellPx,
    }),
    columns: t.int({ description: 'Columns of cells.', resolve: ({ grid }) => grid.columns }),
    rows: t.int({ description: 'Rows of cells.', resolve: ({ grid }) => grid.rows }),
    patchUrl: t.exposeString('patchUrl', {
      description: 'Path of the PNG of a patch below the API’s address, with `{index}` to be put in.',
    }),
    indexes: t.intList({
      description: 'Number of each patch within its dataset, or of its place on an analysed slide.',
      resolve: ({ patches }) => patches.map(({ index }) => index),
    }),
    x: t.intList({
      description: 'Left edge of each patch in pixels of the slide, from 0.',
      resolve: ({ patches }) => patches.map(({ x }) => x),
    }),
    y: t.intList({
      description: 'Upper edge of each patch in pixels of the slide, from 0.',
      resolve: ({ patches }) => patches.map(({ y }) => y),
    }),
    labels: t.intList({
      nullable: true,
      description: '1 where the patch is positive, else 0; null without labels.',
      resolve: ({ patches, hasLabels }) => (hasLabels ? patches.map(({ label }) => label) : null),
    }),
    probabilities: t.floatList({
      nullable: { list: false, items: true },
      description:
        'Probability of the positive class; null where no prediction may be read or there is none.',
      resolve: ({ patches }) => patches.map(({ probability }) => probability),
    }),
  }),
});

builder.objectFields(SlideGridRef, (t) => ({
  context: t.field({
    type: SlideReadingRef,
    nullable: true,
    description:
      'Each patch with its neighbours, where `probabilities` are those of patches alone; null where there is nothing to say.',
    resolve: ({ readContext }) => readContext?.() ?? null,
  }),
  own: t.field({
    type: SlideReadingRef,
    nullable: true,
    description:
      'Each patch alone, where `probabilities` are in context, as those of an analysis are; else null.',
    resolve: ({ own }) => own ?? null,
  }),
  hotSpots: t.field({
    type: [HotSpotRef],
    description: 'Areas called positive, the heaviest first.',
    resolve: ({ hotSpots }) => hotSpots,
  }),
  errors: t.intList({
    description: 'Positions of wrong calls in the columns, the most certain first; empty without labels.',
    resolve: ({ errors }) => errors,
  }),
  calledContour: t.field({
    type: t.listRef(t.listRef('Int')),
    description: 'Rings around what is called: each a list of corners x, y, x, y … in cells.',
    resolve: ({ calledContour }) => calledContour,
  }),
  truthContour: t.field({
    type: t.listRef(t.listRef('Int')),
    description: 'Rings around the positive patches, in the same way; empty without labels.',
    resolve: ({ truthContour }) => truthContour,
  }),
  called: t.int({
    description: 'Patches that are called positive.',
    resolve: ({ counts }) => counts.called,
  }),
  truePositive: t.int({
    description: 'Those rightly called; 0 without labels.',
    resolve: ({ counts }) => counts.truePositive,
  }),
  falsePositive: t.int({
    description: 'Those wrongly called; 0 without labels.',
    resolve: ({ counts }) => counts.falsePositive,
  }),
  falseNegative: t.int({
    description: 'Positive patches that are not called; 0 without labels.',
    resolve: ({ counts }) => counts.falseNegative,
  }),
}));

builder.prismaObjectField(RunRef, 'slideGrid', (t) =>
  t.field({
    type: SlideGridRef,
    nullable: true,
    description:
      'What the run says of one slide, for a viewer. Null while the slide is in TEST and TEST is not opened.',
    args: { slideId: t.arg.id({ required: true, description: 'The slide.' }) },
    resolve: ({ id }, { slideId }, context) =>
      readRunGrid(context, { runId: id, slideId: parseRecordId(slideId, 'slide') }),
  }),
);

builder.prismaObjectField(ExternalEvaluationRef, 'slideGrid', (t) =>
  t.field({
    type: SlideGridRef,
    description: 'What the model says of one slide of the exam, for a viewer.',
    args: { slideId: t.arg.id({ required: true, description: 'The slide.' }) },
    resolve: ({ id }, { slideId }, context) =>
      readExternalGrid(context, { id, slideId: parseRecordId(slideId, 'slide') }),
  }),
);
