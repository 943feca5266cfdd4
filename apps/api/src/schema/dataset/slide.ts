/** Slides: one scanned image of a patient, known by the patches cut from it. */
import { countTileLevels, TILE_SIDE_PX } from '@microtome/domain/slide/tile-pyramid';
import { getSlide } from '@microtome/store/dataset/slide-patches';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';

type SlideTiles = { id: string; widthPx: number; heightPx: number };

const SlideTilesRef = builder.objectRef<SlideTiles>('SlideTiles').implement({
  description: 'A slide as a pyramid of square tiles; those at its right and lower edge are smaller.',
  fields: (t) => ({
    widthPx: t.exposeInt('widthPx', { description: 'Width of level 0 in pixels.' }),
    heightPx: t.exposeInt('heightPx', { description: 'Height of level 0 in pixels.' }),
    sidePx: t.int({ description: 'Side of a tile in pixels.', resolve: () => TILE_SIDE_PX }),
    levels: t.int({
      description: 'Levels, each half of the one before: 0 is the slide itself, the last is one tile.',
      resolve: countTileLevels,
    }),
    url: t.string({
      description:
        'Path of a tile below the API’s address, with `{level}`, `{column}` and `{row}` to be put in.',
      resolve: ({ id }) => `/slides/${id}/tiles/{level}/{column}_{row}.webp`,
    }),
  }),
});

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
    tiles: t.field({
      type: SlideTilesRef,
      nullable: true,
      description: 'Its tiles; null where nothing tells where its patches lie.',
      resolve: ({ id, widthPx, heightPx }) =>
        widthPx === null || heightPx === null ? null : { id, widthPx, heightPx },
    }),
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

builder.queryField('slide', (t) =>
  t.field({
    type: SlideRef,
    description: 'One slide.',
    args: { id: t.arg.id({ required: true, description: 'Its id.' }) },
    resolve: (_root, { id }, { store }) => getSlide(store, parseRecordId(id, 'slide')),
  }),
);
