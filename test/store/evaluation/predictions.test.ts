import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openArtifactStore } from '@microtome/store/artifacts/open-artifact-store';
import { listShards } from '@microtome/store/dataset/datasets';
import { createShardReader } from '@microtome/store/dataset/shard-reader';
import { decodePredictions, encodePredictions } from '@microtome/store/evaluation/predictions';
import type { Store } from '@microtome/store/store';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InsertedDataset, insertDataset } from '../../fixtures/dataset.ts';
import { openTestBucket } from '../../fixtures/test-bucket.ts';
import { createTestStore, type TestStore } from '../../test-store.ts';

describe('predictions as a file', () => {
  it('come back to the last bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 1000 }),
        (values, first) => {
          const probabilities = Float64Array.from(values);
          const patchIndexes = Int32Array.from(values, (_, at) => first + 3 * at);
          const encoded = encodePredictions({ patchIndexes, probabilities });
          // Bytes that begin anywhere, as those of a pooled Buffer do.
          const shifted = new Uint8Array(encoded.length + 5).subarray(5);
          shifted.set(encoded);
          expect(decodePredictions(shifted)).toEqual({ patchIndexes, probabilities });
        },
      ),
    );
  });

  it('are refused when they are not in order, not probabilities or not whole', () => {
    const encode = (indexes: number[], values: number[]) =>
      encodePredictions({ patchIndexes: Int32Array.from(indexes), probabilities: Float64Array.from(values) });
    expect(() => encode([1, 1], [0, 0])).toThrow('numbers must rise');
    expect(() => encode([1], [1.01])).toThrow('it must lie in [0, 1]');
    expect(() => encode([1], [Number.NaN])).toThrow('it must lie in [0, 1]');
    expect(() => encode([1, 2], [0.5])).toThrow('2 patches but 1 probabilities');
    expect(() => decodePredictions(encode([1, 2], [0.5, 0.6]).subarray(0, -1))).toThrow('cannot be read');
    expect(() => decodePredictions(new TextEncoder().encode('no predictions at all'))).toThrow(
      'are no predictions',
    );
    expect(() => decodePredictions(new Uint8Array())).toThrow('are no predictions');
  });
});

describe('packed patches', () => {
  let test: TestStore;
  let store: Store;
  let dataset: InsertedDataset;

  beforeAll(async () => {
    test = await createTestStore();
    store = test.store;
    const shape = { patients: 3, patchesPerPatient: 7, patchSizePx: 5, seed: 1, stripsPerPatient: 2 };
    dataset = await insertDataset(store, shape);
  });
  afterAll(() => test.close());

  it('are read one by one, in a row across shards, and strips by their place', async () => {
    const shards = await splitFirstShard();
    const reader = createShardReader({ artifacts: store.artifacts, shards, patchSizePx: 5 });
    for (const { index, kind, pixels } of dataset.patches) {
      if (kind === 'PATCH') expect(await reader.read(index)).toEqual(pixels);
    }
    const row = await reader.readRange(2, 12);
    expect(row).toEqual(
      Uint8Array.from(Buffer.concat(dataset.patches.slice(2, 14).map(({ pixels }) => pixels))),
    );
    for (const strip of dataset.patches.filter(({ kind }) => kind === 'STRIP')) {
      expect(await reader.readAt(strip)).toEqual(strip.pixels);
      await expect(reader.read(strip.index)).rejects.toThrow('edge strip');
    }
    await expect(reader.read(-1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(reader.read(999)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await reader.close();
  });

  it('of a remote store are fetched once and read from there', async () => {
    const bucket = await openTestBucket();
    const cacheDir = await mkdtemp(join(tmpdir(), 'microtome-cache-'));
    const remote = openArtifactStore(bucket.url('shards'), bucket.credentials);
    const shards = await listShards(store, dataset.datasetId);
    for (const { artifactHash } of shards) await remote.put(await store.artifacts.read(artifactHash), 'x/y');
    const options = { artifacts: remote, shards, patchSizePx: 5, cacheDir };
    const reader = createShardReader(options);
    expect(await Promise.all([0, 5, 9].map((index) => reader.read(index)))).toEqual(
      [0, 5, 9].map((index) => dataset.patches[index]!.pixels),
    );
    await reader.close();
    await bucket.close();
    const again = createShardReader(options);
    expect(await again.read(3)).toEqual(dataset.patches[3]!.pixels);
    await again.close();
    await rm(cacheDir, { recursive: true });
  });

  /** The data set's one shard of patches as two, so that a read can cross their border. */
  async function splitFirstShard() {
    const [whole, strips] = await listShards(store, dataset.datasetId);
    const bytes = await store.artifacts.read(whole!.artifactHash);
    const border = 8;
    const parts = [bytes.subarray(0, border * 75), bytes.subarray(border * 75)];
    const refs = await Promise.all(parts.map((part) => store.artifacts.put(part, 'x/y')));
    return [
      strips!,
      {
        kind: 'PATCH',
        firstPatch: border,
        patchCount: whole!.patchCount - border,
        artifactHash: refs[1]!.hash,
      },
      { kind: 'PATCH', firstPatch: 0, patchCount: border, artifactHash: refs[0]!.hash },
    ];
  }
});
