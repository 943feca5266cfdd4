/** Pictures from the packed pixels of a dataset: one patch, or all patches of a slide in their places. */

import { AppError, invariant } from '@microtome/domain/app-error';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { listShards } from '@microtome/store/dataset/datasets';
import { fetchPatches } from '@microtome/store/dataset/fetch-patches';
import { findSlidePatches } from '@microtome/store/dataset/slide-patches';
import type { Store } from '@microtome/store/store';
import sharp from 'sharp';
import { explainNoPlaces } from './explain-no-places.ts';
import { assembleTissue } from './tissue-picture.ts';

/** The patch as PNG; NOT_FOUND when the dataset has none of this number. */
export async function drawPatchPicture(
  store: Store,
  { datasetId, index }: { datasetId: string; index: number },
): Promise<Buffer> {
  const row = await store.database.prisma.patch.findUnique({
    where: { datasetId_index: { datasetId, index } },
  });
  if (!row) throw new AppError('NOT_FOUND', `Dataset '${datasetId}' has no patch ${index}.`);
  const shards = await listShards(store, datasetId);
  const places = [{ ...row, byteOffset: Number(row.byteOffset) }];
  const [pixels] = await fetchPatches(store.artifacts, { shards, places });
  invariant(pixels, `patch ${index} has pixels`);
  const raw = { width: row.widthPx, height: row.heightPx, channels: RGB_CHANNELS };
  return sharp(pixels, { raw }).png().toBuffer();
}

/** The slide as PNG; NOT_FOUND when there is none. */
export async function drawSlidePicture(
  store: Store,
  { slideId, maxSidePx }: { slideId: string; maxSidePx: number | null },
): Promise<Buffer> {
  const slide = await findSlidePatches(store, slideId);
  if (!slide) throw explainNoPlaces();
  const { widthPx, heightPx, shards, patches: places } = slide;
  const pixels = await fetchPatches(store.artifacts, { shards, places });
  const patches = places.map((place, at) => ({ ...place, pixels: pixels[at] as Uint8Array }));
  return assembleTissue({ slideWidthPx: widthPx, slideHeightPx: heightPx, patches, maxSidePx });
}
