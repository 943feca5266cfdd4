import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { type CheckedPlace, fetchPatches } from '@microtome/store/dataset/fetch-patches';
import { getPatchLayout, type PatchLayout } from '@microtome/store/dataset/patch-layout';
import { openPatchReader } from '@microtome/store/dataset/patch-reader';
import { locatePatches } from '@microtome/store/dataset/shard-files';
import { afterAll, describe, expect, it } from 'vitest';
import { flipBit } from '../../fixtures/damage.ts';
import { insertDataset } from '../../fixtures/dataset.ts';
import { openTestBucket } from '../../fixtures/test-bucket.ts';
import { createTestStore } from '../../test-store.ts';

const PATCH_BYTES = 5 * 5 * 3;

const test = await createTestStore();
const { store } = test;
const shape = { patients: 3, patchesPerPatient: 7, patchSizePx: 5, seed: 1, stripsPerPatient: 2 };
const { datasetId, patches } = await insertDataset(store, shape);
afterAll(() => test.close());

describe('packed patches', () => {
  it('are read by their index across shards, edge strips too where they are asked for', async () => {
    const layout = await splitFirstShard(await getPatchLayout(store, { datasetId, includeStrips: true }));
    const reader = openPatchReader(await locatePatches(layout, store));
    for (const { index, pixels } of patches) expect(reader.read(index)).toEqual(pixels);
    reader.close();
    const { shards, strips } = await getPatchLayout(store, { datasetId, includeStrips: false });
    expect([shards.length, strips]).toEqual([1, []]);
  });

  it('of a shard that is gone are refused in a sentence', async () => {
    const layout = await getPatchLayout(store, { datasetId, includeStrips: false });
    const [shard] = layout.shards;
    const gone = { ...layout, shards: [{ ...shard!, artifactHash: 'f'.repeat(64) }] };
    await expect(locatePatches(gone, store)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringMatching(/^Shard ffff.* is missing from the artifacts\.$/),
    });
  });

  it('of a remote store are fetched once, and read from there when it is away', async () => {
    const bucket = await openTestBucket();
    const cacheDir = await mkdtemp(join(tmpdir(), 'microtome-cache-'));
    const artifacts = openArtifactStore(bucket.url('shards'), bucket.credentials);
    const layout = await getPatchLayout(store, { datasetId, includeStrips: true });
    const hashes = layout.shards.map(({ artifactHash }) => artifactHash);
    for (const hash of hashes) await artifacts.put(await store.artifacts.read(hash), 'x/y');
    const located = await locatePatches(layout, { artifacts, cacheDir });
    await bucket.close();
    expect(await locatePatches(layout, { artifacts, cacheDir })).toEqual(located);
    expect((await readdir(cacheDir)).toSorted()).toEqual(hashes.toSorted());
    const reader = openPatchReader(located);
    for (const { index, pixels } of patches) expect(reader.read(index)).toEqual(pixels);
    reader.close();
    await rm(cacheDir, { recursive: true });
  });

  it('of a damaged shard are refused, whether it is located whole or read in part', async () => {
    const bytes = Buffer.concat(patches.filter(({ kind }) => kind === 'PATCH').map(({ pixels }) => pixels));
    const { hash } = await store.artifacts.put(Buffer.concat([bytes, Buffer.from('another shard')]), 'x/y');
    await flipBit(store.artifacts, hash);
    const shards = [{ artifactHash: hash, firstPatch: 0, patchCount: 21 }];
    const damaged = { code: 'DAMAGED', message: expect.stringContaining(hash.slice(2)) };
    const layout = { patchSizePx: 5, shards, strips: [] };
    await expect(locatePatches(layout, store)).rejects.toMatchObject(damaged);
    const places = patches.filter(({ kind }) => kind === 'PATCH').map(placeWhole);
    await expect(fetchPatches(store.artifacts, { shards, places })).rejects.toMatchObject(damaged);
  });

  it('that lie together are fetched with one range of each shard, in the order in which they are wanted', async () => {
    const { shards } = await splitFirstShard(await getPatchLayout(store, { datasetId, includeStrips: true }));
    const wanted = [patches.at(-1)!, ...patches.slice(6, 10).toReversed()];
    const ranges: unknown[] = [];
    const artifacts: Parameters<typeof fetchPatches>[0] = {
      open: (hash, range) => {
        ranges.push(range);
        return store.artifacts.open(hash, range);
      },
    };
    const fetched = await fetchPatches(artifacts, { shards, places: wanted.map(placeInParts) });
    expect(fetched.map((pixels) => new Uint8Array(pixels))).toEqual(wanted.map(({ pixels }) => pixels));
    expect(ranges).toHaveLength(3);
    expect(ranges).toContainEqual({ start: 6 * PATCH_BYTES, end: 8 * PATCH_BYTES - 1 });
  });
});

const BORDER = 8;

/** The dataset's one shard of full-size patches as two, so that a read can cross their border. */
async function splitFirstShard(layout: PatchLayout): Promise<PatchLayout> {
  const [whole, strips] = layout.shards;
  const bytes = await store.artifacts.read(whole!.artifactHash);
  const border = BORDER * PATCH_BYTES;
  const [first, second] = await Promise.all(
    [bytes.subarray(0, border), bytes.subarray(border)].map((part) => store.artifacts.put(part, 'x/y')),
  );
  const patchCount = whole!.patchCount - BORDER;
  return {
    ...layout,
    shards: [
      { artifactHash: first!.hash, firstPatch: 0, patchCount: BORDER },
      { artifactHash: second!.hash, firstPatch: BORDER, patchCount },
      strips!,
    ],
  };
}

function placeWhole(patch: (typeof patches)[number]): CheckedPlace {
  return { ...patch, pixelHash: createHash('sha256').update(patch.pixels).digest() };
}

/** Its place once the first shard has been parted. */
function placeInParts(patch: (typeof patches)[number]): CheckedPlace {
  const isBehind = patch.kind === 'PATCH' && patch.index >= BORDER;
  const byteOffset = isBehind ? patch.byteOffset - BORDER * PATCH_BYTES : patch.byteOffset;
  return { ...placeWhole(patch), byteOffset };
}
