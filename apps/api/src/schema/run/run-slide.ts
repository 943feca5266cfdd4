/** One slide as a run sees it: where it stands in the split and under which heatmap. */

import { builder } from '../../graphql/builder.ts';
import type { RunSlide } from '../../tissue/run-slides.ts';
import { SlideRef } from '../dataset/slide.ts';
import { SubsetEnum } from '../enums.ts';

export const RunSlideRef = builder.objectRef<RunSlide>('RunSlide').implement({
  description: 'A slide under the probabilities of a run.',
  fields: (t) => ({
    slide: t.field({ type: SlideRef, description: 'The slide.', resolve: ({ slide }) => slide }),
    subset: t.field({
      type: SubsetEnum,
      nullable: true,
      description:
        'Its side of the split; null on an unsafe split, where one slide lies on several, and of an exam.',
      resolve: ({ subset }) => subset,
    }),
    tissueUrl: t.string({
      description: 'Path of the assembled picture below the API’s address.',
      resolve: ({ slide }) => `/slides/${slide.id}/tissue.png`,
    }),
    heatmapUrl: t.exposeString('heatmapUrl', {
      nullable: true,
      description: 'Path of the heatmap (one pixel a cell); null for TRAIN, while sealed, or before the end.',
    }),
    heatmapCellPx: t.exposeInt('heatmapCellPx', {
      description:
        'Side of a cell in pixels of the slide: that of a patch, or more where patches lie very far apart.',
    }),
    sealed: t.exposeBoolean('sealed', {
      description: 'True while the slide is in TEST and TEST is not opened.',
    }),
    patches: t.exposeInt('patches', { description: 'Patches with a readable prediction.' }),
    called: t.exposeInt('called', { description: 'Those of them that are called positive.' }),
    errors: t.exposeInt('errors', {
      nullable: true,
      description: 'Those of them that are called wrongly; null without labels.',
    }),
    auc: t.exposeFloat('auc', {
      nullable: true,
      description: 'AUC for the positive class over those patches; null when only one class is there.',
    }),
  }),
});
