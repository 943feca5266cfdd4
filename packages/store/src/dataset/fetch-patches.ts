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

/** What lies between two patches is read along up to this length: a read more costs as much. */
const GAP_BYTES_MAX = 2 ** 19;

/** DAMAGED names the shard and the patch. In the order of the places; patches of a shard that lie near one another are one read. */
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
  const reads = [...byShard].flatMap(([{ artifactHash }, members]) =>
    groupNear(members).map(async ({ start, end, near }) => {
      const bytes = await buffer(await artifacts.open(artifactHash, { start, end: end - 1 }));
      for (const place of near) {
        const own = bytes.subarray(place.byteOffset - start, endOf(place) - start);
        checkPixels(own, { place, artifactHash });
        pixels.set(place, own);
      }
    }),
  );
  await Promise.all(reads);
  return places.map((place) => pixels.get(place) as Uint8Array);
}

type Reach = { start: number; end: number; near: CheckedPlace[] };

function groupNear(members: readonly CheckedPlace[]): Reach[] {
  const reaches: Reach[] = [];
  for (const place of members.toSorted((a, b) => a.byteOffset - b.byteOffset)) {
    const last = reaches.at(-1);
    if (last && place.byteOffset - last.end <= GAP_BYTES_MAX) {
      last.near.push(place);
      last.end = Math.max(last.end, endOf(place));
    } else reaches.push({ start: place.byteOffset, end: endOf(place), near: [place] });
  }
  return reaches;
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
