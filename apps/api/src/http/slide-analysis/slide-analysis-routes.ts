/** What a model said of a whole slide: tables, outlines, a picture, and the slide itself in tiles and squares. */
import { AppError } from '@microtome/domain/app-error';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { TILE_SIDE_PX } from '@microtome/domain/slide/tile-pyramid';
import { requireSplit } from '@microtome/store/run/split-run';
import { getSlideAnalysis } from '@microtome/store/slide-analysis/slide-analyses';
import { openTissue } from '@microtome/store/slide-analysis/tissue-tiles';
import type { Response, Router } from 'express';
import sharp from 'sharp';
import { z } from 'zod';
import { parseRecordId } from '../../graphql/record-id.ts';
import { type ExportTable, TABLE_FORMATS, type TableFormat } from '../../report/export-table.ts';
import type { ApiServices } from '../../services.ts';
import {
  type AnalysedSlide,
  drawAnalysedHeatmap,
  type ReadingRequest,
  readAnalysedSlide,
} from '../../slide-analysis/analysed-grid.ts';
import { outlineSpots, tabulateSpots, tabulateSquares } from '../../slide-analysis/analysis-tables.ts';
import { describeTables, type RouteDescription } from '../route-description.ts';
import { describeImmutable } from '../send-artifact.ts';
import { parseNumberedFile, parseTile, sendPicture } from '../send-picture.ts';
import { sendTable } from '../send-table.ts';

const NOUN = 'slide analysis';
const QUERY = { of: '`context` (when left out) where squares have one, or `own`: each square alone' };
const readingQuery = z.object({ of: z.enum(['context', 'own']).default('context') });

export const SLIDE_ANALYSIS_ROUTES: readonly RouteDescription[] = [
  ...describeTables(TABLE_FORMATS, {
    path: '/slide-analyses/:id/squares',
    about:
      'One row per square of tissue that a model was asked about: `x`, `y` and `side` in pixels of the slide’s finest level, ' +
      '`probability`, and 1 where it is `called`; the same in context where squares have one.',
  }),
  ...describeTables(TABLE_FORMATS, {
    query: QUERY,
    path: '/slide-analyses/:id/hot-spots',
    about:
      'One row per area called positive, the heaviest first, with its box, its area in mm² and its highest probability.',
  }),
  {
    method: 'GET',
    path: '/slide-analyses/:id/hot-spots.geojson',
    about: 'The same areas as outlines in pixels of the slide’s finest level. QuPath opens it.',
    query: QUERY,
    gives: 'application/geo+json',
  },
  {
    method: 'GET',
    path: '/slide-analyses/:id/heatmap.png',
    about: 'One pixel for each square, transparent where there is no tissue.',
    query: QUERY,
    gives: 'image/png',
  },
  {
    method: 'GET',
    path: '/slide-analyses/:id/tiles/:level/:file',
    about: 'A tile of the slide, as `/slides/:slideId/tiles/:level/:file` gives those of a dataset’s.',
    query: { side: 'as there' },
    gives: 'image/webp',
  },
  {
    method: 'GET',
    path: '/slide-analyses/:id/patches/:file',
    about: 'One square as the model saw it, by its place in the grid: `17.png`.',
    gives: 'image/png',
  },
];

export function addSlideAnalysisRoutes(router: Router, services: ApiServices): void {
  const { store, slideTiles } = services;
  const read = (id: string) => readAnalysedSlide(services, parseRecordId(id, NOUN));
  for (const format of TABLE_FORMATS) {
    router.get(`/slide-analyses/:id/squares.${format}`, async (request, response) => {
      const analysed = await read(request.params.id);
      const table = { name: 'squares', columns: tabulateSquares(analysed) };
      await sendAnalysed(services, analysed, { table, format, response });
    });

    router.get(`/slide-analyses/:id/hot-spots.${format}`, async (request, response) => {
      const analysed = await read(request.params.id);
      const table = { name: 'hot-spots', columns: tabulateSpots(analysed, parseReading(request.query)) };
      await sendAnalysed(services, analysed, { table, format, response });
    });
  }

  router.get('/slide-analyses/:id/hot-spots.geojson', async (request, response) => {
    const reading = parseReading(request.query);
    const analysed = await read(request.params.id);
    response.setHeader('content-type', 'application/geo+json; charset=utf-8');
    response.setHeader(
      'content-disposition',
      `attachment; filename="hot-spots-${analysed.analysis.id}.geojson"`,
    );
    response.setHeader('cache-control', describeImmutable(response));
    response.send(outlineSpots(analysed, reading));
  });

  router.get('/slide-analyses/:id/heatmap.png', async (request, response) => {
    const id = parseRecordId(request.params.id, NOUN);
    const reading = parseReading(request.query);
    const draw = async () => drawAnalysedHeatmap(await read(id), reading);
    // What it said never changes.
    const content = `analysed heatmap ${id} ${reading.own}`;
    await sendPicture({ request, response, draw, content, cacheControl: describeImmutable(response) });
  });

  router.get('/slide-analyses/:id/tiles/:level/:file', async (request, response) => {
    const place = parseTile(request.params);
    const analysis = await getSlideAnalysis(store, parseRecordId(request.params.id, NOUN));
    await sendPicture({
      request,
      response,
      type: 'webp',
      draw: () => slideTiles.readAnalysedTile({ analysis, place }),
      content: `analysed tile ${analysis.id} ${TILE_SIDE_PX} ${place.level} ${place.column} ${place.row}`,
      cacheControl: describeImmutable(response),
    });
  });

  router.get('/slide-analyses/:id/patches/:file', async (request, response) => {
    const place = parseNumberedFile(request.params.file);
    const analysed = await read(request.params.id);
    const draw = () => drawSquare(analysed, place);
    const content = `analysed square ${analysed.analysis.id} ${place}`;
    await sendPicture({ request, response, draw, content, cacheControl: describeImmutable(response) });
  });
}

function parseReading(query: unknown): ReadingRequest {
  const parsed = readingQuery.safeParse(query);
  if (!parsed.success) throw new AppError('BAD_INPUT', 'of must be context or own.');
  return { own: parsed.data.of === 'own' };
}

async function sendAnalysed(
  { store, background }: ApiServices,
  { analysis }: AnalysedSlide,
  sending: { table: { name: string; columns: ExportTable }; format: TableFormat; response: Response },
): Promise<void> {
  const { table, format, response } = sending;
  const { experiment } = analysis.version.run;
  const { datasetId } = requireSplit(analysis.version.run);
  const { unit } = await store.database.prisma.dataset.findUniqueOrThrow({ where: { id: datasetId } });
  await sendTable({
    background,
    table: table.columns,
    format,
    name: { table: table.name, id: analysis.id },
    subject: { task: experiment.task, unit },
    response,
  });
}

async function drawSquare({ analysis, grid }: AnalysedSlide, place: number): Promise<Buffer> {
  const { tilePx } = analysis;
  if (!grid.places.includes(place))
    throw new AppError(
      'NOT_FOUND',
      `The model was not asked about square ${place} of slide '${analysis.name}'.`,
    );
  const slide = await openTissue(analysis);
  try {
    const pixels = await slide.readTiles(Int32Array.of(place), grid.columns);
    return await sharp(pixels, { raw: { width: tilePx, height: tilePx, channels: RGB_CHANNELS } })
      .png()
      .toBuffer();
  } finally {
    await slide.close();
  }
}
