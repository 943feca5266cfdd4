/** The patches of one slide with their places, from which the slide is put back together. */
import { AppError } from '@microtome/domain/app-error';
import type { DatasetShard, Slide } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { listShards } from './datasets.ts';
import type { CheckedPlace } from './fetch-patches.ts';

export type PatchOnSlide = CheckedPlace & {
  /** Left and top edge in pixels of the slide, from 0. */
  x: number;
  y: number;
};

export type AssembledSlide = {
  widthPx: number;
  heightPx: number;
  /** By index. */
  patches: PatchOnSlide[];
  shards: DatasetShard[];
};

/** NOT_FOUND when there is none. */
export async function getSlide({ database: { prisma } }: Store, slideId: string): Promise<Slide> {
  const slide = await prisma.slide.findUnique({ where: { id: slideId } });
  if (!slide) throw new AppError('NOT_FOUND', `There is no slide '${slideId}'.`);
  return slide;
}

/** NOT_FOUND when there is no such slide; null where the source does not tell where its patches lie. */
export async function findSlidePatches(store: Store, slideId: string): Promise<AssembledSlide | null> {
  const { widthPx, heightPx, datasetId } = await getSlide(store, slideId);
  if (widthPx === null || heightPx === null) return null;
  const { rows } = await store.database.pool.query<PatchRow>(
    `select index, x, y, width_px as "widthPx", height_px as "heightPx", byte_offset::text as "byteOffset", pixel_hash as "pixelHash"
     from patch where slide_id = $1 and dataset_id = $2 order by index`,
    [slideId, datasetId],
  );
  const patches = rows.flatMap(({ x, y, byteOffset, ...row }) =>
    x === null || y === null ? [] : [{ ...row, x, y, byteOffset: Number(byteOffset) }],
  );
  if (patches.length < rows.length) return null;
  return { widthPx, heightPx, patches, shards: await listShards(store, datasetId) };
}

type PatchRow = Omit<PatchOnSlide, 'x' | 'y' | 'byteOffset'> & {
  x: number | null;
  y: number | null;
  byteOffset: string;
};
