/** Slides: one scanned image of a patient, known by the patches cut from it. */
import { basename } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { countTileLevels, TILE_SIDE_PX } from '@microtome/domain/slide/tile-pyramid';
import { getSlide } from '@microtome/store/dataset/slide-patches';
import { printablePath } from '@microtome/store/import/refusal';
import { builder } from '../../graphql/builder.ts';
import { chooseKeyed, DATASET_HELP, KEYED_ARGUMENTS, whereOnDataset } from '../../graphql/find-keyed.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import type { TiledSlide } from '../../tissue/pyramid/slide-tiles.ts';
import { OutlineRoleEnum } from '../enums.ts';

export const SlideTilesRef = builder.objectRef<TiledSlide>('SlideTiles').implement({
  description:
    'A slide as a pyramid of square tiles, out of the scanner’s file where that is there, else out of its patches. Those at its right and lower edge are smaller.',
  fields: (t) => ({
    widthPx: t.exposeInt('widthPx', { description: 'Width of level 0 in pixels.' }),
    heightPx: t.exposeInt('heightPx', { description: 'Height of level 0 in pixels.' }),
    scale: t.exposeFloat('scale', {
      description:
        'Pixels of level 0 for one of those in which patches lie: more than 1 where the file is finer than its patches.',
    }),
    isFile: t.boolean({
      description: 'Whether the scanner’s file is shown; false where patches are put back together.',
      resolve: ({ origin }) => origin === 'file',
    }),
    sidePx: t.int({ description: 'Side of a tile in pixels.', resolve: () => TILE_SIDE_PX }),
    levels: t.int({
      description: 'Levels, each half of the one before: 0 is the slide itself, the last is one tile.',
      resolve: countTileLevels,
    }),
    url: t.exposeString('url', {
      description:
        'Path of a tile below the API’s address, with `{level}`, `{column}` and `{row}` to be put in.',
    }),
  }),
});

type SlideFile = { name: string; digest: string; widthPx: number; heightPx: number; micronsPerPixel: number };

export const SlideFileRef = builder.objectRef<SlideFile>('SlideFile').implement({
  description: 'The file of a scanner, whose patches or squares a model sees.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Without its folder; of a series, that of the first file.' }),
    digest: t.exposeString('digest', {
      description: 'sha256; of several files, that of their digests in the order of their names.',
    }),
    widthPx: t.exposeInt('widthPx', { description: 'Of its finest level.' }),
    heightPx: t.exposeInt('heightPx', { description: 'Of its finest level.' }),
    micronsPerPixel: t.exposeFloat('micronsPerPixel', {
      description:
        'Of its finest level: a patch at x lies x times the slide’s µm per pixel by these from its left edge.',
    }),
  }),
});

const SlideOutlineRef = builder.prismaObject('SlideOutline', {
  description: 'What was drawn on a slide that an import cut into patches.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'As its file calls it.' }),
    className: t.exposeString('className', {
      nullable: true,
      description: 'What it marks; null where its file names no class.',
    }),
    role: t.field({
      type: OutlineRoleEnum,
      description: 'What it was to the labels of the patches.',
      resolve: ({ role }) => role,
    }),
    rings: t.field({
      type: t.listRef(t.listRef('Float')),
      description:
        'Each a list of corners x, y, x, y … in the pixels in which patches lie, with no more of them than a screen can use.',
      resolve: ({ rings }) => rings,
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
    file: t.field({
      type: SlideFileRef,
      nullable: true,
      description: 'What its patches were cut from; null where they came as patches.',
      select: {
        filePath: true,
        fileDigest: true,
        fileWidthPx: true,
        fileHeightPx: true,
        fileMicronsPerPixel: true,
      },
      resolve: readSlideFile,
    }),
    outlines: t.relation('outlines', {
      type: SlideOutlineRef,
      description: 'What was drawn on it; empty where its patches were not labelled by outlines.',
      query: { orderBy: { position: 'asc' } },
    }),
    patchCount: t.relationCount('patches', { description: 'Patches cut from it, edge strips included.' }),
    tiles: t.field({
      type: SlideTilesRef,
      nullable: true,
      description: 'Its tiles; null where there is no file and nothing tells where its patches lie.',
      resolve: (slide, _args, { slideTiles }) => slideTiles.describe(slide),
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
    description: 'One slide by id, or by its key and whatever else it takes to tell it from others.',
    args: {
      ...KEYED_ARGUMENTS,
      id: t.arg.id({ description: 'Its id.' }),
      key: t.arg.string({ extensions: typed('search'), description: 'Its key; used when `id` is left out.' }),
      patient: t.arg.string({
        extensions: typed('search'),
        description: 'Key of its patient, beside its own.',
      }),
    },
    resolve: async (_root, { id, key, patient, ...place }, { store, access }) => {
      if (id) return getSlide(store, parseRecordId(id, 'slide'));
      const asked = `slide '${key ?? ''}'${patient ? ` of patient '${patient}'` : ''}`;
      const slides = await store.database.prisma.slide.findMany({
        where: {
          key: key ?? '',
          ...(patient ? { patient: { key: patient } } : {}),
          ...whereOnDataset(place, access),
        },
        take: 2,
      });
      const slide = chooseKeyed(
        asked,
        patient ? DATASET_HELP : `the key of its patient, or ${DATASET_HELP}`,
        slides,
      );
      if (!slide) throw new AppError('NOT_FOUND', `There is no ${asked}.`);
      return slide;
    },
  }),
);
type FileColumns = {
  filePath: string | null;
  fileDigest: string | null;
  fileWidthPx: number | null;
  fileHeightPx: number | null;
  fileMicronsPerPixel: number | null;
};

/** All or none of them, as the database has it. */
export function readSlideFile(row: FileColumns): SlideFile | null {
  const { filePath, fileDigest: digest, fileWidthPx: widthPx, fileHeightPx: heightPx } = row;
  const { fileMicronsPerPixel: micronsPerPixel } = row;
  if (
    filePath === null ||
    digest === null ||
    widthPx === null ||
    heightPx === null ||
    micronsPerPixel === null
  )
    return null;
  return { name: printablePath(basename(filePath)), digest, widthPx, heightPx, micronsPerPixel };
}
