/** Asking a model version about slides, and canceling. */
import type { Refusal } from '@microtome/store/import/refusal';
import { cancelSlideAnalysis } from '@microtome/store/slide-analysis/analysis-lease';
import { requestSlideAnalyses } from '@microtome/store/slide-analysis/request-analyses';
import { readAccountId } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SlideAnalysisRef } from './slide-analysis.ts';

const RefusedSlideRef = builder.objectRef<Refusal>('RefusedSlide').implement({
  description: 'A file of a folder that cannot be analysed.',
  fields: (t) => ({
    path: t.exposeString('path', { description: 'Within the folder.' }),
    reason: t.exposeString('reason', { description: 'Why, as a sentence.' }),
  }),
});

const AnalyseSlidePayload = builder
  .objectRef<Awaited<ReturnType<typeof requestSlideAnalyses>>>('AnalyseSlidePayload')
  .implement({
    description: 'What was asked for, and what of it cannot be analysed.',
    fields: (t) => ({
      analyses: t.field({
        type: [SlideAnalysisRef],
        description: 'One a slide, by path.',
        resolve: ({ analyses }) => analyses,
      }),
      refused: t.field({
        type: [RefusedSlideRef],
        description: 'Files that cannot be analysed, by path; the others are.',
        resolve: ({ refused }) => refused,
      }),
    }),
  });

const AnalyseSlideInput = builder.inputType('AnalyseSlideInput', {
  description: 'A model version, and a slide or a folder of slides.',
  fields: (t) => ({
    versionId: t.id({ required: true, description: 'The version.' }),
    path: t.string({
      extensions: typed('path'),
      required: true,
      description: 'A slide, or a folder with slides, below one of `importRoots`.',
    }),
    micronsPerPixel: t.float({
      description:
        'At which the model was trained. Asked for where its dataset does not tell, or tells several.',
    }),
    slideMicronsPerPixel: t.float({
      description: 'Of the finest level of slides that tell none. Asked for where one is.',
    }),
    requestedBy: t.string({ extensions: typed('personName'), description: 'Who; "unknown" when left out.' }),
  }),
});

builder.mutationFields((t) => ({
  analyseSlide: t.field({
    type: AnalyseSlidePayload,
    description:
      'Asks a model version about a slide, or about each slide of a folder; a worker does it. A slide that is under way already is given as it is.',
    args: { input: t.arg({ type: AnalyseSlideInput, required: true, description: 'Model and slides.' }) },
    resolve: async (_root, { input }, { store, access, importRoots }) =>
      requestSlideAnalyses(store, {
        versionId: parseRecordId(input.versionId, 'model version'),
        path: await importRoots.resolveBelow(input.path),
        micronsPerPixel: input.micronsPerPixel,
        toldMicronsPerPixel: input.slideMicronsPerPixel,
        requestedBy: input.requestedBy ?? undefined,
        createdBy: readAccountId(access),
      }),
  }),
  cancelSlideAnalysis: t.field({
    type: SlideAnalysisRef,
    description:
      'Cancels a slide analysis: at once while queued, within seconds while a worker computes. Refused once it has ended.',
    args: { id: t.arg.id({ required: true, description: 'Id of the slide analysis.' }) },
    resolve: (_root, { id }, { store }) => cancelSlideAnalysis(store, parseRecordId(id, 'slide analysis')),
  }),
}));
