/** Patches as a page shows them: where they lie, their label and their picture. */
import type { SamplePatch } from '@microtome/store/dataset/sample-patches';
import { builder } from '../../graphql/builder.ts';

export const PatchRef = builder.objectRef<SamplePatch>('Patch').implement({
  description: 'One square of a slide.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Number within the dataset, from 0.' }),
    x: t.exposeInt('x', {
      nullable: true,
      description: 'Left edge on the slide in pixels, from 0; null where the source tells no place.',
    }),
    y: t.exposeInt('y', {
      nullable: true,
      description: 'Top edge on the slide in pixels, from 0; null where the source tells no place.',
    }),
    widthPx: t.exposeInt('widthPx', { description: 'Width in pixels.' }),
    heightPx: t.exposeInt('heightPx', { description: 'Height in pixels.' }),
    className: t.exposeString('className', { description: 'Name of its class.' }),
    label: t.exposeInt('label', {
      nullable: true,
      deprecationReason: 'A class is positive by a task: read `className`.',
      description: '1 or 0 under the first task of the dataset; null where that leaves its class out.',
    }),
    patientKey: t.exposeString('patientKey', { description: 'Key of the patient.' }),
    imageUrl: t.string({
      description: 'Path of its PNG below the API’s address.',
      resolve: ({ datasetId, index }) => `/datasets/${datasetId}/patches/${index}.png`,
    }),
  }),
});
