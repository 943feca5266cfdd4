/** Slides: one scanned image of a patient, known by the patches cut from it. */
import { builder } from '../../graphql/builder.ts';

export const SlideRef = builder.prismaObject('Slide', {
  description: 'One scanned image of a patient.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    key: t.exposeString('key', { description: 'The key within the patient.' }),
    widthPx: t.exposeInt('widthPx', {
      nullable: true,
      description: 'Width in pixels, as far as patches reach; null where their places are not known.',
    }),
    heightPx: t.exposeInt('heightPx', {
      nullable: true,
      description: 'Height in pixels, as far as patches reach; null where their places are not known.',
    }),
    site: t.exposeString('site', {
      nullable: true,
      description: 'Centre, scanner or tissue source site; null where the source tells none.',
    }),
    micronsPerPixel: t.exposeFloat('micronsPerPixel', {
      nullable: true,
      description: 'Micrometres per pixel; null when the source does not tell.',
    }),
    patchCount: t.relationCount('patches', { description: 'Patches cut from it, edge strips included.' }),
    thumbnailUrl: t.string({
      description: 'Path of the assembled picture below the API’s address, at most 320 pixels a side.',
      resolve: ({ id }) => `/slides/${id}/tissue.png?maxSidePx=320`,
    }),
  }),
});

export const SlideConnection = builder.connectionObject(
  { type: SlideRef, name: 'SlideConnection', description: 'A page of slides.' },
  { description: 'A slide and its place in the list.' },
);
