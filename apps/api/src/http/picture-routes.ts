/** Pictures made on request: one patch, the tissue of a slide whole or in tiles, a model's heatmap over it. */
import { AppError } from '@microtome/domain/app-error';
import { TILE_SIDE_PX } from '@microtome/domain/slide/tile-pyramid';
import type { Router } from 'express';
import { z } from 'zod';
import { parseRecordId } from '../graphql/record-id.ts';
import { createResultCache } from '../result-cache.ts';
import type { ApiServices } from '../services.ts';
import type { TileOrigin } from '../tissue/pyramid/slide-tiles.ts';
import { drawExternalHeatmap, drawHeatmap, type SlideLayer } from '../tissue/slide-heatmap.ts';
import { drawPatchPicture, drawSlidePicture } from '../tissue/slide-picture.ts';
import type { RouteDescription } from './route-description.ts';
import { describeImmutable } from './send-artifact.ts';
import { parseNumberedFile, parseTile, sendPicture } from './send-picture.ts';

const CACHED_PICTURES = 24;
const tissueQuery = z.object({ maxSidePx: z.coerce.number().int().min(16).max(8192).optional() });
const heatmapQuery = z.object({
  layer: z.enum(['probability', 'context', 'label', 'error']).default('probability'),
});
const tileQuery = z.object({ of: z.enum(['patches', 'file']).default('patches') });

export const PICTURE_ROUTES: readonly RouteDescription[] = [
  {
    method: 'GET',
    path: '/datasets/:datasetId/patches/:file',
    about: 'One patch by its index: `17.png`.',
    gives: 'image/png',
  },
  {
    method: 'GET',
    path: '/slides/:slideId/tissue.png',
    about: 'The patches of a slide put back in their places.',
    query: { maxSidePx: 'the longer side at most, 16 to 8192 pixels' },
    gives: 'image/png',
  },
  {
    method: 'GET',
    path: '/slides/:slideId/tiles/:level/:file',
    about:
      'A tile of a slide: `0/3_2.webp` is in column 3 and row 2 of the slide itself, level 1 is half as large, and so on. ' +
      'Transparent where there is no tissue. `Slide.tiles` says what there is.',
    query: {
      of: '`patches` (when left out), put back in their places, or `file`, the scanner’s',
      side: 'as `Slide.tiles` names it; it changes nothing but the address, under which a browser keeps a tile for good',
    },
    gives: 'image/webp',
  },
  {
    method: 'GET',
    path: '/runs/:runId/slides/:slideId/heatmap.png',
    about: 'What the model of a run says of a slide.',
    query: {
      layer: '`probability` (when left out), `context`, each patch with its neighbours, `label` or `error`',
    },
    gives: 'image/png',
  },
  {
    method: 'GET',
    path: '/external-evaluations/:id/slides/:slideId/heatmap.png',
    about: 'What a model says of a slide of another dataset.',
    query: {
      layer: '`probability` (when left out), `context`, each patch with its neighbours, `label` or `error`',
    },
    gives: 'image/png',
  },
];

export function addPictureRoutes(router: Router, services: ApiServices): void {
  const tissues = createResultCache<Buffer>(CACHED_PICTURES);

  router.get('/datasets/:datasetId/patches/:file', async (request, response) => {
    const datasetId = parseRecordId(request.params.datasetId, 'dataset');
    const index = parseNumberedFile(request.params.file);
    const draw = () => drawPatchPicture(services.store, { datasetId, index });
    await sendPicture({
      request,
      response,
      draw,
      content: `patch ${datasetId} ${index}`,
      cacheControl: describeImmutable(response),
    });
  });

  router.get('/slides/:slideId/tissue.png', async (request, response) => {
    const slideId = parseRecordId(request.params.slideId, 'slide');
    const parsed = tissueQuery.safeParse(request.query);
    if (!parsed.success) throw new AppError('BAD_INPUT', 'maxSidePx must be a whole number from 16 to 8192.');
    const maxSidePx = parsed.data.maxSidePx ?? null;
    // A slide belongs to a dataset, which never changes: its id and the size name the content.
    const content = `tissue ${slideId} ${maxSidePx}`;
    const draw = () => tissues.get(content, () => drawSlidePicture(services.store, { slideId, maxSidePx }));
    await sendPicture({ request, response, draw, content, cacheControl: describeImmutable(response) });
  });

  router.get('/slides/:slideId/tiles/:level/:file', async (request, response) => {
    const slideId = parseRecordId(request.params.slideId, 'slide');
    const place = parseTile(request.params);
    const origin = parseOrigin(request.query);
    await sendPicture({
      request,
      response,
      type: 'webp',
      draw: () => services.slideTiles.readTile({ slideId, origin, place }),
      content: `tile ${slideId} ${origin} ${TILE_SIDE_PX} ${place.level} ${place.column} ${place.row}`,
      cacheControl: describeImmutable(response),
    });
  });

  router.get('/runs/:runId/slides/:slideId/heatmap.png', async (request, response) => {
    const runId = parseRecordId(request.params.runId, 'run');
    const slideId = parseRecordId(request.params.slideId, 'slide');
    const png = await drawHeatmap(services, { runId, slideId, layer: parseLayer(request.query) });
    // Opening TEST changes what may be seen, so the client asks again each time.
    const content = png.toString('base64');
    await sendPicture({ request, response, draw: async () => png, content, cacheControl: 'no-cache' });
  });

  router.get('/external-evaluations/:id/slides/:slideId/heatmap.png', async (request, response) => {
    const id = parseRecordId(request.params.id, 'external evaluation');
    const slideId = parseRecordId(request.params.slideId, 'slide');
    const layer = parseLayer(request.query);
    // What it predicted never changes.
    const content = `external heatmap ${id} ${slideId} ${layer}`;
    const draw = () => drawExternalHeatmap(services, { id, slideId, layer });
    await sendPicture({ request, response, draw, content, cacheControl: describeImmutable(response) });
  });
}

function parseLayer(query: unknown): SlideLayer {
  const parsed = heatmapQuery.safeParse(query);
  if (!parsed.success) throw new AppError('BAD_INPUT', 'layer must be probability, context, label or error.');
  return parsed.data.layer;
}

function parseOrigin(query: unknown): TileOrigin {
  const parsed = tileQuery.safeParse(query);
  if (!parsed.success) throw new AppError('BAD_INPUT', 'of must be patches or file.');
  return parsed.data.of;
}
