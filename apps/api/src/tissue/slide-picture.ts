/** Pictures from the packed pixels of a dataset: one patch, or all patches of a slide in their places. */

import { AppError, invariant } from '@microtome/domain/app-error';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { listShards } from '@microtome/store/dataset/datasets';
import { fetchPatches } from '@microtome/store/dataset/fetch-patches';
import type { Patch } from '@microtome/store/generated/prisma/client';
import type { Store } from '@microtome/store/store';
import sharp from 'sharp';
import { explainNoPlaces } from './explain-no-places.ts';
import { assembleTissue } from './tissue-picture.ts';

type PatchRow = Pick<Patch, 'index' | 'widthPx' | 'heightPx' | 'byteOffset' | 'pixelHash'>;

/** The patch as PNG; NOT_FOUND when the dataset has none of this number. */
export async function drawPatchPicture(
  store: Store,
  { datasetId, index }: { datasetId: string; index: number },
): Promise<Buffer> {
  const row = await store.database.prisma.patch.findUnique({
    where: { datasetId_index: { datasetId, index } },
  });
  if (!row) throw new AppError('NOT_FOUND', `Dataset '${datasetId}' has no patch ${index}.`);
  const [patch] = await readPixels(store, { datasetId, rows: [row] });
  invariant(patch, `patch ${index} has pixels`);
  const raw = { width: patch.widthPx, height: patch.heightPx, channels: RGB_CHANNELS };
  return sharp(patch.pixels, { raw }).png().toBuffer();
}

/** The slide as PNG; NOT_FOUND when there is none. */
export async function drawSlidePicture(
  store: Store,
  { slideId, maxSidePx }: { slideId: string; maxSidePx: number | null },
): Promise<Buffer> {
  const slide = await store.database.prisma.slide.findUnique({
    where: { id: slideId },
    include: { patches: { orderBy: { index: 'asc' } } },
  });
  if (!slide) throw new AppError('NOT_FOUND', `There is no slide '${slideId}'.`);
  const { widthPx, heightPx, datasetId } = slide;
  const rows = slide.patches.flatMap(({ x, y, ...row }) =>
    x === null || y === null ? [] : [{ ...row, x, y }],
  );
  if (widthPx === null || heightPx === null || rows.length < slide.patches.length) throw explainNoPlaces();
  const patches = await readPixels(store, { datasetId, rows });
  return assembleTissue({ slideWidthPx: widthPx, slideHeightPx: heightPx, patches, maxSidePx });
}

async function readPixels<Row extends PatchRow>(
  store: Store,
  { datasetId, rows }: { datasetId: string; rows: Row[] },
): Promise<(Omit<Row, 'byteOffset'> & { byteOffset: number; pixels: Uint8Array })[]> {
  const shards = await listShards(store, datasetId);
  const places = rows.map((row) => ({ ...row, byteOffset: Number(row.byteOffset) }));
  const pixels = await fetchPatches(store.artifacts, { shards, places });
  return places.map((place, at) => ({ ...place, pixels: pixels[at] as Uint8Array }));
}
