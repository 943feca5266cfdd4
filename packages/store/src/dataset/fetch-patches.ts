/** The pixels of patches that lie side by side, read through the artifact store without fetching their whole shards. */
import { buffer } from 'node:stream/consumers';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import { findShard, type PatchPlace, type PatchShard } from './patch-layout.ts';

/** In the order of the places; one read a shard, from the first of these patches to the last. */
export async function fetchPatches(
  artifacts: Pick<ArtifactStore, 'open'>,
  { shards, places }: { shards: readonly PatchShard[]; places: readonly PatchPlace[] },
): Promise<Uint8Array[]> {
  const sorted = shards.toSorted((a, b) => a.firstPatch - b.firstPatch);
  const byShard = new Map<PatchShard, PatchPlace[]>();
  for (const place of places) {
    const shard = findShard(sorted, place.index);
    const members = byShard.get(shard);
    if (members) members.push(place);
    else byShard.set(shard, [place]);
  }
  const pixels = new Map<PatchPlace, Uint8Array>();
  const reads = [...byShard].map(async ([{ artifactHash }, members]) => {
    const start = Math.min(...members.map(({ byteOffset }) => byteOffset));
    const end = Math.max(...members.map(endOf));
    const bytes = await buffer(await artifacts.open(artifactHash, { start, end: end - 1 }));
    for (const place of members)
      pixels.set(place, bytes.subarray(place.byteOffset - start, endOf(place) - start));
  });
  await Promise.all(reads);
  return places.map((place) => pixels.get(place) as Uint8Array);
}

function endOf({ byteOffset, widthPx, heightPx }: PatchPlace): number {
  return byteOffset + countPixelBytes(widthPx, heightPx);
}
