/**
 * Where the packed patches of a dataset lie: full-size patches back to back in shards, edge strips in shards of their
 * own at the offsets in the catalogue. A layout is plain data, so a process or thread without a database can read
 * by it.
 */
import { AppError } from '@microtome/domain/app-error';
import type { Store } from '../store.ts';
import { getDataset, listShards } from './datasets.ts';

/** A file of patches that follow one another by their index. */
export type PatchShard = {
  artifactHash: string;
  /** Index of its first patch within the dataset. */
  firstPatch: number;
  patchCount: number;
};

/** A patch with its own size and place, as the catalogue has it. */
export type PatchPlace = {
  /** Number within the dataset. */
  index: number;
  widthPx: number;
  heightPx: number;
  /** Within its shard. */
  byteOffset: number;
};

export type PatchLayout = {
  patchSizePx: number;
  /** By rising first patch. */
  shards: PatchShard[];
  /** Patches cut at their slide's edge, smaller than the others, by rising index; none where they are left out. */
  strips: PatchPlace[];
};

/** NOT_FOUND when there is no such dataset. */
export async function getPatchLayout(
  store: Store,
  { datasetId, includeStrips }: { datasetId: string; includeStrips: boolean },
): Promise<PatchLayout> {
  const { patchSizePx } = await getDataset(store, datasetId);
  const shards = await listShards(store, datasetId);
  return {
    patchSizePx,
    shards: shards
      .filter(({ kind }) => includeStrips || kind === 'PATCH')
      .map(({ artifactHash, firstPatch, patchCount }) => ({ artifactHash, firstPatch, patchCount }))
      .toSorted((a, b) => a.firstPatch - b.firstPatch),
    strips: includeStrips ? await listEdgeStrips(store, { datasetId, patchSizePx }) : [],
  };
}

/** The shard that holds a patch; `shards` are by rising first patch. NOT_FOUND when none does. */
export function findShard<Shard extends Pick<PatchShard, 'firstPatch' | 'patchCount'>>(
  shards: readonly Shard[],
  index: number,
): Shard {
  let low = 0;
  let high = shards.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((shards[middle] as Shard).firstPatch <= index) low = middle;
    else high = middle - 1;
  }
  const shard = shards[low];
  if (shard && index >= shard.firstPatch && index < shard.firstPatch + shard.patchCount) return shard;
  throw new AppError('NOT_FOUND', `There is no patch ${index} in this dataset.`);
}

async function listEdgeStrips(
  store: Store,
  { datasetId, patchSizePx }: { datasetId: string; patchSizePx: number },
): Promise<PatchPlace[]> {
  const strips = await store.database.prisma.patch.findMany({
    where: { datasetId, OR: [{ widthPx: { lt: patchSizePx } }, { heightPx: { lt: patchSizePx } }] },
    select: { index: true, widthPx: true, heightPx: true, byteOffset: true },
    orderBy: { index: 'asc' },
  });
  return strips.map((strip) => ({ ...strip, byteOffset: Number(strip.byteOffset) }));
}
