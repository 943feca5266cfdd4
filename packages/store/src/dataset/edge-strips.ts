/** Edge strips of a data set: patches cut at their slide's edge, packed at offsets of their own. */
import type { Store } from '../store.ts';

export type EdgeStrip = {
  /** Number within the data set. */
  index: number;
  widthPx: number;
  heightPx: number;
  /** Within its shard. */
  byteOffset: number;
};

/** In the order of their indexes. */
export async function listEdgeStrips(
  store: Store,
  { datasetId, patchSizePx }: { datasetId: string; patchSizePx: number },
): Promise<EdgeStrip[]> {
  const strips = await store.database.prisma.patch.findMany({
    where: { datasetId, OR: [{ widthPx: { lt: patchSizePx } }, { heightPx: { lt: patchSizePx } }] },
    select: { index: true, widthPx: true, heightPx: true, byteOffset: true },
    orderBy: { index: 'asc' },
  });
  return strips.map((strip) => ({ ...strip, byteOffset: Number(strip.byteOffset) }));
}
