/**
 * The pixels of patches that lie side by side, read through the artifact store without fetching their whole shards. Each
 * patch is checked against the hash of its pixels in the catalogue.
 */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { AppError } from '@microtome/domain/app-error';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import { findShard, type PatchPlace, type PatchShard } from './patch-layout.ts';

/** Where a patch lies, and the sha256 of its pixels. */
export type CheckedPlace = PatchPlace & { pixelHash: Uint8Array };

/** DAMAGED names the shard and the patch. In the order of the places; one read a shard, from the first of these patches to the last. */
export async function fetchPatches(
  artifacts: Pick<ArtifactStore, 'open'>,
  { shards, places }: { shards: readonly PatchShard[]; places: readonly CheckedPlace[] },
): Promise<Uint8Array[]> {
  const sorted = shards.toSorted((a, b) => a.firstPatch - b.firstPatch);
  const byShard = new Map<PatchShard, CheckedPlace[]>();
  for (const place of places) {
    const shard = findShard(sorted, place.index);
    const members = byShard.get(shard);
    if (members) members.push(place);
    else byShard.set(shard, [place]);
  }
  const pixels = new Map<CheckedPlace, Uint8Array>();
  const reads = [...byShard].map(async ([{ artifactHash }, members]) => {
    const start = Math.min(...members.map(({ byteOffset }) => byteOffset));
    const end = Math.max(...members.map(endOf));
    const bytes = await buffer(await artifacts.open(artifactHash, { start, end: end - 1 }));
    for (const place of members) {
      const own = bytes.subarray(place.byteOffset - start, endOf(place) - start);
      checkPixels(own, { place, artifactHash });
      pixels.set(place, own);
    }
  });
  await Promise.all(reads);
  return places.map((place) => pixels.get(place) as Uint8Array);
}

function checkPixels(
  pixels: Uint8Array,
  { place, artifactHash }: { place: CheckedPlace; artifactHash: string },
): void {
  if (createHash('sha256').update(pixels).digest().equals(place.pixelHash)) return;
  throw new AppError(
    'DAMAGED',
    `The pixels of patch ${place.index} in shard ${artifactHash} are not those that were imported: 'npm run verify' says ` +
      'what depends on the damaged file.',
  );
}

function endOf({ byteOffset, widthPx, heightPx }: PatchPlace): number {
  return byteOffset + countPixelBytes(widthPx, heightPx);
}
