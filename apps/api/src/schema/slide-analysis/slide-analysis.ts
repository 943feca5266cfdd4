/** A model version on a whole slide: its progress, what it called and how much that is, and where all of it can be saved. */
import { measureArea } from '@microtome/domain/slide-analysis/analysis-grid';
import type { SlideAnalysisStatus } from '@microtome/domain/slide-analysis/analysis-status';
import type { SlideAnalysis } from '@microtome/store/generated/prisma/client';
import { getSlideAnalysis } from '@microtome/store/slide-analysis/slide-analyses';
import { inProjects } from '../../access/access.ts';
import { builder } from '../../graphql/builder.ts';
import { findNewest, NAMED_NEWEST } from '../../graphql/find-named.ts';
import { inOrder, NEWEST_FIRST, pageInOrder } from '../../graphql/paging/list-order.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { describeAnalysedGrid, namePositive, readAnalysedSlide } from '../../slide-analysis/analysed-grid.ts';
import { countCalledSquares, measureCalledMm2 } from '../../slide-analysis/called-squares.ts';
import { readSlideFile, SlideFileRef, SlideTilesRef } from '../dataset/slide.ts';
import { ModelVersionRef } from '../model/model.ts';
import { SlideGridRef } from '../run/slide-grid.ts';

const SlideAnalysisStatusEnum = builder.enumType('SlideAnalysisStatus', {
  description: 'Where the analysis of a slide stands. The last three are its end: nothing moves it then.',
  values: {
    QUEUED: { description: 'It waits for a worker, or for the next one to go on.' },
    RUNNING: { description: 'A worker computes it.' },
    SUCCEEDED: { description: 'Its grid is there.' },
    FAILED: { description: 'It was given up; `error` says why.' },
    CANCELED: { description: 'A person canceled it.' },
  } satisfies Record<SlideAnalysisStatus, { description: string }>,
});

export const SlideAnalysisRef = builder.prismaObject('SlideAnalysis', {
  description:
    'A model version on a whole slide: its tissue in squares of the size and the µm per pixel at which the model was trained.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    version: t.field({
      type: ModelVersionRef,
      description: 'The version that is asked.',
      select: (_args, _context, nested) => ({ version: nested(true) }),
      resolve: ({ version }) => version,
    }),
    name: t.exposeString('name', { description: 'The slide: its file’s name without the ending.' }),
    path: t.exposeString('path', { description: 'The file on the machine of the API and its workers.' }),
    status: t.expose('status', { type: SlideAnalysisStatusEnum, description: 'Where it stands.' }),
    error: t.exposeString('error', { nullable: true, description: 'Why it failed or began again.' }),
    attempt: t.exposeInt('attempt', { description: 'Number of the newest attempt; 0 before the first.' }),
    patchesDone: t.exposeInt('patchesDone', { description: 'Squares computed so far.' }),
    patchesTotal: t.exposeInt('patchesTotal', {
      description: 'Squares of tissue; 0 before the slide was looked at.',
    }),
    secondsLeft: t.float({
      nullable: true,
      description: 'Estimate of the time left; null where nothing is measured yet or it does not run.',
      resolve: estimateSecondsLeft,
    }),
    wait: t.string({
      nullable: true,
      description: 'Why it has not begun, in a sentence; null where it does not wait.',
      resolve: async (analysis, _args, { loaders }) => (await loaders.waitOfAnalysis.load(analysis)) ?? null,
    }),
    backend: t.exposeString('backend', { nullable: true, description: 'What it was computed on.' }),
    threshold: t.exposeFloat('threshold', { description: 'The run’s, chosen on its VALIDATION.' }),
    tilePx: t.exposeInt('tilePx', { description: 'Side of a square in pixels of the model’s scale.' }),
    micronsPerPixel: t.exposeFloat('micronsPerPixel', { description: 'At which the model was trained.' }),
    file: t.field({
      type: SlideFileRef,
      nullable: true,
      description: 'What the file is; null before a worker has looked at it.',
      resolve: (analysis) => readSlideFile({ ...analysis, filePath: analysis.path }),
    }),
    requestedBy: t.exposeString('requestedBy', { description: 'Who asked for it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    startedAt: t.expose('startedAt', { type: 'DateTime', nullable: true, description: 'When it began.' }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    cancelRequestedAt: t.expose('cancelRequestedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When canceling was asked for; null if it was not.',
    }),
  }),
});

builder.prismaObjectFields(SlideAnalysisRef, (t) => ({
  called: t.int({
    nullable: true,
    description:
      'Squares called positive, in context where they have one, as the grid shows them; null before it has succeeded.',
    resolve: (analysis, _args, context) => countCalledSquares(context, analysis),
  }),
  calledMm2: t.float({
    nullable: true,
    description: 'The area of the squares that are called, in mm²; null before it has succeeded.',
    resolve: (analysis, _args, context) => measureCalledMm2(context, analysis),
  }),
  tissueMm2: t.float({
    nullable: true,
    description: 'The area of tissue that is looked at in mm²; null before it is known.',
    resolve: (analysis) =>
      analysis.patchesTotal === 0 ? null : measureArea(analysis.patchesTotal, analysis),
  }),
  positiveName: t.string({
    description: 'What the positive side is called.',
    resolve: async ({ id }, _args, { store }) => namePositive(await getSlideAnalysis(store, id)),
  }),
  tiles: t.field({
    type: SlideTilesRef,
    nullable: true,
    description: 'The slide as tiles; null before a worker has looked at it, and where the file is gone.',
    resolve: (analysis, _args, { slideTiles }) => slideTiles.describeAnalysed(analysis),
  }),
  slideGrid: t.field({
    type: SlideGridRef,
    nullable: true,
    description:
      'What the model says, for a viewer: in context where squares have one. Null before it has succeeded.',
    args: {
      own: t.arg.boolean({ defaultValue: false, required: true, description: 'Each square alone instead.' }),
    },
    resolve: async ({ id, status }, { own }, context) =>
      status === 'SUCCEEDED' ? describeAnalysedGrid(await readAnalysedSlide(context, id), { own }) : null,
  }),
}));

builder.prismaObjectFields(SlideAnalysisRef, (t) => ({
  heatmapUrl: t.string({
    nullable: true,
    description: 'Path of a PNG of one pixel a square below the API’s address; null before it has succeeded.',
    resolve: (analysis) => linkTo(analysis, 'heatmap.png'),
  }),
  squaresUrl: t.string({
    nullable: true,
    description: 'Path of all squares as CSV; `.parquet` for `.csv` works too. Null before it has succeeded.',
    resolve: (analysis) => linkTo(analysis, 'squares.csv'),
  }),
  spotsUrl: t.string({
    nullable: true,
    description: 'Path of the hot spots as CSV, ranked; null before it has succeeded.',
    resolve: (analysis) => linkTo(analysis, 'hot-spots.csv'),
  }),
  geoJsonUrl: t.string({
    nullable: true,
    description: 'Path of the hot spots as GeoJSON, which QuPath opens; null before it has succeeded.',
    resolve: (analysis) => linkTo(analysis, 'hot-spots.geojson'),
  }),
}));

function estimateSecondsLeft({
  status,
  patchesPerSecond,
  patchesDone,
  patchesTotal,
}: SlideAnalysis): number | null {
  if (status !== 'RUNNING' || !patchesPerSecond) return null;
  return (patchesTotal - patchesDone) / patchesPerSecond;
}

function linkTo({ id, status }: SlideAnalysis, file: string): string | null {
  return status === 'SUCCEEDED' ? `/slide-analyses/${id}/${file}` : null;
}

const SlideAnalysisConnection = builder.connectionObject(
  { type: SlideAnalysisRef, name: 'SlideAnalysisConnection', description: 'A page of slide analyses.' },
  { description: 'A slide analysis and its place in the list.' },
);

builder.queryFields((t) => ({
  slideAnalysis: t.prismaField({
    type: 'SlideAnalysis',
    nullable: true,
    description: 'One slide analysis by id, or the newest of a slide of this name; null when there is none.',
    args: NAMED_NEWEST,
    resolve: (query, _root, args, { store, access }) =>
      findNewest(args, {
        byId: (id) => store.database.prisma.slideAnalysis.findUnique({ ...query, where: { id } }),
        byName: (name) =>
          store.database.prisma.slideAnalysis.findFirst({
            ...query,
            where: { name, ...listWhere(null, access) },
            orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          }),
      }),
  }),
  slideAnalyses: t.prismaConnection(
    {
      type: 'SlideAnalysis',
      cursor: 'id',
      extensions: inOrder(NEWEST_FIRST),
      description: 'Slide analyses, newest first.',
      args: {
        versionId: t.arg.id({ description: 'Those by this model version; all when left out.' }),
      },
      totalCount: (_root, { versionId }, { store, access }) =>
        store.database.prisma.slideAnalysis.count({ where: listWhere(versionId, access) }),
      resolve: (query, _root, { versionId }, { store, access }) =>
        store.database.prisma.slideAnalysis.findMany(
          pageInOrder(query, { where: listWhere(versionId, access), order: NEWEST_FIRST }),
        ),
    },
    SlideAnalysisConnection,
  ),
}));

function listWhere(versionId: string | null | undefined, access: Parameters<typeof inProjects>[0]) {
  return {
    ...(versionId ? { versionId: parseRecordId(versionId, 'model version') } : {}),
    version: { model: inProjects(access) },
  };
}
